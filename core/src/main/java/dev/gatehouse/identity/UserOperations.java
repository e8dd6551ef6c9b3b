package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.ExternalId;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Metadata;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.factors.Factors;
import dev.gatehouse.passkeys.Passkeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The operations on users. */
final class UserOperations {
    private static final Pattern LOCALE = Pattern.compile("[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?");

    private final Passwords passwords;
    private final Sessions sessions;
    private final Factors factors;
    private final Passkeys passkeys;
    private final Affiliations affiliations;
    private final Profiles profiles;
    private final FeatureFlags features;

    UserOperations(
            Passwords passwords,
            Sessions sessions,
            Factors factors,
            Passkeys passkeys,
            Affiliations affiliations,
            Profiles profiles,
            FeatureFlags features) {
        this.passwords = passwords;
        this.sessions = sessions;
        this.factors = factors;
        this.passkeys = passkeys;
        this.affiliations = affiliations;
        this.profiles = profiles;
        this.features = features;
    }

    record Create(
            @Required String email,
            @Nullable String password,
            @Nullable String passwordHash,
            @Nullable String passwordHashType,
            @Nullable String passwordSaltPosition,
            @Limit(200) @Nullable String firstName,
            @Limit(200) @Nullable String lastName,
            @Limit(400) @Nullable String name,
            @Nullable Boolean emailVerified,
            @Limit(value = 128, ascii = true) @Nullable String externalId,
            @Nullable Map<String, @Nullable String> metadata,
            @Nullable String locale,
            @Nullable String ipAddress,
            @Nullable String userAgent,
            @Nullable String signalsId) {}

    record Update(
            Field<String> email,
            @Nullable String password,
            @Nullable String passwordHash,
            @Nullable String passwordHashType,
            @Nullable String passwordSaltPosition,
            @Limit(200) Field<String> firstName,
            @Limit(200) Field<String> lastName,
            @Limit(400) Field<String> name,
            Field<Boolean> emailVerified,
            @Limit(value = 128, ascii = true) Field<String> externalId,
            Field<Map<String, @Nullable String>> metadata,
            Field<String> locale) {}

    /** An input with the hash made of it, ready for a transaction. */
    record Hashed<I>(I input, @Nullable String hash) {
        @Override
        public String toString() {
            return "Hashed";
        }
    }

    void routes(Routes r) {
        r.list("GET /user_management/users", User.TYPE, "email", "organization_id")
                .synonym("organization", "organization_id");
        r.create("POST /user_management/users", User.TYPE, Create.class, (in, flow) -> hashed(in), this::create)
                .alias("POST /users");
        r.get("GET /user_management/users/external_id/{external_id}", User.TYPE);
        r.get("GET /user_management/users/{id}", User.TYPE);
        r.update(
                "PUT /user_management/users/{id}",
                User.TYPE,
                Update.class,
                (in, flow) -> hashed(in, flow),
                this::update);
        r.delete("DELETE /user_management/users/{id}", User.TYPE, this::delete).status(200);
    }

    Hashed<Create> hashed(Create in) {
        boolean plain = in.password != null;
        String hash = passwordHash(
                in.password,
                in.passwordHash,
                in.passwordHashType,
                in.passwordSaltPosition,
                plain ? personal(in.email, in.firstName, in.lastName, in.name) : List.of());
        return new Hashed<>(in, hash);
    }

    private Hashed<Update> hashed(Update in, Flow flow) {
        List<String> personal = in.password == null
                ? List.of()
                : flow.run(call -> {
                    User user = call.get(User.TYPE, flow.variable("id"));
                    // as the user will be called afterwards
                    return personal(
                            in.email.orKeep(user.email()),
                            in.firstName.or(user.firstName()),
                            in.lastName.or(user.lastName()),
                            in.name.or(user.name()));
                });
        return new Hashed<>(
                in, passwordHash(in.password, in.passwordHash, in.passwordHashType, in.passwordSaltPosition, personal));
    }

