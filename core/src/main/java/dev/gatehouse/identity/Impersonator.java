package dev.gatehouse.identity;

/**
 * Who acts as the user of a session, and why (contract/behaviour/04 §4.14).
 *
 * @param email address of the operator; the access token's {@code act.sub} (RFC 8693 §4.1)
 * @param reason as the operator gave it
 */
public record Impersonator(String email, String reason) {}
