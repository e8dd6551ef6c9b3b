package dev.gatehouse;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.gatehouse.store.JdbcStorage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Dependencies point one way (docs/architecture.md), and what must not be anywhere is not. */
class ArchitectureTest {
    /** What each package may use, besides itself. A new area takes its line here. */
    private static final Map<String, List<String>> MAY_USE = new LinkedHashMap<>();

    static {
        MAY_USE.put("api", List.of());
        MAY_USE.put("spi", List.of());
        MAY_USE.put("config", List.of("spi"));
        MAY_USE.put("dns", List.of("config", "spi"));
        MAY_USE.put("engine", List.of("api", "spi"));
        MAY_USE.put("store", List.of("spi"));
        // of other libraries, which only a host that uses it has
        MAY_USE.put("telemetry", List.of("spi"));
        // tokens are JSON from strangers: they are read by the one strict reader
        MAY_USE.put("crypto", List.of("api", "spi", "engine"));
        MAY_USE.put("environments", List.of("api", "spi", "engine", "crypto"));
        MAY_USE.put("background", List.of("engine", "crypto"));
        MAY_USE.put("net", List.of("spi"));
        MAY_USE.put("events", List.of("api", "spi", "config", "engine", "crypto", "background"));
        MAY_USE.put(
                "webhooks",
                List.of("api", "spi", "config", "engine", "crypto", "environments", "background", "net", "events"));
        MAY_USE.put("ui", List.of());
        MAY_USE.put("mail", List.of("api", "spi", "config", "engine", "crypto", "background", "ui"));
        MAY_USE.put("factors", List.of("api", "spi", "config", "engine", "crypto", "environments"));
        MAY_USE.put("passkeys", List.of("api", "spi", "config", "engine", "crypto"));
        MAY_USE.put(
                "identity",
                List.of("api", "spi", "config", "engine", "crypto", "environments", "factors", "passkeys", "mail"));
        MAY_USE.put(
                "organizations", List.of("api", "spi", "config", "engine", "crypto", "background", "identity", "mail"));
        MAY_USE.put("access", List.of("api", "config", "engine", "crypto", "identity", "organizations"));
        MAY_USE.put("flags", List.of("api", "engine", "identity", "organizations"));
        MAY_USE.put(
                "sso",
                List.of(
                        "api",
                        "spi",
                        "config",
                        "engine",
                        "crypto",
                        "environments",
                        "identity",
                        "organizations",
                        "access",
                        "net",
                        "background",
                        "mail"));
        MAY_USE.put("portability", List.of("api", "spi", "engine", "crypto", "identity", "organizations"));
        // commands that an operator runs; they stand where an application stands
        MAY_USE.put("cli", List.of("", "api", "config", "spi", "portability"));
        MAY_USE.put(
                "pages",
                List.of(
                        "api",
                        "spi",
                        "config",
                        "engine",
                        "crypto",
                        "environments",
                        "factors",
                        "passkeys",
                        "identity",
                        "mail",
                        "ui"));
        // made of src/main/jte
        MAY_USE.put("templates", List.of("factors", "passkeys", "identity", "mail", "pages", "ui"));
    }

    /** The product, read once. */
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.gatehouse");

    private static DescribedPredicate<JavaClass> in(String name) {
        return DescribedPredicate.describe("in " + name, c -> area(c).equals(name));
    }

    private static String area(JavaClass c) {
        String[] parts = c.getPackageName().split("\\.");
        return parts.length > 2 ? parts[2] : "";
    }

