package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.crypto.PasswordHash;
import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.FileValue;
import dev.gatehouse.engine.Required;
import dev.gatehouse.factors.EnrollInput;
import dev.gatehouse.factors.Factor;
import dev.gatehouse.factors.Factors;
import dev.gatehouse.passkeys.Passkey;
import dev.gatehouse.passkeys.PortablePasskey;
import dev.gatehouse.passkeys.PortablePasskeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Users with all that belongs to them, hashes and secrets too, in the members that the contract names: what import and
 * export are made of. A row is held to everything that a request to make a user is held to.
 */
public final class PortableUsers {
    /** What a row may hold. An unknown member is refused: a misspelt one would be lost without a word. */
    public static final Set<String> MEMBERS = Set.of(
            "object",
            "id",
            "email",
            "email_verified",
            "first_name",
            "last_name",
            "name",
            "external_id",
            "metadata",
            "locale",
            "password_hash",
            "password_hash_type",
            "password_salt_position",
            "created_at",
            "updated_at",
            "last_sign_in_at",
            "totp_factors",
            "passkeys",
            "organization_memberships");

    /** Those of them that are lists, and so have no place in a table. */
    public static final Set<String> LISTS = Set.of("totp_factors", "passkeys", "organization_memberships");

    private final Engine engine;
    private final UserOperations operations;
    private final Factors factors;
    private final PortablePasskeys passkeys;
    private final String issuer;

    PortableUsers(Engine engine, UserOperations operations, Factors factors, PortablePasskeys passkeys, String issuer) {
        this.engine = engine;
        this.operations = operations;
        this.factors = factors;
        this.passkeys = passkeys;
        this.issuer = issuer;
    }

    /** What a row has beyond what a request may carry. */
    record History(
            @Nullable String id,
            @Nullable String createdAt,
            @Nullable String updatedAt,
            @Nullable String lastSignInAt,
            @Nullable List<App> totpFactors,
            @Nullable List<PortablePasskey> passkeys) {}

    /** An authenticator app that is in use. */
    record App(
            @Nullable String totpIssuer,
            @Nullable String totpUser,
            @Required String totpSecret) {
        @Override
        public String toString() {
            return "App[" + totpIssuer + ", " + totpUser + "]";
        }
    }

    /** A row that passed every check which needs no database. */
    public static final class Checked {
        private final User draft;
        private final boolean ownId;
        private final @Nullable String hash;
        private final UserOperations.Update update;
        private final List<App> apps;
        private final List<Passkey> passkeys;

        private Checked(
                User draft,
                boolean ownId,
                @Nullable String hash,
                UserOperations.Update update,
                List<App> apps,
                List<Passkey> passkeys) {
            this.draft = draft;
            this.ownId = ownId;
            this.hash = hash;
            this.update = update;
            this.apps = apps;
            this.passkeys = passkeys;
        }

        /** Its address. */
        public String email() {
            return draft.email();
        }
    }

    /**
     * Checks a row, outside of any transaction.
     *
     * @throws ApiException with every problem that was found at once
     */
    public Checked check(ObjectNode row) {
        known(row);
        UserOperations.Hashed<UserOperations.Create> create =
                operations.hashed(engine.bound(row, UserOperations.Create.class));
        History history = engine.bound(row, History.class);
        String id = FileValue.id(User.TYPE, "id", history.id).orElse("user_00000000000000000000000000");
        Instant now = engine.now();
        Instant created = FileValue.time("created_at", history.createdAt, now).orElse(now);
        Instant updated = FileValue.time("updated_at", history.updatedAt, now).orElse(created);
        Instant lastSignIn =
                FileValue.time("last_sign_in_at", history.lastSignInAt, now).orElse(null);
        List<App> apps = history.totpFactors == null ? List.of() : history.totpFactors;
        User draft = UserOperations.draft(create.input(), id, created);
        if (apps.size() > Factors.MOST_OF_A_USER) {
            throw ApiException.invalid(
                    "totp_factors", "too_many_factors", "A user has at most " + Factors.MOST_OF_A_USER + " factors.");
        }
        apps.forEach(app -> input(app, draft).check());
        List<PortablePasskey> keys = history.passkeys == null ? List.of() : history.passkeys;
        if (history.id == null && !keys.isEmpty()) {
            throw ApiException.invalid(
                    "id", "id_required", "A passkey knows its user by the id, so a row with passkeys needs it.");
        }
        return new Checked(
                with(draft, id, updated, lastSignIn),
                history.id != null,
                create.hash(),
                engine.bound(row, UserOperations.Update.class),
                apps,
                passkeys.check(keys, id, now));
    }

