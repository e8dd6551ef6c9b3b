package dev.gatehouse.servlet;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.identity.Authenticated;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.annotation.HttpMethodConstraint;
import jakarta.servlet.annotation.ServletSecurity;
import jakarta.servlet.annotation.ServletSecurity.EmptyRoleSemantic;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What annotations on servlet classes demand: {@code @RolesAllowed}, {@code @DenyAll} and {@code @PermitAll} of {@code
 * jakarta.annotation.security}, and {@code @ServletSecurity}. Read once; judged by the servlet that the container has chosen,
 * so that no path can be read in another way here.
 */
final class ServletRules {
    private static final Logger LOG = LoggerFactory.getLogger(GatehouseFilter.class);
    private static final String PACKAGE = "jakarta.annotation.security.";
    private static final String ROLES_ALLOWED = PACKAGE + "RolesAllowed";
    private static final String DENY_ALL = PACKAGE + "DenyAll";
    private static final String PERMIT_ALL = PACKAGE + "PermitAll";

    /** No servlet demands anything. */
    static final ServletRules NONE = new ServletRules(Map.of(), Map.of());

    private final Map<String, Rule> rules;
    private final Map<String, String> servlets;

    /**
     * @param rules by name of the servlet
     * @param servlets names by mapping
     */
    private ServletRules(Map<String, Rule> rules, Map<String, String> servlets) {
        this.rules = Map.copyOf(rules);
        this.servlets = Map.copyOf(servlets);
    }

    /**
     * What one annotation demands.
     *
     * @param denied whether of nobody anything helps
     * @param roles one of which is needed; empty for no demand, unless denied
     */
    private record Demand(boolean denied, List<String> roles) {
        static final Demand NONE = new Demand(false, List.of());

        PathRules.Verdict judge(@Nullable Authenticated who) {
            if (denied) {
                return PathRules.Verdict.ROLE;
            }
            if (roles.isEmpty()) {
                return PathRules.Verdict.PASS;
            }
            if (who == null) {
                return PathRules.Verdict.SIGN_IN;
            }
            return roles.contains(SignedInRequest.ANY_USER) || roles.stream().anyMatch(who::hasRole)
                    ? PathRules.Verdict.PASS
                    : PathRules.Verdict.ROLE;
        }
    }

    /**
     * What one servlet demands.
     *
     * @param open whether nobody need sign in, as far as paths say nothing else
     * @param any of every request
     * @param byMethod of requests of one method
     * @param otherwise of those of the other methods
     */
    record Rule(boolean open, Demand any, Map<String, Demand> byMethod, Demand otherwise) {
        /** Judges a request that the paths let pass. */
        PathRules.Verdict judge(String method, @Nullable Authenticated who) {
            PathRules.Verdict verdict = any.judge(who);
            if (verdict != PathRules.Verdict.PASS) {
                return verdict;
            }
            // a HEAD is a GET without its body, and would tell what the GET may not
            String judged = method.equals("HEAD") && !byMethod.containsKey("HEAD") ? "GET" : method;
            return byMethod.getOrDefault(judged, otherwise).judge(who);
        }
    }

    /**
     * Reads the annotations of all servlets that are registered.
     *
     * @param known whether the container knows who is signed in, for constraints of its own
     * @throws ConfigException if one stands on a method, where nothing would heed it
     */
    static ServletRules of(ServletContext context, boolean known) {
        Map<String, Rule> rules = new HashMap<>();
        Map<String, String> servlets = new HashMap<>();
        for (ServletRegistration servlet : context.getServletRegistrations().values()) {
            servlet.getMappings().forEach(mapping -> servlets.put(mapping, servlet.getName()));
            Class<?> type = load(context, servlet.getClassName());
            Rule rule = type == null ? null : rule(type, known);
            if (rule != null) {
                rules.put(servlet.getName(), rule);
            }
        }
        return new ServletRules(rules, servlets);
    }

    private static @Nullable Class<?> load(ServletContext context, @Nullable String name) {
        // an embedded Jetty names no class loader
        for (ClassLoader loader : new @Nullable ClassLoader[] {
            context.getClassLoader(),
            Thread.currentThread().getContextClassLoader(),
            ServletRules.class.getClassLoader()
        }) {
            try {
                if (name != null && loader != null) {
                    return Class.forName(name, false, loader);
                }
            } catch (ClassNotFoundException | LinkageError e) {
                // as the container's JSP servlet, where there is none: what nobody finds cannot answer either
            }
        }
        return null;
    }