    @Test
    void everyPackageUsesOnlyWhatLiesBelowIt() {
        assertThat(CLASSES.stream().map(ArchitectureTest::area).distinct())
                .as("packages of core")
                .containsAll(MAY_USE.keySet());
        assertThat(CLASSES.stream().map(ArchitectureTest::area).filter(area -> !area.isEmpty()))
                .as("packages without a line here")
                .allMatch(MAY_USE::containsKey);
        MAY_USE.forEach((name, below) -> {
            DescribedPredicate<JavaClass> forbidden = DescribedPredicate.describe(
                    "outside " + below,
                    c -> c.getPackageName().startsWith("dev.gatehouse")
                            && !area(c).equals(name)
                            && !below.contains(area(c)));
            noClasses()
                    .that(in(name))
                    .should()
                    .dependOnClassesThat(forbidden)
                    .because(name + " may use only " + below)
                    .check(CLASSES);
        });
        slices().matching("dev.gatehouse.(*)..").should().beFreeOfCycles().check(CLASSES);
        assertThatThrownBy(() -> noClasses()
                        .that(in("engine"))
                        .should()
                        .dependOnClassesThat(in("spi"))
                        .check(CLASSES))
                .as("such a rule sees dependencies")
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void coreKnowsNoContainerAndNoFramework() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "jakarta.servlet..", "javax.servlet..", "org.springframework..", "org.eclipse.jetty..")
                .check(CLASSES);
        noClasses()
                .that(DescribedPredicate.not(in("mail")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta..", "org.eclipse.angus..")
                .because("mail alone knows Jakarta Mail, and nothing else of Jakarta")
                .check(CLASSES);
    }

    @Test
    void nothingIsStaticThatChanges() {
        fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat(
                        DescribedPredicate.describe("are written by hand", c -> !area(c).equals("templates")))
                .should()
                .beFinal()
                .check(CLASSES);
        // the storage remembers a thread's open transaction, in its own instance, and forgets it at the end
        noClasses()
                .that()
                .doNotBelongToAnyOf(JdbcStorage.class)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class)
                .check(CLASSES);
    }

    @Test
    void samlIsPure() {
        noClasses()
                .that()
                .resideInAPackage("dev.gatehouse.sso.saml")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "of Gatehouse elsewhere",
                        c -> c.getPackageName().startsWith("dev.gatehouse")
                                && !c.getPackageName().equals("dev.gatehouse.sso.saml")))
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gatehouse.sso.saml")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.opensaml..", "org.apache.xml.security..", "net.shibboleth..")
                .check(CLASSES);
    }

    /** ATTACKS C19, X12: no Java serialisation; X03: XML is read by one factory. */
    @Test
    void dangerousReadersAreNowhere() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.io.ObjectInputStream.class,
                        java.net.HttpURLConnection.class,
                        javax.xml.parsers.SAXParserFactory.class,
                        javax.xml.stream.XMLInputFactory.class)
                .check(CLASSES);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.gatehouse.sso.saml.Parsers")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(javax.xml.parsers.DocumentBuilderFactory.class)
                .check(CLASSES);
    }

    @Test
    @DisplayName("W17 calls over HTTP are made by the guarded client, and by nobody else")
    void oneClientCallsOut() {
        noClasses()
                .that(DescribedPredicate.not(in("net")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "org.apache.hc..")
                .check(CLASSES);
        noClasses()
                // mail and dns call servers that the application's own operator names
                .that(DescribedPredicate.not(in("net"))
                        .and(DescribedPredicate.not(in("mail")))
                        .and(DescribedPredicate.not(in("dns"))))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.net.Socket.class, java.net.URLConnection.class, java.nio.channels.SocketChannel.class)
                .check(CLASSES);
        noClasses()
                .should()
                .callMethod(java.net.URL.class, "openStream")
                .orShould()
                .callMethod(java.net.URL.class, "openConnection")
                .check(CLASSES);
    }

    @Test
    void spiIsInterfacesAndTheirValues() {
        classes()
                .that()
                .resideInAPackage("dev.gatehouse.spi")
                .should(
                        new com.tngtech.archunit.lang.ArchCondition<>(
                                "be an interface, a record, an enum or an exception") {
                            @Override
                            public void check(JavaClass c, com.tngtech.archunit.lang.ConditionEvents events) {
                                boolean fits = c.isInterface()
                                        || c.isRecord()
                                        || c.isEnum()
                                        || c.isAssignableTo(Throwable.class);
                                events.add(new com.tngtech.archunit.lang.SimpleConditionEvent(c, fits, c.getName()));
                            }
                        })
                .check(CLASSES);
    }
}
