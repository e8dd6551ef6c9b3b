package dev.gatehouse.passkeys;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.crypto.Base64Url;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.FileValue;
import dev.gatehouse.engine.Lazy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Passkeys that come from a file, held to what one that is made here is held to. */
public final class PortablePasskeys {
    private static final long MOST_COUNTED = 0xffff_ffffL;
    private static final String NO_MODEL = "00000000-0000-0000-0000-000000000000";
    private static final Pattern MODEL = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Lazy<Verifier> verifier;

    PortablePasskeys(Lazy<Verifier> verifier) {
        this.verifier = verifier;
    }

    /**
     * Passkeys of a user that passed every check which needs no database; one without an id gets it when it is stored.
     *
     * @throws ApiException 422 with what is wrong
     */
    public List<Passkey> check(List<PortablePasskey> rows, String userId, Instant now) {
        if (rows.size() > Passkeys.MOST_OF_A_USER) {
            throw wrong("", "too_many_passkeys", Refusals.tooMany().text());
        }
        List<Passkey> all = rows.stream().map(row -> checked(row, userId, now)).toList();
        Set<String> names = new HashSet<>();
        if (!all.stream().allMatch(p -> names.add(p.credentialId()))) {
            throw wrong(".credential_id", "passkey_already_registered", "A credential id is there twice.");
        }
        return all;
    }

    private Passkey checked(PortablePasskey row, String userId, Instant now) {
        byte[] id = Base64Url.decode(row.credentialId());
        if (id == null || id.length < 1 || id.length > Credential.LONGEST_ID) {
            throw wrong(
                    ".credential_id",
                    "credential_id_invalid",
                    "A credential id is 1 to " + Credential.LONGEST_ID + " bytes as base64url.");
        }
        Instant created =
                FileValue.time("passkeys.created_at", row.createdAt(), now).orElse(now);
        return new Passkey(
                FileValue.id(Passkey.TYPE, "passkeys.id", row.id()).orElse(""),
                userId,
                row.credentialId(),
                row.publicKey(),
                algorithm(row.publicKey()),
                counted(row.signCount()),
                transports(row.transports()),
                model(row.aaguid()),
                row.backupEligible(),
                backedUp(row),
                name(row.name()),
                FileValue.time("passkeys.last_used_at", row.lastUsedAt(), now).orElse(null),
                created,
                FileValue.time("passkeys.updated_at", row.updatedAt(), now).orElse(created));
    }

    private long algorithm(String publicKey) {
        byte[] key = Base64Url.decode(publicKey);
        if (key == null) {
            throw wrong(".public_key", "public_key_invalid", "A public key is a COSE_Key as base64url.");
        }
        try {
            return verifier.get().imported(key);
        } catch (ApiException e) {
            throw wrong(".public_key", "public_key_invalid", e.text());
        }
    }

    private static long counted(@Nullable Long count) {
        if (count != null && (count < 0 || count > MOST_COUNTED)) {
            throw wrong(".sign_count", "sign_count_invalid", "A sign count has 32 bits.");
        }
        return count == null ? 0 : count;
    }

    private static List<String> transports(@Nullable List<String> words) {
        List<String> all = words == null ? List.of() : words;
        if (all.size() > Credential.MOST_TRANSPORTS || !all.stream().allMatch(Credential::transport)) {
            throw wrong(".transports", "transports_invalid", "Transports are words like internal or usb.");
        }
        return all;
    }

    private static String model(@Nullable String aaguid) {
        if (aaguid != null && !MODEL.matcher(aaguid).matches()) {
            throw wrong(".aaguid", "aaguid_invalid", "An aaguid is a UUID in lower case.");
        }
        return aaguid == null ? NO_MODEL : aaguid;
    }

    private static boolean backedUp(PortablePasskey row) {
        if (row.backedUp() && !row.backupEligible()) {
            throw wrong(".backed_up", "backed_up_invalid", "It claims to be synced and that it cannot be.");
        }
        return row.backedUp();
    }

    private static String name(String typed) {
        String name;
        try {
            name = Passkeys.name(typed);
        } catch (ApiException e) {
            throw ApiException.invalid(e.problems().stream()
                    .map(p -> new Problem("passkeys." + p.field(), p.code(), p.message()))
                    .toList());
        }
        if (!name.equals(typed)) {
            throw wrong(".name", "invalid_passkey_name", "A passkey's name has no space around it.");
        }
        return name;
    }

    private static ApiException wrong(String member, String code, String message) {
        return ApiException.invalid("passkeys" + member, code, message);
    }

    /** Looks up at once who has these passkeys, so that {@link #conflict} reads nothing. */
    public void prefetch(Call call, List<Passkey> all) {
        call.prefetchBy(
                Passkey.TYPE,
                "credential_id",
                all.stream().map(Passkey::credentialId).toList());
        call.prefetch(
                Passkey.TYPE,
                all.stream().map(Passkey::id).filter(id -> !id.isEmpty()).toList());
    }

    /** What of these passkeys is there already, whosever. */
    public Optional<Problem> conflict(Call call, List<Passkey> all) {
        for (Passkey p : all) {
            if (call.findBy(Passkey.TYPE, "credential_id", p.credentialId()).isPresent()
                    || call.rehearsed(Passkey.TYPE, "credential_id", p.credentialId())) {
                return Optional.of(new Problem(
                        "passkeys.credential_id",
                        "passkey_already_registered",
                        Refusals.registered().text()));
            }
            if (!p.id().isEmpty()
                    && (call.find(Passkey.TYPE, p.id()).isPresent() || call.rehearsed(Passkey.TYPE, "id", p.id()))) {
                return Optional.of(
                        new Problem("passkeys.id", "id_already_used", "This id belongs to another passkey."));
            }
        }
        return Optional.empty();
    }

    /** Stores passkeys of a user that has none yet. */
    public void create(Call call, List<Passkey> all, String userId) {
        all.forEach(p -> call.create(Passkey.TYPE, p.id().isEmpty() ? p.of(call.newId(Passkey.TYPE), userId) : p));
    }

    /**
     * Stores what a user, held by the caller, has not yet. A passkey that is there stays as it is: its counter must never
     * go back.
     *
     * @throws ApiException 422 if there are too many then, or one is somebody else's
     */
    public void add(Call call, List<Passkey> all, String userId) {
        List<Passkey> known = call.all(Passkey.TYPE, "user_id", userId);
        Set<String> there = new HashSet<>();
        known.forEach(p -> there.add(p.credentialId()));
        List<Passkey> missing = new ArrayList<>(all);
        missing.removeIf(p -> there.contains(p.credentialId()));
        if (known.size() + missing.size() > Passkeys.MOST_OF_A_USER) {
            throw wrong("", "too_many_passkeys", Refusals.tooMany().text());
        }
        conflict(call, missing).ifPresent(problem -> {
            throw ApiException.invalid(List.of(problem));
        });
        create(call, missing, userId);
    }
}
