package dev.gatehouse.containers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** The {@code web.xml} of docs/servlet.md, WebSocket endpoints and servlets with annotations. */
final class WebXml {
    private WebXml() {}

    static void write(Path webapp, Map<String, String> initParams) throws IOException {
        String params = initParams.entrySet().stream()
                .map(param -> "<init-param><param-name>" + param.getKey() + "</param-name><param-value>"
                        + param.getValue() + "</param-value></init-param>")
                .collect(Collectors.joining("\n    "));
        Path secured = Path.of("WEB-INF/classes", Secured.class.getName().replace('.', '/') + ".class");
        Files.createDirectories(webapp.resolve(secured).getParent());
        try (InputStream bytes =
                Secured.class.getResourceAsStream(secured.getFileName().toString())) {
            // where a container looks for annotations
            Files.copy(bytes, webapp.resolve(secured));
        }
        Files.writeString(webapp.resolve("WEB-INF/web.xml"), """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                  <listener><listener-class>dev.gatehouse.containers.EchoListener</listener-class></listener>
                  <servlet>
                    <servlet-name>by-role</servlet-name>
                    <servlet-class>dev.gatehouse.containers.Annotated$Reports</servlet-class>
                  </servlet>
                  <servlet-mapping><servlet-name>by-role</servlet-name><url-pattern>/by-role</url-pattern></servlet-mapping>
                  <servlet>
                    <servlet-name>by-container</servlet-name>
                    <servlet-class>dev.gatehouse.containers.Secured</servlet-class>
                  </servlet>
                  <servlet-mapping>
                    <servlet-name>by-container</servlet-name><url-pattern>/by-container</url-pattern>
                  </servlet-mapping>
                  <filter>
                    <filter-name>gatehouse</filter-name>
                    <filter-class>dev.gatehouse.servlet.GatehouseFilter</filter-class>
                    <async-supported>true</async-supported>
                    %s
                  </filter>
                  <filter-mapping>
                    <filter-name>gatehouse</filter-name>
                    <url-pattern>/*</url-pattern>
                    <dispatcher>REQUEST</dispatcher>
                    <dispatcher>FORWARD</dispatcher>
                    <dispatcher>INCLUDE</dispatcher>
                    <dispatcher>ERROR</dispatcher>
                    <dispatcher>ASYNC</dispatcher>
                  </filter-mapping>
                </web-app>
                """.formatted(params));
    }
}
