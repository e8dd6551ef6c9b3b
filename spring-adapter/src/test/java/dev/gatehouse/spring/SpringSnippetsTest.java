package dev.gatehouse.spring;

import static dev.gatehouse.testkit.MockMvcSignIn.signedIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.store.MemoryStorage;
import dev.gatehouse.testkit.TestSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.test.web.servlet.MockMvc;

/** docs/spring.md does what it says. */
class SpringSnippetsTest {

    private static List<String> yaml() throws IOException {
        return Pattern.compile("(?ms)^```yaml\\n(.*?)^```$")
                .matcher(Files.readString(Path.of("../docs/spring.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static String[] properties(String yaml) {
        YamlPropertiesFactoryBean bean = new YamlPropertiesFactoryBean();
        bean.setResources(new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
        return bean.getObject().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toArray(String[]::new);
    }

    @Test
    void propertiesAndRulesOfThePageProtect(@TempDir Path data) throws Exception {
        try (RunningApplication app =
                new RunningApplication(data, SpringSnippets.Application.class, properties(yaml().get(0)))) {
            assertThat(app.gatehouse().setting(Setting.APP_NAME)).isEqualTo("Team notes");
            assertThat(app.gatehouse().setting(Setting.PUBLIC_PATHS))
                    .contains("/about", "/assets/*", "/actuator/health", "/prices");
            String acme = app.gatehouse().organizations().create("Acme").id();
            app.gatehouse().access().createPermission("reports:read", "Read reports");
            app.gatehouse().access().createRole("analyst", "Analyst", List.of("reports:read"));
            TestSession ada = TestSession.of(app.gatehouse(), "ada@example.com", acme, "analyst");
            TestSession root = TestSession.of(app.gatehouse(), "root@example.com", acme, "admin");
            assertThat(app.get("/", ada).body()).isEqualTo("Hello ada@example.com");
            assertThat(app.get("/reports", ada).statusCode()).isEqualTo(200);
            assertThat(app.get("/reports", root).statusCode()).isEqualTo(403);
            assertThat(app.get("/admin", root).statusCode()).isEqualTo(200);
            assertThat(app.get("/admin", ada).statusCode()).isEqualTo(403);
            assertThat(app.get("/").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void withoutSpringSecurityAControllerAsksForWhoIsThere(@TempDir Path data) throws Exception {
        try (RunningApplication app = new RunningApplication(data, SpringSnippets.Plain.class)) {
            TestSession ada = TestSession.of(app.gatehouse(), "ada@example.com");
            assertThat(app.get("/hello", ada).body()).isEqualTo("Hello ada@example.com");
            assertThat(app.get("/hello").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void theChainOfThePageDecides(@TempDir Path data) throws Exception {
        try (RunningApplication app =
                new RunningApplication(data, SpringSnippets.Chained.class, properties(yaml().get(1)))) {
            assertThat(app.get("/about").statusCode()).as("no such page").isEqualTo(404);
            assertThat(app.get("/").statusCode()).isEqualTo(401);
            TestSession ada = TestSession.of(app.gatehouse(), "ada@example.com");
            assertThat(app.get("/", ada).statusCode()).isEqualTo(200);
            assertThat(app.get("/admin", ada).statusCode()).isEqualTo(403);
        }
    }

    @Nested
    @SpringBootTest(classes = SpringSnippets.Application.class)
    @AutoConfigureMockMvc
    class InATest {
        @TestConfiguration
        static class InMemory {
            @Bean
            GatehouseBuilderCustomizer memory() {
                return builder -> builder.storage(new MemoryStorage()).keyring(LocalKeyring.random());
            }
        }

        @Autowired
        MockMvc mvc;

        @Autowired
        Gatehouse gatehouse;

        @Test
        void adminsSeeReports() throws Exception {
            String acme = gatehouse.organizations().create("Acme").id();
            TestSession root = TestSession.of(gatehouse, "root@example.com", acme, "admin");
            mvc.perform(get("/admin").with(signedIn(root))).andExpect(status().isOk());
            mvc.perform(get("/admin")).andExpect(status().isUnauthorized());
        }
    }

    @Test
    void theFirstAdminIsOneFromTheNextSignInOn(@TempDir Path data) throws Exception {
        try (RunningApplication app =
                new RunningApplication(data, SpringSnippets.Application.class, properties(yaml().get(0)))) {
            TestSession before = TestSession.of(app.gatehouse(), "ada@example.com");
            assertThat(app.get("/admin", before).statusCode()).isEqualTo(403);
            SpringSnippets.firstAdmin(app.gatehouse());
            assertThat(app.get("/admin", before).statusCode()).isEqualTo(403);
            String acme = app.gatehouse()
                    .organizations()
                    .ofUser(before.who().user().id())
                    .get(0)
                    .organizationId();
            TestSession after = TestSession.of(app.gatehouse(), "ada@example.com", acme, null);
            assertThat(app.get("/admin", after).statusCode()).isEqualTo(200);
        }
    }
}