    private @Nullable String passwordHash(
            @Nullable String password,
            @Nullable String hash,
            @Nullable String type,
            @Nullable String saltPosition,
            List<String> personal) {
        if (password != null && hash != null) {
            throw ApiException.of(
                    400, "password_and_password_hash_provided", "Give either a password or a password_hash.");
        }
        if (password != null && type != null) {
            throw ApiException.of(
                    400, "password_and_password_hash_type_provided", "A password takes no password_hash_type.");
        }
        if (saltPosition != null && hash == null) {
            throw ApiException.of(
                    400,
                    "password_salt_position_requires_password_hash",
                    "A password_salt_position needs a password_hash.");
        }
        if (hash != null) {
            return passwords.imported(type == null ? "" : type, hash, saltPosition);
        }
        return password == null ? null : passwords.accept(password, personal);
    }

    static List<String> personal(String email, @Nullable String... names) {
        List<String> words = new ArrayList<>(List.of(email));
        for (String name : names) {
            if (name != null) {
                words.add(name);
            }
        }
        return words;
    }

    User create(Hashed<Create> hashed, Call call) {
        Create in = hashed.input;
        User user = call.create(User.TYPE, draft(in, call.newId(User.TYPE), call.now()));
        if (hashed.hash != null) {
            Passwords.store(call, user.id(), hashed.hash);
        }
        return user;
    }

    /** The user that an input describes, held to everything that needs no database. */
    static User draft(Create in, String id, Instant at) {
        if (!Email.valid(in.email)) {
            throw ApiException.invalid("email", "invalid_email", "Email is not a valid e-mail address.");
        }
        return new User(
                id,
                in.email,
                Boolean.TRUE.equals(in.emailVerified),
                in.firstName,
                in.lastName,
                in.name,
                null,
                ExternalId.of(in.externalId),
                Metadata.merge(Map.of(), in.metadata == null ? Field.absent() : Field.of(in.metadata)),
                locale(in.locale),
                null,
                List.of(),
                at,
                at);
    }

    User update(User user, Hashed<Update> hashed, Call call) {
        Update in = hashed.input;
        String email = in.email.orKeep(user.email());
        boolean moved = !Email.fold(email).equals(Email.fold(user.email()));
        if (!email.equals(user.email()) && !Email.valid(email)) {
            throw ApiException.of(400, "invalid_email", "Email is not a valid e-mail address.");
        }
        boolean verified = in.emailVerified.orKeep(!moved && user.emailVerified());
        if (!moved && user.emailVerified() && !verified) {
            throw ApiException.of(
                    400,
                    "email_already_verified",
                    "The user email has already been verified and cannot be unverified.");
        }
        User updated = call.update(
                User.TYPE,
                user.id(),
                u -> new User(
                        u.id(),
                        email,
                        verified,
                        in.firstName.or(u.firstName()),
                        in.lastName.or(u.lastName()),
                        in.name.or(u.name()),
                        u.profilePictureUrl(),
                        ExternalId.of(in.externalId.or(u.externalId())),
                        Metadata.merge(u.metadata(), in.metadata),
                        in.locale.present() ? locale(in.locale.value()) : u.locale(),
                        u.lastSignInAt(),
                        u.organizationIds(),
                        u.createdAt(),
                        u.updatedAt()));
        if (hashed.hash != null) {
            Passwords.store(call, user.id(), hashed.hash);
            // whoever knew the old password is out
            sessions.endAll(call, user.id());
        }
        if (moved) {
            // what was mailed to the old address proves nothing of the new one (ATTACKS Q04)
            MailCodes.forget(call, user.id());
            PasswordReset.forget(call, user.id());
        }
        sessions.recheck(call, user.id());
        return updated;
    }

    void delete(User user, Call call) {
        features.forget(call, user.id());
        affiliations.forget(call, user.id());
        profiles.forget(call, user.id());
        sessions.forget(call, user.id());
        factors.forget(call, user.id());
        passkeys.forget(call, user.id());
        Passwords.forget(call, user.id());
        call.delete(User.TYPE, user);
    }

    static @Nullable String locale(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!LOCALE.matcher(text).matches()) {
            throw ApiException.of(400, "invalid_locale", "Locale must be a language tag like en or pt-BR.");
        }
        return text;
    }
}