    private static void known(ObjectNode row) {
        List<Problem> problems = new ArrayList<>();
        row.fieldNames().forEachRemaining(name -> {
            if (name.equals("password")) {
                problems.add(new Problem(
                        name, "password_not_accepted", "A file of passwords is not taken. Give password_hash."));
            } else if (!MEMBERS.contains(name)) {
                problems.add(new Problem(name, "unknown_field", "Nothing is known by this name."));
            }
        });
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
    }

    private static User with(User u, String id, Instant updated, @Nullable Instant lastSignIn) {
        return new User(
                id,
                u.email(),
                u.emailVerified(),
                u.firstName(),
                u.lastName(),
                u.name(),
                null,
                u.externalId(),
                u.metadata(),
                u.locale(),
                lastSignIn,
                List.of(),
                u.createdAt(),
                updated);
    }

    private EnrollInput input(App app, User user) {
        return new EnrollInput(
                user.id(),
                app.totpIssuer == null ? issuer : app.totpIssuer,
                app.totpUser == null ? user.email() : app.totpUser,
                EnrollInput.secret(app.totpSecret));
    }

    /** Reads at once what {@link #existing} and {@link #conflict} will ask for. */
    public void prefetch(Call call, List<Checked> rows) {
        call.prefetchBy(User.TYPE, "email", rows.stream().map(Checked::email).toList());
        call.prefetchBy(
                User.TYPE,
                "external_id",
                rows.stream()
                        .map(row -> row.draft.externalId())
                        .filter(Objects::nonNull)
                        .toList());
        call.prefetch(
                User.TYPE,
                rows.stream()
                        .filter(row -> row.ownId)
                        .map(row -> row.draft.id())
                        .toList());
        passkeys.prefetch(
                call, rows.stream().flatMap(row -> row.passkeys.stream()).toList());
    }

    /** Who has the row's address already. */
    public Optional<User> existing(Call call, Checked row) {
        return call.findBy(User.TYPE, "email", row.email());
    }

    /** Whether an earlier row of a rehearsal has this one's address. */
    public boolean rehearsed(Call call, Checked row) {
        return call.rehearsed(User.TYPE, "email", row.email());
    }

    /** What of a new user's row belongs to somebody else; looked up before anything is written. */
    public Optional<Problem> conflict(Call call, Checked row) {
        String externalId = row.draft.externalId();
        String id = row.draft.id();
        if (row.ownId && (call.find(User.TYPE, id).isPresent() || call.rehearsed(User.TYPE, "id", id))) {
            return Optional.of(new Problem("id", "id_already_used", "This id belongs to another user."));
        }
        if (externalId != null
                && (call.findBy(User.TYPE, "external_id", externalId).isPresent()
                        || call.rehearsed(User.TYPE, "external_id", externalId))) {
            return Optional.of(new Problem(
                    "external_id", "external_id_already_used", "This external_id belongs to another user."));
        }
        return passkeys.conflict(call, row.passkeys);
    }

    /**
     * Makes the user, with the event that every new user has.
     *
     * @param organizationIds of the memberships that will be made
     */
    public User create(Call call, Checked row, List<String> organizationIds) {
        String id = row.ownId ? row.draft.id() : call.newId(User.TYPE);
        User user = call.create(
                User.TYPE,
                with(row.draft, id, row.draft.updatedAt(), row.draft.lastSignInAt())
                        .in(organizationIds));
        if (row.hash != null) {
            // nobody has one under a new id: no need to look, as Passwords.store does
            call.create(Password.TYPE, new Password(Password.idOf(id), row.hash, call.now(), call.now()));
        }
        row.apps.forEach(app -> factors.adopt(call, input(app, user)));
        passkeys.create(call, row.passkeys, id);
        return user;
    }

