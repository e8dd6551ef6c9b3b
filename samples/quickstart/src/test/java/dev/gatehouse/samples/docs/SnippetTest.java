package dev.gatehouse.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.samples.common.Housekeeping;
import dev.gatehouse.servlet.GatehouseFilter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every snippet of README and docs is compiled or run, and every link leads somewhere. */
class SnippetTest {
    private static final Path ROOT = Path.of("..", "..");

    private record Snippet(Path page, String language, String text) {}

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("docs"), ROOT.resolve("docs/sso"), ROOT.resolve("docs/adr"))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        return pages;
    }

    private static List<Snippet> snippets() throws IOException {
        List<Snippet> all = new ArrayList<>();
        for (Path page : pages()) {
            Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$")
                    .matcher(Files.readString(page))
                    .results()
                    .forEach(match -> all.add(new Snippet(page, match.group(1), match.group(2))));
        }
        return all;
    }

    private static String plain(String code) {
        return code.replaceAll("\\s+", "");
    }

    /** All files of a kind, without what tools made or fetched. */
    private static String sources(String ending) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.toString().contains("node_modules"))
                    .toList()) {
                all.append(plain(Files.readString(file)));
            }
        }
        return all.toString();
    }

    /** Scripts that tests run; a snippet's paragraphs may stand apart there. */
    @Test
    void everyJavaScriptSnippetIsRunSomewhere() throws IOException {
        String run = sources(".mjs");
        List<Snippet> js =
                snippets().stream().filter(s -> s.language.equals("js")).toList();
        assertThat(js).hasSizeGreaterThanOrEqualTo(4);
        for (Snippet snippet : js) {
            for (String paragraph : snippet.text.split("\n\n")) {
                assertThat(run.indexOf(plain(paragraph)))
                        .as(snippet.page + ":\n" + paragraph)
                        .isNotNegative();
            }
        }
    }

    @Test
    void everyJavaSnippetIsCompiledSomewhere() throws IOException {
        String compiled = sources(".java");
        List<Snippet> java =
                snippets().stream().filter(s -> s.language.equals("java")).toList();
        assertThat(java).hasSizeGreaterThan(8);
        for (Snippet snippet : java) {
            assertThat(compiled.indexOf(plain(snippet.text)))
                    .as(snippet.page + ":\n" + snippet.text)
                    .isNotNegative();
        }
        assertThat(snippets().stream().map(Snippet::language))
                .as("languages that this test knows")
                .isSubsetOf("java", "xml", "sql", "js", "sh", "yaml", "");
    }

    /** A filter as the page shows it really starts and protects. */
    @Test
    void everyWebXmlProtects(@TempDir Path folder) throws Exception {
        List<Snippet> filters = snippets().stream()
                .filter(s -> s.language.equals("xml") && s.text.contains("<filter>"))
                .toList();
        assertThat(filters).hasSizeGreaterThanOrEqualTo(2);
        for (Snippet snippet : filters) {
            Path app = Files.createTempDirectory(folder, "app");
            Files.createDirectories(app.resolve("WEB-INF"));
            Files.createDirectories(app.resolve("about"));
            Files.writeString(app.resolve("WEB-INF/web.xml"), """
                    <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                    %s
                    <servlet><servlet-name>s</servlet-name><servlet-class>%s</servlet-class></servlet>
                    <servlet-mapping><servlet-name>s</servlet-name><url-pattern>/*</url-pattern></servlet-mapping>
                    </web-app>""".formatted(snippet.text, Snippets.class.getName()));
            System.setProperty("gatehouse.data-directory", app.resolve("data").toString());
            Server server = new Server();
            ServerConnector connector = new ServerConnector(server);
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            WebAppContext context = new WebAppContext(app.toString(), "/");
            context.setThrowUnavailableOnStartupException(true);
            server.setHandler(context);
            try {
                server.start();
                assertThat(status(connector.getLocalPort(), "/about"))
                        .as(snippet.text)
                        .isEqualTo(200);
                assertThat(status(connector.getLocalPort(), "/assets/x.css")).isEqualTo(200);
                assertThat(status(connector.getLocalPort(), "/")).isEqualTo(302);
            } finally {
                server.stop();
                System.clearProperty("gatehouse.data-directory");
            }
        }
    }

    /** What a page tells Maven to take is what the BOM names, in its version. */
    @Test
    void everyDependencyIsOurs() throws IOException {
        String bom = plain(Files.readString(ROOT.resolve("bom/pom.xml")));
        List<Snippet> poms = snippets().stream()
                .filter(s -> s.language.equals("xml") && s.text.contains("<dependency>"))
                .toList();
        assertThat(poms).isNotEmpty();
        for (Snippet snippet : poms) {
            Pattern.compile("<groupId>dev.gatehouse</groupId><artifactId>(.*?)</artifactId>(<version>.*?</version>)?")
                    .matcher(plain(snippet.text))
                    .results()
                    .forEach(match -> {
                        assertThat(bom).contains("<artifactId>" + match.group(1) + "</artifactId>");
                        if (match.group(2) != null) {
                            assertThat(bom).contains(match.group(2));
                        }
                    });
        }
    }

    private static int status(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Accept", "text/html")
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void theJavaAndTheSqlRun(@TempDir Path folder) throws Exception {
        JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:snippets;DB_CLOSE_DELAY=-1", "sa", "");
        System.setProperty("gatehouse.data-directory", folder.toString());
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        WebAppContext context = new WebAppContext(folder.toString(), "/");
        Gatehouse[] made = new Gatehouse[1];
        context.addServletContainerInitializer((classes, servlets) -> {
            made[0] = Snippets.programmatic(servlets, pool);
            servlets.addListener(new Housekeeping());
            servlets.addServlet("s", new Snippets()).addMapping("/*");
        });
        server.setHandler(context);
        try {
            server.start();
            assertThat(GatehouseFilter.of(context.getServletContext())).isSameAs(made[0]);
            Housekeeping.maintain(context.getServletContext());
            assertThat(Snippets.users(made[0])).startsWith("event_");
            String key = Snippets.keys(made[0]);
            assertThat(key).startsWith("sk_test_");
            Snippets.revoke(made[0], key.substring(key.length() - 4));
            assertThat(made[0].environments().caller(key)).isEmpty();
            assertThat(status(connector.getLocalPort(), "/about")).isEqualTo(200);
            assertThat(status(connector.getLocalPort(), "/")).isEqualTo(302);
            for (Snippet snippet : snippets()) {
                if (snippet.language.equals("sql")) {
                    try (Connection connection = pool.getConnection();
                            var statement = connection.createStatement()) {
                        for (String one : snippet.text.strip().split(";\\s*")) {
                            assertThat(statement.execute(one)).isEqualTo(one.startsWith("select"));
                        }
                    }
                }
            }
        } finally {
            server.stop();
            made[0].close();
            System.clearProperty("gatehouse.data-directory");
        }
    }

    @Test
    void aBackupOfARunningApplicationHoldsItsUsers(@TempDir Path folder) throws Exception {
        Path zip = folder.resolve("backup.zip");
        Path restored = Files.createDirectory(folder.resolve("restored"));
        try (Gatehouse running = Gatehouse.builder()
                .set(Setting.DATA_DIRECTORY, folder.resolve("data").toString())
                .build()) {
            running.users().create(NewUser.of("ada@example.com"));
            assertThat(running.firstApiKey()).isPresent();
            Snippets.backup(running, zip);
            running.users().create(NewUser.of("later@example.com"));
        }
        try (ZipFile file = new ZipFile(zip.toFile())) {
            Files.copy(file.getInputStream(file.getEntry("gatehouse.mv.db")), restored.resolve("gatehouse.mv.db"));
        }
        Files.copy(folder.resolve("data/root-keys"), restored.resolve("root-keys"));
        try (Gatehouse anew = Gatehouse.builder()
                .set(Setting.DATA_DIRECTORY, restored.toString())
                .build()) {
            assertThat(anew.users().findByEmail("ada@example.com")).isPresent();
            assertThat(anew.users().findByEmail("later@example.com")).isEmpty();
            assertThat(anew.firstApiKey()).isEmpty();
        }
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        for (Path page : pages()) {
            Matcher link = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)").matcher(Files.readString(page));
            while (link.find()) {
                Path target = page.resolveSibling(link.group(1));
                assertThat(Files.exists(target))
                        .as(page + " → " + link.group(1))
                        .isTrue();
            }
        }
    }
}
