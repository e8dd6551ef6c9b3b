package dev.gatehouse.factors;

import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovery codes: ten at a time, each of ten characters (50 bits), each good once (ATTACKS P31). One row holds all of a
 * user's, so whoever holds the row takes a code alone.
 */
final class Recovery {
    static final int CODES = 10;
    private static final int LENGTH = 10;
    /** Capital letters and digits without 0 and O, 1 and I. */
    private static final String ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final String PURPOSE = "recovery codes";

    private final Envelope envelope;
    private final RandomTokens random;

    Recovery(Envelope envelope, RandomTokens random) {
        this.envelope = envelope;
        this.random = random;
    }

    /** New codes instead of all earlier ones. The user's row must be held. */
    List<String> renew(Call call, String userId) {
        String id = RecoveryCodes.idOf(userId);
        String salt = random.base62(22);
        List<String> codes = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        while (codes.size() < CODES) {
            String code = random.text(ALPHABET, LENGTH);
            codes.add(code);
            digests.add(digest(salt, code));
        }
        String sealed = seal(id, digests);
        if (call.hold(RecoveryCodes.TYPE, id).isPresent()) {
            call.update(RecoveryCodes.TYPE, id, r -> r.with(salt, sealed, CODES));
        } else {
            call.create(
                    RecoveryCodes.TYPE, new RecoveryCodes(id, salt, sealed, CODES, Tries.NONE, call.now(), call.now()));
        }
        return codes;
    }

    /** Takes a code; how many are left. */
    Outcome<Integer> use(Call call, String userId, String typed) {
        RecoveryCodes stored =
                call.hold(RecoveryCodes.TYPE, RecoveryCodes.idOf(userId)).orElse(null);
        if (stored == null) {
            return new Outcome.Refused<>(Refusals.wrong());
        }
        if (stored.tries().exhausted(call.now())) {
            return new Outcome.Refused<>(Refusals.exhausted());
        }
        List<String> digests = new ArrayList<>(open(stored));
        String given = digest(stored.salt(), normal(typed));
        int found = -1;
        for (int i = 0; i < digests.size(); i++) {
            // no early exit: the time must not tell which one it was
            found = Digest.equal(digests.get(i), given) ? i : found;
        }
        if (found < 0) {
            call.update(RecoveryCodes.TYPE, stored.id(), r -> r.failed(call.now()));
            return new Outcome.Refused<>(Refusals.wrong());
        }
        digests.remove(found);
        String sealed = seal(stored.id(), digests);
        call.update(RecoveryCodes.TYPE, stored.id(), r -> r.with(r.salt(), sealed, digests.size()));
        return new Outcome.Done<>(digests.size());
    }

    static int left(Call call, String userId) {
        return call.find(RecoveryCodes.TYPE, RecoveryCodes.idOf(userId))
                .map(RecoveryCodes::left)
                .orElse(0);
    }

    static void forget(Call call, String userId) {
        call.hold(RecoveryCodes.TYPE, RecoveryCodes.idOf(userId)).ifPresent(r -> call.delete(RecoveryCodes.TYPE, r));
    }

    /** The same row, sealed under the root key that seals now. */
    RecoveryCodes current(RecoveryCodes stored) {
        if (envelope.current(stored.sealed())) {
            return stored;
        }
        List<String> digests = open(stored);
        return digests.size() == stored.left()
                ? stored.with(stored.salt(), seal(stored.id(), digests), stored.left())
                : stored;
    }

    private List<String> open(RecoveryCodes stored) {
        return envelope.openText(PURPOSE, stored.id(), stored.sealed())
                .map(text -> text.isEmpty() ? List.<String>of() : List.of(text.split("\n", -1)))
                .orElseGet(() -> {
                    LOG.warn("{} opens under none of the root keys; every code of it is refused", stored.id());
                    return List.of();
                });
    }

    private String seal(String id, List<String> digests) {
        return envelope.sealText(PURPOSE, id, String.join("\n", digests));
    }

    private static String digest(String salt, String code) {
        return Digest.of("recovery_code", salt + '\0' + code);
    }

    /** People type small letters, and the groups in which a page shows a code. ASCII alone is folded. */
    private static String normal(String typed) {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < typed.length() && code.length() <= LENGTH; i++) {
            char c = typed.charAt(i);
            if (c != ' ' && c != '-') {
                code.append(c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
            }
        }
        return code.toString();
    }
}
