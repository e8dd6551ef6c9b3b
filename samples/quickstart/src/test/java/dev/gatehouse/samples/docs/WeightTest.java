package dev.gatehouse.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of {@code docs/weight.md} is printed from what the filter's tests ran with; each jar has its reason. */
class WeightTest {
    private static final Path PAGE = Path.of("../../docs/weight.md");
    private static final Path LIST = Path.of("../../servlet-filter/target/dependencies.txt");
    private static final String SAML = "SAML: ";

    private static final Map<String, String> REASONS = new TreeMap<>(Map.ofEntries(
            Map.entry("jackson-annotations", "JSON of the API; comes with jackson-databind"),
            Map.entry("jackson-core", "JSON of the API"),
            Map.entry("jackson-databind", "JSON of the API and of rows"),
            Map.entry("jackson-dataformat-cbor", "passkeys: what authenticators send is CBOR"),
            Map.entry("webauthn4j-core", "passkeys"),
            Map.entry("nimbus-jose-jwt", "ID tokens and key sets of OpenID providers"),
            Map.entry("caffeine", "bounded caches of sessions and keys"),
            Map.entry("bcprov-jdk18on", "Argon2id, scrypt; what OpenSAML decrypts with"),
            Map.entry("bcpkix-jdk18on", "certificates of our own for SAML"),
            Map.entry("bcutil-jdk18on", "comes with bcpkix"),
            Map.entry("zxcvbn", "passwords that are easily guessed"),
            Map.entry("qrcodegen", "the picture for authenticator apps"),
            Map.entry("dnsjava", "TXT records of domains"),
            Map.entry("jte-runtime", "pages and mails, compiled templates that escape by context"),
            Map.entry("HikariCP", "the pool, where the host brings none"),
            Map.entry("flyway-core", "tables: made, migrated, checked"),
            Map.entry("flyway-database-postgresql", "the same on PostgreSQL"),
            Map.entry("flyway-database-cockroachdb", "comes with Flyway's PostgreSQL"),
            Map.entry("h2", "the embedded database; leave it out with one of your own"),
            Map.entry("angus-mail", "SMTP"),
            Map.entry("angus-activation", "comes with angus-mail"),
            Map.entry("jakarta.mail-api", "comes with angus-mail"),
            Map.entry("jakarta.activation-api", "comes with angus-mail"),
            Map.entry(
                    "httpcore5",
                    "webhooks and providers: an HTTP client that connects to the address that was checked"),
            Map.entry("slf4j-api", "logs"),
            Map.entry("jspecify", "annotations of the public API"),
            Map.entry("opensaml-core", SAML + "object model"),
            Map.entry("opensaml-saml-api", SAML + "object model"),
            Map.entry("opensaml-saml-impl", SAML + "object model"),
            Map.entry("opensaml-security-api", SAML + "credentials"),
            Map.entry("opensaml-security-impl", SAML + "credentials"),
            Map.entry("opensaml-soap-api", SAML + "OpenSAML's configuration needs it"),
            Map.entry("opensaml-xmlsec-api", SAML + "signatures and encryption"),
            Map.entry("opensaml-xmlsec-impl", SAML + "signatures and encryption"),
            Map.entry("java-support", SAML + "OpenSAML's own tools"),
            Map.entry("xmlsec", SAML + "signatures and encryption"),
            Map.entry("cryptacular", SAML + "names of certificates"),
            Map.entry("guava", SAML + "OpenSAML's collections"),
            Map.entry("failureaccess", SAML + "comes with guava"),
            Map.entry("commons-codec", SAML + "comes with xmlsec")));

    private record Jar(String artifact, String version, long bytes) {
        boolean saml() {
            return REASONS.getOrDefault(artifact, "").startsWith(SAML);
        }
    }

    private static List<Jar> jars() throws IOException {
        List<Jar> all = new ArrayList<>();
        List<String> classpath = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
        for (String line : Files.readAllLines(LIST)) {
            String[] part = line.strip().split(":", -1);
            if (part.length < 5 || part[0].equals("dev.gatehouse")) {
                continue;
            }
            String file = File.separator + part[1] + "-" + part[3] + ".jar";
            Path jar = Path.of(classpath.stream()
                    .filter(entry -> entry.endsWith(file))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("not on this class path: " + file)));
            all.add(new Jar(part[1], part[3], Files.size(jar)));
        }
        all.sort((one, other) -> Long.compare(other.bytes, one.bytes));
        return all;
    }

    private static String sum(Stream<Jar> jars) {
        List<Jar> all = jars.toList();
        return all.size() + " jars, "
                + megabytes(all.stream().mapToLong(Jar::bytes).sum());
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    @Test
    @SuppressWarnings("unchecked") // loaded apart
    void withoutTheJarsForSamlGatehouseStartsAndRefusesSamlAlone() throws Exception {
        List<URL> without = new ArrayList<>();
        int left = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String file = Path.of(entry).getFileName().toString();
            if (REASONS.entrySet().stream()
                    .filter(jar -> jar.getValue().startsWith(SAML))
                    .anyMatch(jar -> file.matches(Pattern.quote(jar.getKey()) + "-[0-9].*\\.jar"))) {
                left++;
            } else {
                without.add(Path.of(entry).toUri().toURL());
            }
        }
        assertThat(left).isEqualTo(14);
        try (URLClassLoader loader =
                new URLClassLoader(without.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Callable<String> program = (Callable<String>) loader.loadClass(WithoutSaml.class.getName())
                    .getConstructor()
                    .newInstance();
            assertThat(program.call()).contains("saml_unavailable");
        }
        assertThat(new WithoutSaml().call()).isEqualTo("made");
    }

    @Test
    void everyJarThatAHostTakesInHasItsReasonAndItsBytes() throws IOException {
        assumeTrue(Files.exists(LIST), "the list of dependencies is made by the whole build");
        List<Jar> jars = jars();
        assertThat(jars.stream().map(Jar::artifact))
                .as("each has a reason")
                .containsExactlyInAnyOrderElementsOf(REASONS.keySet());
        StringBuilder table = new StringBuilder("| jar | KB | for |\n|---|---:|---|\n");
        jars.forEach(jar -> table.append("| `%s` %s | %,d | %s |%n"
                .formatted(jar.artifact, jar.version, jar.bytes / 1000, REASONS.get(jar.artifact))));
        table.append("\n| a host takes in | |\n|---|---|\n");
        table.append("| everything | ").append(sum(jars.stream())).append(" |\n");
        table.append("| of that for SAML | ")
                .append(sum(jars.stream().filter(Jar::saml)))
                .append(" |\n");
        table.append("| without H2 | ")
                .append(sum(jars.stream().filter(jar -> !jar.artifact.equals("h2"))))
                .append(" |\n");
        table.append("| without both | ")
                .append(sum(jars.stream().filter(jar -> !jar.artifact.equals("h2") && !jar.saml())))
                .append(" |\n");
        String page = Files.readString(PAGE);
        String printed = page.substring(0, page.indexOf("\n| jar |") + 1) + table;
        if ("true".equals(System.getenv("REWRITE_DOCS"))) {
            Files.writeString(PAGE, printed);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/weight.md; print it anew with REWRITE_DOCS=true")
                .isEqualTo(printed);
    }
}
