package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.crypto.PasswordHash;
import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Required;
import dev.gatehouse.factors.EnrollInput;
import dev.gatehouse.factors.Factor;
import dev.gatehouse.factors.Factors;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Users with all that belongs to them, hashes and secrets too, in the members that the contract names: what import and
 * export are made of. A row is held to everything that a request to make a user is held to.
 */
public final class PortableUsers {
    private static final Pattern ID = Pattern.compile("user_[0-7][0-9A-HJKMNP-TV-Z]{25}");

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
            "totp_factors");

    private final Engine engine;
    private final UserOperations operations;
    private final Factors factors;
    private final String issuer;

    PortableUsers(Engine engine, UserOperations operations, Factors factors, String issuer) {
        this.engine = engine;
        this.operations = operations;
        this.factors = factors;
        this.issuer = issuer;
    }

    /** What a row has beyond what a request may carry. */
    record History(
            @Nullable String id,
            @Nullable String createdAt,
            @Nullable String updatedAt,
            @Nullable String lastSignInAt,
            @Nullable List<App> totpFactors) {}

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

        private Checked(
                User draft, boolean ownId, @Nullable String hash, UserOperations.Update update, List<App> apps) {
            this.draft = draft;
            this.ownId = ownId;
            this.hash = hash;
            this.update = update;
            this.apps = apps;
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
        String id = history.id == null ? "user_00000000000000000000000000" : history.id;
        if (!ID.matcher(id).matches()) {
            throw ApiException.invalid("id", "id_invalid", "Id must be user_ and a ULID.");
        }
        Instant now = engine.now();
        Instant created = time("created_at", history.createdAt, now).orElse(now);
        Instant updated = time("updated_at", history.updatedAt, now).orElse(created);
        Instant lastSignIn = time("last_sign_in_at", history.lastSignInAt, now).orElse(null);
        List<App> apps = history.totpFactors == null ? List.of() : history.totpFactors;
        User draft = UserOperations.draft(create.input(), id, created);
        if (apps.size() > Factors.MOST_OF_A_USER) {
            throw ApiException.invalid(
                    "totp_factors", "too_many_factors", "A user has at most " + Factors.MOST_OF_A_USER + " factors.");
        }
        apps.forEach(app -> input(app, draft).check());
        return new Checked(
                with(draft, id, updated, lastSignIn),
                history.id != null,
                create.hash(),
                engine.bound(row, UserOperations.Update.class),
                apps);
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
        if (!row.path("object").asText("user").equals("user")) {
            problems.add(new Problem("object", "object_not_supported", "Only users can be imported."));
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
    }

    private static Optional<Instant> time(String member, @Nullable String text, Instant now) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            Instant time = Instant.parse(text).truncatedTo(ChronoUnit.MILLIS);
            if (!time.isBefore(Instant.EPOCH) && !time.isAfter(now)) {
                return Optional.of(time);
            }
        } catch (DateTimeParseException e) {
            // as any other text that is no moment of the past
        }
        throw ApiException.invalid(
                member, member + "_invalid", member + " must be a past time in ISO 8601, like 2026-01-15T12:00:00Z.");
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

    /** Who has the row's address already. */
    public Optional<User> existing(Call call, Checked row) {
        return call.findBy(User.TYPE, "email", row.email());
    }

    /** What of a new user's row belongs to somebody else; looked up before anything is written. */
    public Optional<Problem> conflict(Call call, Checked row) {
        String externalId = row.draft.externalId();
        if (row.ownId && call.find(User.TYPE, row.draft.id()).isPresent()) {
            return Optional.of(new Problem("id", "id_already_used", "This id belongs to another user."));
        }
        if (externalId != null
                && call.findBy(User.TYPE, "external_id", externalId).isPresent()) {
            return Optional.of(new Problem(
                    "external_id", "external_id_already_used", "This external_id belongs to another user."));
        }
        return Optional.empty();
    }

    /** Makes the user, with the event that every new user has. */
    public void create(Call call, Checked row) {
        String id = row.ownId ? row.draft.id() : call.newId(User.TYPE);
        User user = call.create(User.TYPE, with(row.draft, id, row.draft.updatedAt(), row.draft.lastSignInAt()));
        if (row.hash != null) {
            // nobody has one under a new id: no need to look, as Passwords.store does
            call.create(Password.TYPE, new Password(Password.idOf(id), row.hash, call.now(), call.now()));
        }
        row.apps.forEach(app -> factors.adopt(call, input(app, user)));
    }

    /**
     * Gives a user what the row has; what it has not stays. A hash that is another than the stored one replaces it and
     * ends the user's sessions; apps are taken over if the user has none.
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
    }

    /**
     * What {@link #check} takes of a user. Null members are left out.
     *
     * @param totpFactors only when secrets are asked for
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
            @Nullable List<PortableApp> totpFactors) {
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
        if (secrets) {
            call.prefetchAll(
                    Factor.TYPE, "user_id", users.stream().map(User::id).toList(), f -> String.valueOf(f.userId()));
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
                secrets ? apps(call, u) : null);
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
