package dev.gatehouse.containers;

import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Servlets whose annotations say who may come. */
public final class Annotated {
    private Annotated() {}

    static void install(ServletContext context) {
        App.add(context, "roles", new Reports(), "/annotated/roles/*", "*.roles");
        App.add(context, "inherited", new Inherited(), "/annotated/inherited");
        App.add(context, "anybody", new Anybody(), "/annotated/anybody", "/admin/anybody");
        App.add(context, "signed-in", new AnyUser(), "/annotated/any-user");
        App.add(context, "nobody", new Nobody(), "/annotated/nobody");
        App.add(context, "secured", new Secured(), "/annotated/secured");
    }

    /** As {@code @WebServlet} and web.xml do it: by class, so that the container reads the annotation too. */
    static void installByClass(ServletContext context) {
        ServletRegistration.Dynamic dynamic = context.addServlet("by-class", Secured.class);
        dynamic.addMapping("/annotated/by-class");
    }

    /** For either role. */
    @RolesAllowed({"admin", "editor"})
    public static class Reports extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(App.saw(request));
        }
    }

    static final class Inherited extends Reports {}

    @PermitAll
    static final class Anybody extends Says {}

    @RolesAllowed("**")
    static final class AnyUser extends Says {}

    @DenyAll
    static final class Nobody extends Says {}

    /** Says whom it saw. */
    public abstract static class Says extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(App.saw(request));
        }
    }
}
