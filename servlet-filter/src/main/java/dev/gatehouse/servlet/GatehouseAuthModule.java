package dev.gatehouse.servlet;

import dev.gatehouse.identity.Authenticated;
import jakarta.security.auth.message.AuthException;
import jakarta.security.auth.message.AuthStatus;
import jakarta.security.auth.message.MessageInfo;
import jakarta.security.auth.message.MessagePolicy;
import jakarta.security.auth.message.callback.CallerPrincipalCallback;
import jakarta.security.auth.message.callback.GroupPrincipalCallback;
import jakarta.security.auth.message.config.AuthConfigFactory;
import jakarta.security.auth.message.config.AuthConfigProvider;
import jakarta.security.auth.message.module.ServerAuthModule;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.UnsupportedCallbackException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the container who is signed in (Jakarta Authentication 3.0), so that {@code @ServletSecurity} and {@code
 * <security-constraint>} hold for Gatehouse's sessions. Nothing does so unless the application calls {@link #register}.
 *
 * <p>The {@link GatehouseFilter} is needed as before, and demands what it demanded: a request has to get past the constraint
 * first, and past the filter then. Whom the one finds is whom the other finds. Where a constraint covers Gatehouse's own pages
 * or its API, whoever is not signed in gets at them still. The container keeps no session of its own for it.
 */
public final class GatehouseAuthModule implements ServerAuthModule {
    private static final Logger LOG = LoggerFactory.getLogger(GatehouseAuthModule.class);
    private static final String MANDATORY = "jakarta.security.auth.message.MessagePolicy.isMandatory";
    private static final String AUTH_TYPE = "jakarta.servlet.http.authType";

    private volatile @Nullable CallbackHandler container;

    /** For the container; applications call {@link #register}. */
    public GatehouseAuthModule() {}

    /**
     * Registers the module for an application, until its {@link GatehouseFilter} is destroyed. Call it before the filter
     * starts: in a {@code ServletContainerInitializer}, or in a {@code ServletContextListener} of {@code web.xml} or {@code
     * @WebListener}.
     *
     * @param roles slugs to declare, as {@code @DeclareRoles} does; a constraint for the role {@code *} means these
     * @throws IllegalStateException if the container has no Jakarta Authentication 3.0
     */
    public static void register(ServletContext context, String... roles) {
        AuthConfigFactory factory = AuthConfigFactory.getFactory();
        if (factory == null) {
            throw new IllegalStateException("This container has no Jakarta Authentication, or it is not switched on.");
        }
        String id;
        try {
            id = factory.registerServerAuthModule(new GatehouseAuthModule(), context);
        } catch (UnsupportedOperationException e) {
            throw new IllegalStateException("This container's Jakarta Authentication takes no modules.", e);
        }
        AuthConfigFactory.RegistrationContext registered = factory.getRegistrationContext(id);
        AuthConfigProvider ours =
                factory.getConfigProvider(registered.getMessageLayer(), registered.getAppContext(), null);
        // and nobody else's: the next version of an application may have registered in its place
        Runnable unregister = () -> List.of(factory.getRegistrationIDs(ours)).forEach(factory::removeRegistration);
        context.setAttribute(GatehouseFilter.CONTAINER_SIGN_IN, unregister);
        if (roles.length > 0) {
            context.declareRoles(roles);
        }
    }

    @Override
    public void initialize(
            @Nullable MessagePolicy requests,
            @Nullable MessagePolicy responses,
            CallbackHandler handler,
            @Nullable Map<String, Object> options) {
        container = handler;
    }

    @Override
    public Class<?>[] getSupportedMessageTypes() {
        return new Class<?>[] {HttpServletRequest.class, HttpServletResponse.class};
    }

    @Override
    public AuthStatus validateRequest(MessageInfo message, Subject client, @Nullable Subject service)
            throws AuthException {
        if (!(message.getRequestMessage() instanceof HttpServletRequest http)
                || !(message.getResponseMessage() instanceof HttpServletResponse answer)) {
            throw new AuthException("This is not HTTP.");
        }
        try {
            boolean mandatory =
                    Boolean.parseBoolean(String.valueOf(message.getMap().get(MANDATORY)));
            Room here = Room.of(http.getServletContext());
            if (mandatory) {
                return demand(here, message, http, answer, client);
            }
            if (here != null) {
                offer(here, message, http, client);
            }
            return AuthStatus.SUCCESS;
        } catch (IOException | UnsupportedCallbackException e) {
            throw failure(e);
        }
    }

    /** For a constraint that somebody must be signed in for. */
    private AuthStatus demand(
            @Nullable Room here,
            MessageInfo message,
            HttpServletRequest http,
            HttpServletResponse answer,
            Subject client)
            throws IOException, UnsupportedCallbackException {
        if (here == null) {
            LOG.error("GatehouseAuthModule is registered where no GatehouseFilter has started: everybody is refused");
            answer.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            return AuthStatus.SEND_FAILURE;
        }
        DispatcherType type = http.getDispatcherType();
        String path = GatehouseFilter.path(http, type);
        // or a constraint on /* would keep everybody from signing in
        if (GatehouseFilter.answers(here, http, answer, path, type)) {
            return AuthStatus.SEND_SUCCESS;
        }
        Authenticated who;
        try {
            who = Credentials.who(here, http, path);
        } catch (RuntimeException e) {
            Refusals.failed(here.gatehouse(), http, answer, path, e);
            return AuthStatus.SEND_FAILURE;
        }
        if (who == null) {
            GatehouseFilter.challenge(here, http, answer, path);
            return AuthStatus.SEND_CONTINUE;
        }
        name(who, message, client);
        return AuthStatus.SUCCESS;
    }

    /** For what the container lets anybody see: what it means to be nobody there, the filter says. */
    private void offer(Room here, MessageInfo message, HttpServletRequest http, Subject client)
            throws IOException, UnsupportedCallbackException {
        Authenticated who;
        try {
            who = Credentials.who(here, http, GatehouseFilter.path(http, http.getDispatcherType()));
        } catch (RuntimeException e) {
            LOG.debug("nobody was found; the filter will see why", e);
            return;
        }
        if (who != null) {
            name(who, message, client);
        }
    }

    private void name(Authenticated who, MessageInfo message, Subject client)
            throws IOException, UnsupportedCallbackException {
        CallbackHandler handler = container;
        if (handler == null) {
            throw new IOException("The module was not initialized.");
        }
        message.getMap().put(AUTH_TYPE, SignedInRequest.AUTH_TYPE);
        handler.handle(new Callback[] {
            new CallerPrincipalCallback(client, who),
            new GroupPrincipalCallback(client, who.roles().toArray(String[]::new))
        });
    }

    private static AuthException failure(Exception e) {
        AuthException failure = new AuthException(e.getMessage());
        failure.initCause(e);
        return failure;
    }

    @Override
    public AuthStatus secureResponse(MessageInfo message, @Nullable Subject service) {
        return AuthStatus.SEND_SUCCESS;
    }

    @Override
    public void cleanSubject(MessageInfo message, @Nullable Subject client) {
        // the session ends with SignedInRequest.logout(), and the subject with its request
    }
}
