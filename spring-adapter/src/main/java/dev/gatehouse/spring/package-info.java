/**
 * Gatehouse in a Spring Boot application, 3.5 or 4: with this artifact on the class path there is a {@link
 * dev.gatehouse.Gatehouse} bean, and its filter stands in front of everything. Settings are {@code gatehouse.*} properties;
 * the application's DataSource, JavaMailSender, TaskScheduler and MeterRegistry are used where there is one. See
 * {@code docs/spring.md}.
 */
@NullMarked
package dev.gatehouse.spring;

import org.jspecify.annotations.NullMarked;
