package dev.gatehouse.sso;

import java.util.Map;

/**
 * What an application says of somebody whom it has proved itself, for an {@link ConnectionType#EXTERNAL} connection.
 *
 * @param subject immutable identifier of the person at the provider, at most 255 characters; by it people are known again
 * @param claims of the person: texts, numbers, lists and maps of such. {@code email}, {@code given_name}, {@code family_name},
 *     {@code name} and {@code groups} are understood unless the connection's mapping says other names
 */
public record Vouched(String subject, Map<String, ?> claims) {
    public Vouched {
        if (subject.isEmpty() || subject.length() > 255) {
            throw new IllegalArgumentException("a subject has 1 to 255 characters");
        }
        claims = Map.copyOf(claims);
    }

    /** Without what it says of the person. */
    @Override
    public String toString() {
        return "Vouched";
    }
}
