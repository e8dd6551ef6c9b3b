package dev.gatehouse.spring;

import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/** Says so where Gatehouse was switched off: nobody should find out by a visitor that nothing is protected. */
@AutoConfiguration
@ConditionalOnProperty(prefix = "gatehouse", name = "enabled", havingValue = "false")
public class GatehouseAbsentAutoConfiguration {
    GatehouseAbsentAutoConfiguration() {
        LoggerFactory.getLogger(GatehouseAutoConfiguration.class)
                .warn("gatehouse.enabled=false: Gatehouse protects nothing here");
    }
}
