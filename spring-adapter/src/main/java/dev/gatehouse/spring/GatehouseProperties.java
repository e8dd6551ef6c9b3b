package dev.gatehouse.spring;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What only a Spring application can set, beside every {@link dev.gatehouse.config.Setting} under the same prefix.
 *
 * @param enabled Whether Gatehouse starts with the application.
 * @param filterOrder Place of Gatehouse's filter among the servlet filters: before all that read a form or decide, Spring
 *     Security's (-100) among them, and after those that decode and trace.
 * @param housekeepingInterval How often waiting mails, webhooks and expired rows are seen to; 0 for never, where something
 *     else calls maintain().
 */
@ConfigurationProperties("gatehouse")
record GatehouseProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("-10100") int filterOrder,
        @DefaultValue("1m") Duration housekeepingInterval) {}