    /**
     * Gives a user what the row has; what it has not stays. A hash that is another than the stored one replaces it and
     * ends the user's sessions; apps are taken over if the user has none,
     * and passkeys that the user has not.
     *
     * @throws ApiException as an update over REST
     */
    public void update(Call call, User user, Checked row) {
        if (row.ownId && !row.draft.id().equals(user.id())) {
            throw ApiException.invalid("id", "id_differs", "The user with this address has another id.");
        }
        boolean sameHash = row.hash != null
                && Passwords.stored(call, user.id()).filter(row.hash::equals).isPresent();
        operations.update(
                call.need(User.TYPE, user.id()),
                new UserOperations.Hashed<>(row.update, sameHash ? null : row.hash),
                call);
        if (factors.ofUser(call, user.id()).stream().noneMatch(Factor::verified)) {
            row.apps.forEach(app -> factors.adopt(call, input(app, user)));
        }
        if (!row.passkeys.isEmpty()) {
            passkeys.add(call, row.passkeys, user.id());
        }
    }

    /**
     * What {@link #check} takes of a user. Null members are left out.
     *
     * @param totpFactors only when secrets are asked for
     * @param passkeys null for none
     */
    public record Portable(
            String object,
            String id,
            String email,
            boolean emailVerified,
            @Nullable String firstName,
            @Nullable String lastName,
            @Nullable String name,
            @Nullable String externalId,
            @Nullable Map<String, String> metadata,
            @Nullable String locale,
            @Nullable String passwordHashType,
            @Nullable String passwordHash,
            @Nullable String passwordSaltPosition,
            Instant createdAt,
            Instant updatedAt,
            @Nullable Instant lastSignInAt,
            @Nullable List<PortableApp> totpFactors,
            @Nullable List<PortablePasskey> passkeys) {
        @Override
        public String toString() {
            return "Portable[" + id + "]";
        }
    }

    /** An authenticator app with its secret. */
    public record PortableApp(String totpIssuer, String totpUser, String totpSecret) {
        @Override
        public String toString() {
            return "PortableApp[" + totpIssuer + ", " + totpUser + "]";
        }
    }

    /**
     * One page of users with their hashes, oldest first.
     *
     * @param after last id of the page before; null for the first
     * @param secrets whether to open the secrets of authenticator apps, too
     */
    public List<Portable> page(Call call, @Nullable String after, int limit, boolean secrets) {
        List<User> users = call.page(User.TYPE, Map.of(), null, new Call.Window(after, null, false, limit));
        call.prefetch(
                Password.TYPE, users.stream().map(u -> Password.idOf(u.id())).toList());
        List<String> ids = users.stream().map(User::id).toList();
        call.prefetchAll(Passkey.TYPE, "user_id", ids, Passkey::userId);
        if (secrets) {
            call.prefetchAll(Factor.TYPE, "user_id", ids, f -> String.valueOf(f.userId()));
        }
        return users.stream().map(u -> portable(call, u, secrets)).toList();
    }

    private Portable portable(Call call, User u, boolean secrets) {
        PasswordHash.Exported hash =
                Passwords.stored(call, u.id()).map(PasswordHash::exported).orElse(null);
        return new Portable(
                "user",
                u.id(),
                u.email(),
                u.emailVerified(),
                u.firstName(),
                u.lastName(),
                u.name(),
                u.externalId(),
                u.metadata().isEmpty() ? null : new TreeMap<>(u.metadata()),
                u.locale(),
                hash == null ? null : hash.type(),
                hash == null ? null : hash.hash(),
                hash == null ? null : hash.saltPosition(),
                u.createdAt(),
                u.updatedAt(),
                u.lastSignInAt(),
                secrets ? apps(call, u) : null,
                passkeys(call, u));
    }

    private static @Nullable List<PortablePasskey> passkeys(Call call, User user) {
        List<Passkey> all = call.all(Passkey.TYPE, "user_id", user.id());
        return all.isEmpty() ? null : all.stream().map(PortablePasskey::of).toList();
    }

    private @Nullable List<PortableApp> apps(Call call, User user) {
        List<PortableApp> apps = new ArrayList<>();
        for (Factor factor : factors.ofUser(call, user.id())) {
            if (factor.verified()) {
                factors.exported(call, factor)
                        .ifPresent(secret -> apps.add(new PortableApp(
                                factor.issuer(), factor.account(), secret.text(RevealSecret.access()))));
            }
        }
        return apps.isEmpty() ? null : apps;
    }
}