    private static @Nullable Rule rule(Class<?> type, boolean known) {
        Demand any = null;
        for (Class<?> at = type; at != null && any == null; at = at.getSuperclass()) {
            any = demand(at);
            for (Method method : methods(at)) {
                if (demand(method) != null || annotation(method, PERMIT_ALL) != null) {
                    throw new ConfigException(
                            "The annotation on " + method + " would be heeded by nobody: put it on the"
                                    + " class, or ask request.isUserInRole(…) there.");
                }
            }
        }
        ServletSecurity security = type.getAnnotation(ServletSecurity.class);
        boolean open = any == null && annotation(type, PERMIT_ALL) != null;
        if (!open && any == null && security == null) {
            return null;
        }
        Map<String, Demand> byMethod = new HashMap<>();
        Demand otherwise = Demand.NONE;
        if (security != null) {
            if (!known) {
                LOG.warn(
                        "{} has @ServletSecurity, which containers that read it enforce by a sign-in of their own: they would"
                                + " refuse everybody. @RolesAllowed is heeded here alone; or register GatehouseAuthModule.",
                        type.getName());
            }
            otherwise = demand(security.value().value(), security.value().rolesAllowed());
            for (HttpMethodConstraint constraint : security.httpMethodConstraints()) {
                byMethod.put(constraint.value(), demand(constraint.emptyRoleSemantic(), constraint.rolesAllowed()));
            }
        }
        return new Rule(open, any == null ? Demand.NONE : any, Map.copyOf(byMethod), otherwise);
    }

    private static Method[] methods(Class<?> type) {
        try {
            return type.getDeclaredMethods();
        } catch (LinkageError e) {
            // a type in a signature that this application does without
            return new Method[0];
        }
    }

    private static Demand demand(EmptyRoleSemantic empty, String[] roles) {
        return new Demand(roles.length == 0 && empty == EmptyRoleSemantic.DENY, List.of(roles));
    }

    /** What annotations that only restrict demand; null for none. */
    private static @Nullable Demand demand(AnnotatedElement element) {
        if (annotation(element, DENY_ALL) != null) {
            return new Demand(true, List.of());
        }
        Annotation allowed = annotation(element, ROLES_ALLOWED);
        if (allowed == null) {
            return null;
        }
        try {
            String[] roles =
                    (String[]) allowed.annotationType().getMethod("value").invoke(allowed);
            return new Demand(roles.length == 0, List.of(roles));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By name: the annotations are no dependency, and where their classes are absent they are absent. */
    private static @Nullable Annotation annotation(AnnotatedElement element, String name) {
        for (Annotation annotation : element.getAnnotations()) {
            if (annotation.annotationType().getName().equals(name)) {
                return annotation;
            }
        }
        return null;
    }

    /** The rule of the servlet that a dispatch leads to; null for none. */
    @Nullable
    Rule of(HttpServletRequest http, DispatcherType type) {
        if (rules.isEmpty()) {
            return null;
        }
        String name = type == DispatcherType.INCLUDE
                        && http.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH) instanceof String path
                ? included(path, http.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO))
                : http.getHttpServletMapping().getServletName();
        return name == null ? null : rules.get(name);
    }

    /**
     * The servlet of an included path. From the path, since the request's own mapping is still that of the page that includes,
     * and Undertow says so of the included one, too.
     */
    private @Nullable String included(String path, @Nullable Object info) {
        String exact = info == null ? servlets.get(path) : "/".equals(info) && path.isEmpty() ? servlets.get("") : null;
        if (exact != null) {
            return exact;
        }
        String below = servlets.get(path + "/*");
        if (below != null) {
            return below;
        }
        int dot = path.indexOf('.', path.lastIndexOf('/') + 1) < 0 ? -1 : path.lastIndexOf('.');
        String extension = dot < 0 ? null : servlets.get("*" + path.substring(dot));
        return extension == null ? servlets.get("/") : extension;
    }
}
