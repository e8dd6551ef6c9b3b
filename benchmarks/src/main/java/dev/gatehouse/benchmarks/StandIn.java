package dev.gatehouse.benchmarks;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.MappingMatch;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a container hands to a filter, as thin as it can be: one GET of a page by a signed-in browser. Request and response
 * are used again and again, as containers do, so that what is allocated is the filter's.
 */
final class StandIn {
    private StandIn() {}

    /** Whoever calls a method that a benchmark did not foresee hears of it. */
    private static <T> T unforeseen(Class<T> type) {
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
        private final Cookie[] cookies;
        private final Session session;

        Request(ServletContext context, Session session, Cookie... cookies) {
            super(NONE);
            this.context = context;
            this.session = session;
            this.cookies = cookies;
        }

        void recycle() {
            attributes.clear();
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
        public String getHeader(String name) {
            return null;
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return Collections.emptyEnumeration();
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            return Collections.emptyEnumeration();
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

    static final class Response extends HttpServletResponseWrapper {
        private static final HttpServletResponse NONE = unforeseen(HttpServletResponse.class);
        private final Map<String, String> headers = new HashMap<>();
        private int status = SC_OK;

        Response() {
            super(NONE);
        }

        void recycle() {
            headers.clear();
            status = SC_OK;
        }

        @Override
        public int getStatus() {
            return status;
        }

        @Override
        public void setStatus(int code) {
            status = code;
        }

        @Override
        public void sendError(int code) {
            status = code;
        }

        @Override
        public void sendError(int code, String message) {
            status = code;
        }

        @Override
        public void sendRedirect(String location) {
            status = SC_FOUND;
        }

        @Override
        public boolean containsHeader(String name) {
            return headers.containsKey(name);
        }

        @Override
        public void setHeader(String name, String value) {
            headers.put(name, value);
        }

        @Override
        public void addHeader(String name, String value) {
            headers.put(name, value);
        }

        @Override
        public String getHeader(String name) {
            return headers.get(name);
        }

        @Override
        public Collection<String> getHeaders(String name) {
            String value = headers.get(name);
            return value == null ? List.of() : List.of(value);
        }

        @Override
        public Collection<String> getHeaderNames() {
            return headers.keySet();
        }

        @Override
        public void addCookie(Cookie cookie) {
            headers.put("Set-Cookie", cookie.getName());
        }

        @Override
        public boolean isCommitted() {
            return false;
        }

        @Override
        public void flushBuffer() {}

        @Override
        public String getContentType() {
            return null;
        }

        @Override
        public void setContentType(String type) {}

        @Override
        public String getCharacterEncoding() {
            return "UTF-8";
        }

        @Override
        public String encodeURL(String url) {
            return url;
        }

        @Override
        public String encodeRedirectURL(String url) {
            return url;
        }

        @Override
        public PrintWriter getWriter() {
            return new PrintWriter(Writer.nullWriter());
        }
    }

    static final class Session implements HttpSession {
        private final Map<String, Object> attributes = new ConcurrentHashMap<>();
        private final ServletContext context;

        Session(ServletContext context) {
            this.context = context;
        }

        @Override
        public String getId() {
            return "node0abcdef";
        }

        @Override
        public long getCreationTime() {
            return 1;
        }

        @Override
        public long getLastAccessedTime() {
            return System.currentTimeMillis();
        }

        @Override
        public ServletContext getServletContext() {
            return context;
        }

        @Override
        public void setMaxInactiveInterval(int seconds) {}

        @Override
        public int getMaxInactiveInterval() {
            return 1_800;
        }

        @Override
        public Object getAttribute(String name) {
            return attributes.get(name);
        }

        @Override
        public Enumeration<String> getAttributeNames() {
            return Collections.enumeration(attributes.keySet());
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
        public void invalidate() {
            attributes.clear();
        }

        @Override
        public boolean isNew() {
            return false;
        }
    }
}
