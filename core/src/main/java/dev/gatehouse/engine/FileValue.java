package dev.gatehouse.engine;

import dev.gatehouse.api.ApiException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a file says of a resource that existed elsewhere, and no request may say: its identifier, and when things were. */
public final class FileValue {
    private static final Pattern ULID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");

    private FileValue() {}

    /**
     * An identifier that is kept; empty for none.
     *
     * @throws ApiException 422 {@code id_invalid} unless it is the type's prefix and a ULID
     */
    public static Optional<String> id(EntityType<?> type, String member, @Nullable String id) {
        String prefix = type.newId("");
        if (id != null
                && !(id.startsWith(prefix)
                        && ULID.matcher(id.substring(prefix.length())).matches())) {
            throw ApiException.invalid(member, "id_invalid", "Id must be " + prefix + " and a ULID.");
        }
        return Optional.ofNullable(id);
    }

    /**
     * A moment of the past, ISO 8601; empty for none.
     *
     * @throws ApiException 422 with the member's name and {@code _invalid}
     */
    public static Optional<Instant> time(String member, @Nullable String text, Instant now) {
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
                member,
                member.replace('.', '_') + "_invalid",
                member + " must be a past time in ISO 8601, like 2026-01-15T12:00:00Z.");
    }
}
