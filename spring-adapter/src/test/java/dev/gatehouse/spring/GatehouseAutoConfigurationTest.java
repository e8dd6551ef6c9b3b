package dev.gatehouse.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.spi.Telemetry;
import dev.gatehouse.store.MemoryStorage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.mail.MailSenderAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.security.web.SecurityFilterChain;

class GatehouseAutoConfigurationTest {
    @TempDir
    Path data;

    private WebApplicationContextRunner runner;

    @BeforeEach
    void runner() {
        runner = new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(GatehouseAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(SecurityFilterChain.class))
                .withPropertyValues("gatehouse.data-directory=" + data);
    }

    private static DataSource h2(String name) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
        return source;
    }

    @Test
    void withoutADatabaseItKeepsAFileAndItsFilterStandsBeforeSpringSecuritys() {
        runner.run(context -> {
            assertThat(context).hasSingleBean(Gatehouse.class);
            assertThat(data.resolve("gatehouse.mv.db")).exists();
            FilterRegistrationBean<?> filter = context.getBean("gatehouseFilter", FilterRegistrationBean.class);
            assertThat(filter.getFilter()).isInstanceOf(GatehouseFilter.class);
            assertThat(filter.getOrder()).isEqualTo(-10100);
        });
    }

    @Test
    void pathsThatAFileNamesAreJoinedWithThoseOfTheCode() throws Exception {
        Path file = Files.writeString(data.resolve("paths"), "/about, /assets/*");
        runner.withPropertyValues("gatehouse.public-paths=file:" + file)
                .withBean(PathRulesCustomizer.class, () -> rules -> rules.permitAll("/prices"))
                .run(context -> assertThat(context.getBean(Gatehouse.class).setting(Setting.PUBLIC_PATHS))
                        .contains("/about", "/assets/*", "/prices", "/error"));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void whoeverIsNotProtectedIsToldSo(CapturedOutput output) {
        AutoConfigurations both =
                AutoConfigurations.of(GatehouseAbsentAutoConfiguration.class, GatehouseAutoConfiguration.class);
        runner.withConfiguration(both).run(context -> assertThat(output).doesNotContain("protects nothing"));
        runner.withConfiguration(both)
                .withPropertyValues("gatehouse.enabled=false")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(Gatehouse.class);
                    assertThat(output).contains("gatehouse.enabled=false: Gatehouse protects nothing here");
                });
    }

    @Test
    void theApplicationsDatabaseIsUsed() {
        runner.withBean(DataSource.class, () -> h2("hosts")).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(data.resolve("gatehouse.mv.db")).doesNotExist();
            try (var connection = context.getBean(DataSource.class).getConnection();
                    var found = connection.getMetaData().getTables(null, null, "%RECORD", null)) {
                assertThat(found.next()).isTrue();
            }
        });
    }

    @Test
    void severalDatabasesAreNoGuess() {
        runner.withBean("one", DataSource.class, () -> h2("one"))
                .withBean("other", DataSource.class, () -> h2("other"))
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(context.getStartupFailure())
                            .rootCause()
                            .isInstanceOf(ConfigException.class)
                            .hasMessageContaining("@Primary");
                });
        runner.withBean("one", DataSource.class, () -> h2("three"), bean -> bean.setPrimary(true))
                .withBean("other", DataSource.class, () -> h2("four"))
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aPropertyThatNoSettingHasStopsTheStart() {
        runner.withPropertyValues("gatehouse.app-name=Notes", "gatehouse.appName=Notes")
                .run(context -> assertThat(context).as("either spelling").hasNotFailed());
        runner.withPropertyValues("gatehouse.public-path=/about").run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                    .rootCause()
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("no setting public-path");
        });
    }

    @Test
    void aListIsSpelledEitherWayAndRulesInCodeAreAdded() {
        runner.withPropertyValues("gatehouse.public-paths[0]=/about", "gatehouse.public-paths[1]=/assets/*")
                .withBean(
                        PathRulesCustomizer.class,
                        () -> rules -> rules.permitAll("/prices")
                                .hasRole("admin", "/admin/*", "/staff/*")
                                .hasOrganization("/team/*")
                                .takeApiKeys("/api/*"))
                .run(context -> {
                    Gatehouse gatehouse = context.getBean(Gatehouse.class);
                    assertThat(gatehouse.setting(Setting.PUBLIC_PATHS))
                            .containsExactly("/about", "/assets/*", "/prices", "/error");
                    assertThat(gatehouse.setting(Setting.ROLE_PATHS))
                            .containsExactly("/admin/*=admin", "/staff/*=admin");
                    assertThat(gatehouse.setting(Setting.ORGANIZATION_PATHS)).containsExactly("/team/*");
                    assertThat(gatehouse.setting(Setting.API_KEY_PATHS)).containsExactly("/api/*");
                });
    }

    @Test
    void whatIsNestedBelowASettingProtectsNothingAndStopsTheStart() {
        runner.withPropertyValues("gatehouse.role-paths[0]=/admin/*=admin")
                .run(context -> assertThat(context).hasNotFailed());
        runner.withPropertyValues("gatehouse.role-paths.admin=/admin/*").run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("no setting role-paths.admin");
        });
    }

    @Test
    void aListOfAStrongerSourceWinsOverATextOfAWeakerOne() {
        runner.withPropertyValues("gatehouse.role-paths[0]=/ops/*=ops")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addLast(new MapPropertySource("weaker", Map.of("gatehouse.role-paths", "/admin/*=admin"))))
                .run(context -> assertThat(context.getBean(Gatehouse.class).setting(Setting.ROLE_PATHS))
                        .containsExactly("/ops/*=ops"));
    }

    @Test
    void severalMailersAreNoGuess() {
        runner.withBean("one", JavaMailSender.class, JavaMailSenderImpl::new)
                .withBean("other", JavaMailSender.class, JavaMailSenderImpl::new)
                .withPropertyValues("gatehouse.mail-from=no-reply@example.com")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("several JavaMailSenders"));
        runner.withBean("one", Mailer.class, () -> mail -> {})
                .withBean("other", Mailer.class, () -> mail -> {})
                .run(context ->
                        assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("several Mailers"));
    }

    @Test
    void whatTheApplicationSaidAlreadyNeedNotBeSaidAgain() {
        runner.withPropertyValues("spring.application.name=Notes", "server.port=9090")
                .run(context -> {
                    Gatehouse gatehouse = context.getBean(Gatehouse.class);
                    assertThat(gatehouse.setting(Setting.APP_NAME)).isEqualTo("Notes");
                    assertThat(gatehouse.setting(Setting.ORIGIN)).isEqualTo("http://localhost:9090");
                });
        runner.withPropertyValues("spring.application.name=Notes", "gatehouse.app-name=Fieldnotes")
                .run(context -> assertThat(context.getBean(Gatehouse.class).setting(Setting.APP_NAME))
                        .isEqualTo("Fieldnotes"));
    }

    @Test
    void mailGoesThroughTheApplicationsMailSenderUnlessAnotherIsNamed() {
        WebApplicationContextRunner mailing = runner.withConfiguration(
                        AutoConfigurations.of(MailSenderAutoConfiguration.class))
                .withPropertyValues("spring.mail.host=localhost");
        mailing.run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("gatehouse.mail-from");
        });
        mailing.withPropertyValues("gatehouse.mail-from=no-reply@example.com").run(context -> {
            assertThat(context).hasSingleBean(JavaMailSender.class);
            assertThat(context.getBean(Gatehouse.class).mailer()).containsInstanceOf(JavaMailSenderMailer.class);
        });
        mailing.withPropertyValues("gatehouse.mail-from=no-reply@example.com", "gatehouse.smtp-host=smtp.example.com")
                .run(context -> assertThat(context.getBean(Gatehouse.class).mailer())
                        .get()
                        .isNotInstanceOf(JavaMailSenderMailer.class));
        Mailer own = mail -> {};
        mailing.withBean(Mailer.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(Gatehouse.class).mailer()).containsSame(own));
    }

    @Test
    void aMailIsWrittenForTheMailSender() {
        List<String> sent = new CopyOnWriteArrayList<>();
        JavaMailSenderImpl sender = new JavaMailSenderImpl() {
            @Override
            protected void doSend(jakarta.mail.internet.MimeMessage[] messages, Object[] originals) {
                try {
                    java.io.ByteArrayOutputStream text = new java.io.ByteArrayOutputStream();
                    messages[0].writeTo(text);
                    sent.add(text.toString(java.nio.charset.StandardCharsets.UTF_8));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        new JavaMailSenderMailer(sender, "no-reply@example.com", "Notes")
                .send(new Mailer.Mail("ada@example.com", "Your code", "123456", "<p>123456</p>", "mail_1"));
        assertThat(sent.get(0))
                .contains(
                        "From: Notes <no-reply@example.com>",
                        "To: ada@example.com",
                        "Subject: Your code",
                        "text/plain",
                        "text/html",
                        "Auto-Submitted: auto-generated");
    }

    @Test
    void theApplicationsMeterRegistryIsUsed() {
        runner.withBean(SimpleMeterRegistry.class).run(context -> {
            Gatehouse gatehouse = context.getBean(Gatehouse.class);
            gatehouse
                    .pages()
                    .handle(new Request("GET", "/auth/sign-in", "", Map.of(), new byte[0], "127.0.0.1", false));
            assertThat(context.getBean(SimpleMeterRegistry.class)
                            .get("gatehouse.pages")
                            .tag("outcome", "ok")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
        runner.run(context -> assertThat(context).doesNotHaveBean(Telemetry.class));
    }

    @Test
    void housekeepingRunsOnTheApplicationsScheduler() {
        ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
        runner.withBean(TaskScheduler.class, () -> scheduler).run(context -> {
            assertThat(context.getBean(Housekeeping.class).isRunning()).isTrue();
            assertThat(scheduler.getScheduledThreadPoolExecutor().getTaskCount())
                    .isPositive();
        });
        runner.withPropertyValues("gatehouse.housekeeping-interval=0")
                .run(context -> assertThat(context.getBean(Housekeeping.class).isRunning())
                        .isFalse());
        runner.run(context ->
                assertThat(context.getBean(Housekeeping.class).isRunning()).isTrue());
    }

    @Test
    void everyBeanCanBeReplacedAndAllCanBeSwitchedOff() {
        Gatehouse own = Gatehouse.builder()
                .storage(new MemoryStorage())
                .keyring(LocalKeyring.random())
                .build();
        runner.withBean(Gatehouse.class, () -> own)
                .run(context -> assertThat(context.getBean(Gatehouse.class)).isSameAs(own));
        FilterRegistrationBean<GatehouseFilter> filter = new FilterRegistrationBean<>(new GatehouseFilter(own));
        runner.withBean("mine", FilterRegistrationBean.class, () -> filter)
                .run(context -> assertThat(context).hasSingleBean(Gatehouse.class));
        runner.withPropertyValues("gatehouse.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(Gatehouse.class));
        assertThat(Files.exists(data)).isTrue();
    }
}
