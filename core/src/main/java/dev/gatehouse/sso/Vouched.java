package dev.gatehouse.sso;

import java.util.Map;

/**
 * What an application says of somebody whom it has proved itself, for an {@link ConnectionType#EXTERNAL} connection.
 *
 * @param subject immutable identifier of the person at the provider, 1 to {@value #MOST_SUBJECT} characters; by it people are
 *     known again
 * @param claims of the person: texts, numbers, lists and maps of such. {@code email}, {@code given_name}, {@code family_name},
 *     {@code name} and {@code groups} are understood unless the connection's mapping says other names
 * @param fresh whether the person was asked anew for this, as {@code prompt=login} demands
 */
public record Vouched(String subject, Map<String, ?> claims, boolean fresh) {
    /** Most characters of a subject. */
    public static final int MOST_SUBJECT = 255;

    public Vouched {
        if (subject.isEmpty() || subject.length() > MOST_SUBJECT) {
            throw new IllegalArgumentException("a subject has 1 to 255 characters");
        }
        claims = Map.copyOf(claims);
    }

    /** Somebody whom the provider may have known from before. */
    public Vouched(String subject, Map<String, ?> claims) {
        this(subject, claims, false);
    }

    /** The same, where the person was asked anew. */
    public Vouched anew() {
        return new Vouched(subject, claims, true);
    }

    /** Without what it says of the person. */
    @Override
    public String toString() {
        return "Vouched";
    }
}
