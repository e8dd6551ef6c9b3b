package dev.gatehouse.benchmarks;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.MappingMatch;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a container hands to a filter, as thin as it can be: one GET of a page by a signed-in browser. Request and response
 * are used again and again, as containers do, so that what is allocated is the filter's.
 */
final class StandIn {
    private StandIn() {}

    /** Whoever calls a method that a benchmark did not foresee hears of it. */
    static <T> T unforeseen(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (p, method, arguments) -> {
                    throw new UnsupportedOperationException(method.toString());
                }));
    }

    static ServletContext context() {
        Map<String, Object> attributes = new ConcurrentHashMap<>();
        return (ServletContext) Proxy.newProxyInstance(
                StandIn.class.getClassLoader(),
                new Class<?>[] {ServletContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
                    case "getAttribute" -> attributes.get((String) arguments[0]);
                    case "getAttributeNames", "getInitParameterNames" -> Collections.emptyEnumeration();
                    case "getContextPath", "getServletContextName" -> "";
                    case "getFilterRegistrations", "getServletRegistrations" -> Map.of();
                    case "getClassLoader" -> StandIn.class.getClassLoader();
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "toString" -> "context";
                    case "getMajorVersion", "getMinorVersion", "getEffectiveMajorVersion" -> 6;
                    default -> null;
                });
    }

    record Config(ServletContext context) implements FilterConfig {
        @Override
        public String getFilterName() {
            return "filter";
        }

        @Override
        public ServletContext getServletContext() {
            return context;
        }

        @Override
        public String getInitParameter(String name) {
            return null;
        }

        @Override
        public Enumeration<String> getInitParameterNames() {
            return Collections.emptyEnumeration();
        }
    }

    static final class Request extends HttpServletRequestWrapper {
        private static final HttpServletRequest NONE = unforeseen(HttpServletRequest.class);
        private static final HttpServletMapping MAPPING = new HttpServletMapping() {
            @Override
            public String getMatchValue() {
                return "page";
            }

            @Override
            public String getPattern() {
                return "/page";
            }

            @Override
            public String getServletName() {
                return "page";
            }

            @Override
            public MappingMatch getMappingMatch() {
                return MappingMatch.EXACT;
            }
        };

        private final Map<String, Object> attributes = new HashMap<>();
        private final ServletContext context;
        private final StandInSession session;
        private final String accept;
        private Cookie[] cookies = new Cookie[0];
        private @Nullable String authorization;

        /** @param page whether a browser asks for a page */
        Request(ServletContext context, StandInSession session, boolean page) {
            super(NONE);
            this.context = context;
            this.session = session;
            this.accept = page ? "text/html,application/xhtml+xml" : "application/json";
        }

        void recycle(Cookie[] cookies, @Nullable String authorization) {
            attributes.clear();
            this.cookies = cookies;
            this.authorization = authorization;
        }

        @Override
        public Object getAttribute(String name) {
            return attributes.get(name);
        }

        @Override
        public void setAttribute(String name, Object value) {
            attributes.put(name, value);
        }

        @Override
        public void removeAttribute(String name) {
            attributes.remove(name);
        }

        @Override
        public Enumeration<String> getAttributeNames() {
            return Collections.enumeration(attributes.keySet());
        }

        @Override
        public Cookie[] getCookies() {
            return cookies;
        }

        @Override
        public HttpSession getSession(boolean create) {
            return session;
        }

        @Override
        public HttpSession getSession() {
            return session;
        }

        @Override
        public String changeSessionId() {
            return session.getId();
        }

        @Override
        public String getRequestedSessionId() {
            return session.getId();
        }

        @Override
        public boolean isRequestedSessionIdValid() {
            return true;
        }

        @Override
        public boolean isRequestedSessionIdFromURL() {
            return false;
        }

        @Override
        public String getMethod() {
            return "GET";
        }

        @Override
        public String getRequestURI() {
            return "/page";
        }

        @Override
        public StringBuffer getRequestURL() {
            return new StringBuffer("http://127.0.0.1:8080/page");
        }

        @Override
        public String getContextPath() {
            return "";
        }

        @Override
        public String getServletPath() {
            return "/page";
        }

        @Override
        public String getPathInfo() {
            return null;
        }

        @Override
        public String getQueryString() {
            return null;
        }

        @Override
        public String getScheme() {
            return "http";
        }

        @Override
        public boolean isSecure() {
            return false;
        }

        @Override
        public String getServerName() {
            return "127.0.0.1";
        }

        @Override
        public int getServerPort() {
            return 8080;
        }

        @Override
        public String getRemoteAddr() {
            return "127.0.0.1";
        }

        @Override
        public String getRemoteHost() {
            return "127.0.0.1";
        }

        @Override
        public String getProtocol() {
            return "HTTP/1.1";
        }

        @Override
        public @Nullable String getHeader(String name) {
            return name.equalsIgnoreCase("Authorization")
                    ? authorization
                    : name.equalsIgnoreCase("Accept") ? accept : null;
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            String value = getHeader(name);
            return value == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(value));
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            return Collections.enumeration(
                    authorization == null ? List.of("Accept") : List.of("Accept", "Authorization"));
        }

        @Override
        public Enumeration<Locale> getLocales() {
            return Collections.enumeration(List.of(Locale.ENGLISH));
        }

        @Override
        public String getParameter(String name) {
            return null;
        }

        @Override
        public String[] getParameterValues(String name) {
            return null;
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            return Map.of();
        }

        @Override
        public Enumeration<String> getParameterNames() {
            return Collections.emptyEnumeration();
        }

        @Override
        public DispatcherType getDispatcherType() {
            return DispatcherType.REQUEST;
        }

        @Override
        public boolean isAsyncStarted() {
            return false;
        }

        @Override
        public boolean isAsyncSupported() {
            return false;
        }

        @Override
        public AsyncContext startAsync() {
            throw new IllegalStateException("not asynchronous");
        }

        @Override
        public ServletContext getServletContext() {
            return context;
        }

        @Override
        public HttpServletMapping getHttpServletMapping() {
            return MAPPING;
        }

        @Override
        public String getCharacterEncoding() {
            return "UTF-8";
        }

        @Override
        public String getContentType() {
            return null;
        }

        @Override
        public int getContentLength() {
            return -1;
        }

        @Override
        public Locale getLocale() {
            return Locale.ENGLISH;
        }

        @Override
        public String getRemoteUser() {
            return null;
        }

        @Override
        public Principal getUserPrincipal() {
            return null;
        }

        @Override
        public String getAuthType() {
            return null;
        }
    }
}
