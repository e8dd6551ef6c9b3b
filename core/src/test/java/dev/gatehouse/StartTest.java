package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Settings;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryStorage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a start refuses: with the setting, its source and the cure, and before anything is stored. */
class StartTest {
    @Test
    void aDatabaseThatSaysNothingEndsTheStart() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort()
                    + "/db?user=u&password=p&sslmode=disable&gssEncMode=disable&socketTimeout=1";
            assertThatThrownBy(
                            () -> Gatehouse.builder().set(Setting.JDBC_URL, url).build())
                    .isInstanceOf(Storage.StorageException.class)
                    .hasMessageContaining("the database cannot be opened");
        }
    }

    private static final String PRODUCTION_ORIGIN = "https://app.example.com";

    private final Storage storage = new MemoryStorage();
    private final Keyring keyring = LocalKeyring.random();

    private Gatehouse start(Map<Setting<?>, String> settings) {
        Gatehouse.Builder builder = Gatehouse.builder().storage(storage).keyring(keyring);
        settings.forEach(builder::set);
        return builder.build();
    }

    private static Setting<?> setting(String key) {
        return Setting.all().stream()
                .filter(s -> s.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    access-token-duration | 5m | 59s
                    access-token-duration | 1d | 25h
                    session-length | 1m | 0s
                    session-inactivity | 1m | 0s
                    refresh-window | 0s | 61m
                    revocation-bound | 10m | 11m
                    revocation-bound | 0ms | 5
                    api-key | sk_test_abcdefghijklmnop | sk_abcdefghijklmnopqrstuvwxyz
                    api-key | sk_test_ABCDEFGHIJKLMNO1 | sk_test_short
                    client-id | client_01A | 01A
                    client-id | client_01A | client_01-A
                    sign-out-redirects | https://a.example.com/out, http://localhost:3000 | nonsense
                    sign-out-redirects | https://a.example.com | https://a.example.com, /out
                    origin | http://localhost:8080 | http://localhost:8080/app
                    origin | http://localhost:8080 | ftp://localhost
                    pages-path | /sign | /
                    api-path | / | auth/
                    api-path | /authentic | /auth
                    api-path | /api/v1 | /auth/api
                    password-min-length | 8 | 7
                    schema | off | maybe
                    app-name | Müllers Notizen | ''
                    mails | off | false
                    smtp-port | 465 | 0
                    smtp-port | 65535 | 65536
                    smtp-security | tls | ssl
                    mail-from | no-reply@example.com | Ada <ada@example.com>
                    mail-from | a.b+c@xn--mller-kva.example | ada@example.com,eve@example.com
                    production | false | yes
                    brand-color | #2c5a9e | blue
                    """)
    void aValueOutOfItsRangeIsRefused(String key, String good, String bad) {
        start(Map.of(setting(key), good)).close();
        assertThatThrownBy(() -> start(Map.of(setting(key), bad)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("Setting " + key)
                .hasMessageContaining(" from the builder cannot be used: ")
                .hasMessageEndingWith(" See docs/configuration.md#" + key + ".");
    }

    @Test
    void thePagesCannotLieWhereTheContractHasOperations() {
        start(Map.of(Setting.PAGES_PATH, "/organizations", Setting.API_PATH, "/api"))
                .close();
        start(Map.of(Setting.PAGES_PATH, "/auth", Setting.API_PATH, "/")).close();
        for (String taken : new String[] {"/organizations", "/user_management/users"}) {
            assertThatThrownBy(() -> start(Map.of(Setting.PAGES_PATH, taken, Setting.API_PATH, "/")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("pages-path")
                    .hasMessageContaining("operations");
        }
    }

    @Test
    void aSecretIsNotShown() {
        assertThatThrownBy(() -> start(Map.of(Setting.API_KEY, "sk_hunter2")))
                .isInstanceOf(ConfigException.class)
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> start(Map.of(Setting.JDBC_URL, "jdbc:mysql://u:hunter2@h/d")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("jdbc:postgresql:")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aMisspeltSettingIsRefused() {
        Map<String, String> params = new TreeMap<>(Map.of("public-paths", "/about"));
        Settings source = new Settings() {
            @Override
            public Optional<String> value(String key) {
                return Optional.ofNullable(params.get(key));
            }

            @Override
            public Set<String> keys() {
                return params.keySet();
            }

            @Override
            public String source() {
                return "a web.xml init-param";
            }
        };
        Gatehouse.builder()
                .storage(storage)
                .keyring(keyring)
                .settings(source)
                .build()
                .close();
        params.put("role-path", "/admin/*=admin");
        assertThatThrownBy(() -> Gatehouse.builder()
                        .storage(storage)
                        .keyring(keyring)
                        .settings(source)
                        .build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no setting role-path")
                .hasMessageContaining("a web.xml init-param");
    }

    @Test
    void productionIsAskedForBeforeAnythingIsStored() {
        assertThatThrownBy(() -> start(Map.of(Setting.PRODUCTION, "true")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("https");
        // nothing was made: the same name may still be staging
        start(Map.of()).close();
        Map<Setting<?>, String> production =
                Map.of(Setting.PRODUCTION, "true", Setting.ORIGIN, PRODUCTION_ORIGIN, Setting.ENVIRONMENT, "live");
        start(production).close();
        start(production).close();
    }

    @Test
    void mailSettingsThatDoNotGoTogetherAreRefused() {
        Map<Setting<?>, String> smtp = new HashMap<>(Map.of(Setting.SMTP_HOST, "smtp.example.com"));
        mailRefused(smtp, "Setting smtp-host", "mail-from");
        smtp.put(Setting.MAIL_FROM, "no-reply@example.com");
        start(smtp).close();
        smtp.put(Setting.SMTP_PASSWORD, "hunter2");
        mailRefused(smtp, "Setting smtp-password", "smtp-user");
        smtp.put(Setting.SMTP_USER, "ada");
        start(smtp).close();
        smtp.put(Setting.SMTP_SECURITY, "none");
        mailRefused(smtp, "Setting smtp-security", "in the clear");
    }

    private void mailRefused(Map<Setting<?>, String> settings, String setting, String why) {
        assertThatThrownBy(() -> start(settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(setting)
                .hasMessageContaining(why)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void anEnvironmentStaysWhatItIs() {
        start(Map.of()).close();
        assertThatThrownBy(() -> start(Map.of(Setting.PRODUCTION, "true", Setting.ORIGIN, PRODUCTION_ORIGIN)))
                .as("staging does not become production")
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'staging' was made with production=false");
        start(Map.of(Setting.PRODUCTION, "true", Setting.ORIGIN, PRODUCTION_ORIGIN, Setting.ENVIRONMENT, "live"))
                .close();
        assertThatThrownBy(() -> start(Map.of(Setting.ENVIRONMENT, "live")))
                .as("nor production staging, which would answer over plain HTTP")
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'live' was made with production=true");
    }

    @Test
    void aKeyIsOfItsEnvironmentsKind() {
        String live = "sk_live_abcdefghijklmnop";
        assertThatThrownBy(() -> start(Map.of(Setting.API_KEY, live)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("only production");
        Map<Setting<?>, String> production = new TreeMap<>(Comparator.comparing(Setting::key));
        production.putAll(
                Map.of(Setting.PRODUCTION, "true", Setting.ORIGIN, PRODUCTION_ORIGIN, Setting.ENVIRONMENT, "live"));
        production.put(Setting.API_KEY, live);
        start(production).close();
        production.put(Setting.API_KEY, live.replace("live", "test"));
        assertThatThrownBy(() -> start(production))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("production has sk_live_ keys");
    }

    @Test
    void whatBelongsToAnotherEnvironmentIsRefused() {
        Map<Setting<?>, String> settings =
                Map.of(Setting.API_KEY, "sk_test_abcdefghijklmnop", Setting.CLIENT_ID, "client_01A");
        start(settings).close();
        assertThatThrownBy(() -> start(Map.of(Setting.ENVIRONMENT, "other", Setting.CLIENT_ID, "client_01A")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("client-id")
                .hasMessageContaining("another environment");
        assertThatThrownBy(
                        () -> start(Map.of(Setting.ENVIRONMENT, "other", Setting.API_KEY, "sk_test_abcdefghijklmnop")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("api-key")
                .hasMessageContaining("another environment");
    }

    @Test
    void aFirstKeyIsMadeOnceAndWhenAskedFor() {
        try (Gatehouse gatehouse = start(Map.of())) {
            assertThat(gatehouse.environments().keys(gatehouse.environment())).isEmpty();
            String key = gatehouse.firstApiKey().orElseThrow();
            assertThat(key).startsWith("sk_test_");
            assertThat(gatehouse.environments().caller(key)).isPresent();
            assertThat(gatehouse.firstApiKey()).isEmpty();
        }
        try (Gatehouse again = start(Map.of())) {
            assertThat(again.firstApiKey()).isEmpty();
            assertThat(again.environments().keys(again.environment())).hasSize(1);
        }
    }

    @Test
    void otherRootKeysAreRefusedAndTheRightOnesStillStart() {
        start(Map.of()).close();
        assertThatThrownBy(() -> Gatehouse.builder()
                        .storage(storage)
                        .keyring(LocalKeyring.random())
                        .build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("root-keys")
                .hasMessageContaining("Put back those");
        start(Map.of()).close();
    }

    @Test
    void malformedRootKeysNameTheSetting(@TempDir Path directory) throws Exception {
        String good = "a:"
                + Base64.getEncoder()
                        .encodeToString("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
        Gatehouse.builder()
                .storage(storage)
                .set(Setting.ROOT_KEYS, good)
                .build()
                .close();
        assertThatThrownBy(() -> Gatehouse.builder()
                        .storage(storage)
                        .set(Setting.ROOT_KEYS, good.substring(0, 20))
                        .build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("root-keys")
                .hasMessageNotContaining(good.substring(2, 20));
        Files.writeString(directory.resolve("root-keys"), "nonsense");
        assertThatThrownBy(() -> Gatehouse.builder()
                        .storage(new MemoryStorage())
                        .set(Setting.DATA_DIRECTORY, directory.toString())
                        .build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(directory.resolve("root-keys").toString());
    }

    @Test
    void aDatabaseThatIsNotThereNamesTheSettingAndNoPassword() {
        for (String url : List.of(
                "jdbc:postgresql://127.0.0.1:1/db?user=u&password=hunter2",
                "jdbc:h2:file:/proc/nope/db;TRACE_LEVEL_FILE=0;PASSWORD=hunter2")) {
            assertThatThrownBy(() -> Gatehouse.builder()
                            .keyring(keyring)
                            .set(Setting.JDBC_URL, url)
                            .build())
                    .isInstanceOf(Storage.StorageException.class)
                    .hasMessageStartingWith("Setting jdbc-url from the builder: the database cannot be opened: ")
                    .hasMessageNotContaining("hunter2");
        }
    }
}
