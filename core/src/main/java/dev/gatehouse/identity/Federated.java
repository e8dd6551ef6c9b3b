package dev.gatehouse.identity;

import org.jspecify.annotations.Nullable;

/**
 * Somebody whom an identity provider proved, as single sign-on hands him over once every check of the message passed.
 *
 * @param profileId what the provider said of the person, kept
 * @param method how the provider was asked
 * @param userId whose the profile is since an earlier sign-in; null if it is nobody's yet
 * @param email address that the provider gave
 * @param mailbox whether the provider's word is proof of the address: it is the owner of the mailbox, or of its domain
 * @param mayJoin whether somebody whom nobody knows gets an account
 * @param firstName null if unknown
 * @param lastName null if unknown
 * @param name null if unknown
 */
public record Federated(
        String profileId,
        Sessions.Method method,
        @Nullable String userId,
        String email,
        boolean mailbox,
        boolean mayJoin,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String name) {

    /** What a sign-in remembers of it. */
    record Claim(String profileId, boolean proved) {
        /** The same once its mailbox was proved. */
        Claim withMailbox() {
            return new Claim(profileId, true);
        }
    }
}
