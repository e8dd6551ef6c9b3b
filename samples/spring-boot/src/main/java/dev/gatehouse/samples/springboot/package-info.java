/** A small Spring Boot application behind Gatehouse; started by {@code bin/spring-boot}. */
package dev.gatehouse.samples.springboot;
