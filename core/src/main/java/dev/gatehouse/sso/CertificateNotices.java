package dev.gatehouse.sso;

import dev.gatehouse.crypto.Digest;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Omittable;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events about the certificates of SAML connections (contract/behaviour/05 §5.5): that one ends, told ninety days before and
 * ever more often, and every week afterwards; and that it was renewed. Of several certificates the one that ends last counts,
 * since the others are there to be replaced.
 */
final class CertificateNotices {
    private static final List<Integer> DAYS_BEFORE = List.of(90, 60, 30, 14, 7, 3, 1, 0);
    private static final Duration WEEK = Duration.ofDays(7);

    private CertificateNotices() {}

    /** What a certificate is for, as the contract spells it. */
    private enum Use {
        RESPONSE_SIGNING("ResponseSigning"),
        REQUEST_SIGNING("RequestSigning"),
        RESPONSE_ENCRYPTION("ResponseEncryption");

        final String wire;

        Use(String wire) {
            this.wire = wire;
        }
    }

    private record Ending(Use use, String key, Instant end) {}

    private record Whose(String id, @Omittable @Nullable String organizationId) {}

    private record Required(String certificateType, Instant expiryDate, boolean isExpired) {}

    private record Renewed(String certificateType, Instant expiryDate) {}

    private static List<Ending> endings(Connection connection) {
        SamlProvider provider = connection.saml();
        if (provider == null) {
            return List.of();
        }
        Optional<Ending> theirs = last(Use.RESPONSE_SIGNING, provider.certificates());
        List<String> newest = connection.keys().stream()
                .limit(1)
                .map(Connection.OwnKey::certificate)
                .toList();
        Optional<Ending> signing = provider.signRequests() ? last(Use.REQUEST_SIGNING, newest) : Optional.empty();
        Optional<Ending> encrypting = last(Use.RESPONSE_ENCRYPTION, newest);
        return List.of(theirs, signing, encrypting).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Ending> last(Use use, List<String> certificates) {
        return certificates.stream()
                .map(text -> new Ending(
                        use,
                        use.wire + " " + Digest.of("certificate", text),
                        OwnKeys.certificate(text).getNotAfter().toInstant()))
                .max(Comparator.comparing(Ending::end));
    }

    /**
     * Tells of certificates whose time has come.
     *
     * @param told certificate to when it was told of last
     * @return the same with what was told now; of certificates that are gone, nothing
     */
    static Map<String, Instant> tell(Call call, Connection connection, Map<String, Instant> told) {
        Map<String, Instant> all = new LinkedHashMap<>();
        for (Ending ending : endings(connection)) {
            Instant last = told.get(ending.key);
            Instant due = milestone(ending.end, call.now());
            if (due != null && (last == null || last.isBefore(due))) {
                tell(call, connection, ending);
                last = call.now();
            }
            if (last != null) {
                all.put(ending.key, last);
            }
        }
        return all;
    }

    /** The latest moment until now at which an end is told of; null if none has come. */
    static @Nullable Instant milestone(Instant end, Instant now) {
        Instant latest = null;
        for (int days : DAYS_BEFORE) {
            Instant at = end.minus(Duration.ofDays(days));
            latest = at.isAfter(now) ? latest : at;
        }
        long weeks = now.isBefore(end) ? 0 : Duration.between(end, now).dividedBy(WEEK);
        return weeks == 0 ? latest : end.plus(WEEK.multipliedBy(weeks));
    }

    private static void tell(Call call, Connection connection, Ending ending) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("connection", new Whose(connection.id(), connection.organizationId()));
        data.put(
                "certificate",
                new Required(ending.use.wire, ending.end, !call.now().isBefore(ending.end)));
        data.put(
                "days_until_expiry",
                Math.floorDiv(Duration.between(call.now(), ending.end).toHours(), 24L));
        call.emit("connection.saml_certificate_renewal_required", data, String.valueOf(connection.organizationId()));
    }

    /** Tells of certificates that end later than those before. */
    static void tellRenewed(Call call, Connection before, Connection after) {
        for (Ending ending : endings(after)) {
            boolean later = endings(before).stream()
                    .filter(old -> old.use == ending.use)
                    .anyMatch(old -> old.end.isBefore(ending.end));
            if (later) {
                Map<String, Object> data = new LinkedHashMap<>();
                data.put("connection", new Whose(after.id(), after.organizationId()));
                data.put("certificate", new Renewed(ending.use.wire, ending.end));
                data.put("renewed_at", call.now());
                call.emit("connection.saml_certificate_renewed", data, String.valueOf(after.organizationId()));
            }
        }
    }
}
