package dev.gatehouse.spring;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.spi.Telemetry;
import dev.gatehouse.telemetry.MicrometerTelemetry;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.DispatcherType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.scheduling.TaskScheduler;

/** Builds the {@link Gatehouse} of a servlet application and puts its filter in front. Every bean can be replaced. */
@AutoConfiguration(
        afterName = {
            // Spring Boot 3 and 4 have them in different places
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.mail.MailSenderAutoConfiguration",
            "org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration",
            "org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(prefix = "gatehouse", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(GatehouseProperties.class)
@Import(ActuatorConfiguration.class)
public class GatehouseAutoConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(GatehouseAutoConfiguration.class);

    /** The instance. Without a DataSource of the application's it keeps its data in an H2 file. */
    @Bean
    @ConditionalOnMissingBean
    Gatehouse gatehouse(
            Environment environment,
            ObjectProvider<DataSource> sources,
            ObjectProvider<Mailer> mailers,
            ObjectProvider<Telemetry> telemetries,
            ObjectProvider<PathRulesCustomizer> rules,
            ObjectProvider<GatehouseBuilderCustomizer> customizers) {
        SpringSettings settings = new SpringSettings(environment);
        Gatehouse.Builder builder = Gatehouse.builder()
                .withoutProcessSettings()
                .settings(new SpringDefaults(environment))
                .settings(settings);
        if ("framework".equals(environment.getProperty("server.forward-headers-strategy"))) {
            LOG.warn(
                    "server.forward-headers-strategy=framework believes every client's X-Forwarded headers before Gatehouse"
                            + " sees them: name your proxies in gatehouse.trusted-proxies instead");
        }
        DataSource source = source(sources, settings);
        if (source != null) {
            builder.dataSource(source);
        }
        Mailer mailer = only(mailers, "Mailers", "Mark one.");
        boolean own = settings.value(Setting.SMTP_HOST.key()).isPresent();
        if (mailer != null && !(own && mailer instanceof JavaMailSenderMailer)) {
            builder.mailer(mailer);
        }
        telemetries.ifUnique(builder::telemetry);
        PathRules added = new PathRules();
        rules.orderedStream().forEach(each -> each.customize(added));
        // where Spring Boot tells what went wrong, to whoever it went wrong for
        added.permitAll(errorPath(environment));
        added.added().forEach((setting, paths) -> builder.set(setting, joined(settings, setting, paths)));
        customizers.orderedStream().forEach(each -> each.customize(builder));
        Gatehouse gatehouse = builder.build();
        if (!gatehouse.setting(Setting.API_PATH).isEmpty()) {
            // for whoever starts it, and never through a logger, whose files others keep and read
            gatehouse.firstApiKey().ifPresent(key -> System.out.println("API key, shown this once: " + key));
        }
        return gatehouse;
    }

    /** As each Spring Boot calls it, below where its servlet is. */
    private static String errorPath(Environment environment) {
        String servlet = environment.getProperty("spring.mvc.servlet.path", "/");
        String path = environment.getProperty(
                "spring.web.error.path",
                environment.getProperty("server.error.path", environment.getProperty("error.path", "/error")));
        return servlet.equals("/") ? path : servlet + path;
    }

    private static String joined(SpringSettings settings, Setting<?> setting, List<String> paths) {
        List<String> all = new ArrayList<>();
        settings.value(setting.key()).ifPresent(text -> {
            try {
                all.add(Config.resolved(text));
            } catch (IllegalArgumentException e) {
                throw new ConfigException("gatehouse." + setting.key() + " cannot be used: " + e.getMessage() + ".");
            }
        });
        all.addAll(paths);
        return String.join(", ", all);
    }

    /** The application's database, unless a property names another one. */
    private static @Nullable DataSource source(ObjectProvider<DataSource> sources, SpringSettings settings) {
        if (settings.value(Setting.JDBC_URL.key()).isPresent()) {
            return null;
        }
        // an H2 file beside them would be nobody's wish
        return only(
                sources,
                "DataSources",
                "Mark the one that Gatehouse should use, give it one with a GatehouseBuilderCustomizer, or set"
                        + " gatehouse.jdbc-url.");
    }

    /** The bean that is meant, null if there is none; which of several it is, nobody guesses. */
    private static <T> @Nullable T only(ObjectProvider<T> beans, String kind, String cure) {
        T unique = beans.getIfUnique();
        if (unique == null && beans.stream().findAny().isPresent()) {
            throw new ConfigException("There are several " + kind + ", and none is @Primary. " + cure);
        }
        return unique;
    }

    /** The filter: for every path and dispatch, before Spring Security's. */
    @Bean
    @ConditionalOnMissingBean(value = GatehouseFilter.class, parameterizedContainer = FilterRegistrationBean.class)
    FilterRegistrationBean<GatehouseFilter> gatehouseFilter(Gatehouse gatehouse, GatehouseProperties properties) {
        FilterRegistrationBean<GatehouseFilter> filter = new FilterRegistrationBean<>(new GatehouseFilter(gatehouse));
        filter.setName("gatehouse");
        filter.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        filter.setAsyncSupported(true);
        filter.setOrder(properties.filterOrder());
        return filter;
    }

    @Bean
    @ConditionalOnMissingBean
    Housekeeping gatehouseHousekeeping(
            Gatehouse gatehouse, ObjectProvider<TaskScheduler> schedulers, GatehouseProperties properties) {
        return new Housekeeping(gatehouse, schedulers.getIfUnique(), properties.housekeepingInterval());
    }

    /** Measures into the application's MeterRegistry. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnSingleCandidate(MeterRegistry.class)
    static class Metrics {
        @Bean
        @ConditionalOnMissingBean
        Telemetry gatehouseTelemetry(MeterRegistry registry) {
            return new MicrometerTelemetry(registry);
        }
    }

    /** Sends through the application's JavaMailSender. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JavaMailSender.class)
    @ConditionalOnBean(JavaMailSender.class)
    static class Mail {
        @Bean
        @ConditionalOnMissingBean
        Mailer gatehouseMailer(ObjectProvider<JavaMailSender> senders, Environment environment) {
            SpringSettings settings = new SpringSettings(environment);
            JavaMailSender sender = Objects.requireNonNull(
                    only(senders, "JavaMailSenders", "Mark one, or give a Mailer bean."), "the condition found one");
            boolean unused =
                    settings.value(Setting.MAILS.key()).filter("off"::equals).isPresent();
            String from = settings.value(Setting.MAIL_FROM.key()).orElse("");
            if (from.isEmpty() && !unused) {
                throw new ConfigException("gatehouse.mail-from is needed: the address that mails come from, such as"
                        + " no-reply@example.com. They go through the application's JavaMailSender.");
            }
            return new JavaMailSenderMailer(
                    sender,
                    from,
                    settings.value(Setting.APP_NAME.key())
                            .or(() -> new SpringDefaults(environment).value(Setting.APP_NAME.key()))
                            .orElse(Setting.APP_NAME.fallback()));
        }
    }
}
