package dev.gatehouse.spring;

import dev.gatehouse.Gatehouse;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What the actuator shows. Health moved between Spring Boot 3 and 4, so there is one of each; an application has one of the
 * two types.
 */
@Configuration(proxyBeanMethods = false)
class ActuatorConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
    static class Boot3 {
        @Bean
        @ConditionalOnMissingBean(name = "gatehouseHealthIndicator")
        org.springframework.boot.actuate.health.HealthIndicator gatehouseHealthIndicator(Gatehouse gatehouse) {
            StorageProbe probe = new StorageProbe(gatehouse);
            return () -> {
                RuntimeException failure = probe.failure();
                return (failure == null
                                ? org.springframework.boot.actuate.health.Health.up()
                                : org.springframework.boot.actuate.health.Health.down(failure))
                        .withDetails(probe.details())
                        .build();
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
    static class Boot4 {
        @Bean
        @ConditionalOnMissingBean(name = "gatehouseHealthIndicator")
        org.springframework.boot.health.contributor.HealthIndicator gatehouseHealthIndicator(Gatehouse gatehouse) {
            StorageProbe probe = new StorageProbe(gatehouse);
            return () -> {
                RuntimeException failure = probe.failure();
                return (failure == null
                                ? org.springframework.boot.health.contributor.Health.up()
                                : org.springframework.boot.health.contributor.Health.down(failure))
                        .withDetails(probe.details())
                        .build();
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(InfoContributor.class)
    static class Info {
        @Bean
        @ConditionalOnMissingBean(name = "gatehouseInfoContributor")
        InfoContributor gatehouseInfoContributor(Gatehouse gatehouse) {
            return info -> info.withDetail("gatehouse", new StorageProbe(gatehouse).details());
        }
    }
}
