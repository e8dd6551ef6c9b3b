package dev.gatehouse.sso;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engine.Json;
import dev.gatehouse.identity.OauthTokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says of a person, as a JSON object, read by the names that a connection's mapping has for it.
 *
 * @param all as they came
 * @param usual member of a profile to the claim that has it unless the connection says another
 */
record Claims(JsonNode all, Map<String, String> usual, Connection connection, Json json) {
    private static final int MOST_GROUPS = 1_000;
    private static final int MOST_NAME = 200;

    /** The text that a member of a profile has; null for none. */
    @Nullable
    String text(String member) {
        return text(at(name(member)));
    }

    private @Nullable String name(String member) {
        return connection.attributes().getOrDefault(member, usual.get(member));
    }

    private static @Nullable String text(@Nullable JsonNode found) {
        return found == null || found.isContainerNode() || found.asText().isEmpty() ? null : found.asText();
    }

    /**
     * All of it.
     *
     * @param subject by which the person is known again
     * @param vouches whether the provider proves the mailbox
     * @param tokens of the provider, where the application gets them
     */
    Asserted of(String subject, boolean vouches, @Nullable OauthTokens tokens) {
        Map<String, Object> custom = new LinkedHashMap<>();
        connection.customAttributes().forEach((name, claim) -> custom.put(name, plain(at(claim))));
        return new Asserted(
                subject,
                subject,
                text("email"),
                vouches,
                named("first_name"),
                named("last_name"),
                named("name"),
                groups(at(name("groups"))),
                raw(),
                custom,
                tokens,
                text(at("sid")),
                null);
    }

    private @Nullable JsonNode at(@Nullable String path) {
        if (path == null) {
            return null;
        }
        // a claim may itself be called a/b
        if (all.has(path)) {
            return all.get(path);
        }
        JsonNode found = all;
        for (String name : path.split("/", -1)) {
            found = found.path(name);
        }
        return found.isMissingNode() || found.isNull() ? null : found;
    }

    private @Nullable String named(String member) {
        String name = text(member);
        return name == null || name.length() > MOST_NAME ? null : name;
    }

    private static List<String> groups(@Nullable JsonNode found) {
        List<String> groups = new ArrayList<>();
        if (found != null && found.isTextual()) {
            groups.add(found.textValue());
        }
        if (found != null && found.isArray()) {
            for (JsonNode one : found) {
                if (one.isTextual() && groups.size() < MOST_GROUPS) {
                    groups.add(one.textValue());
                }
            }
        }
        return groups;
    }

    private Map<String, Object> raw() {
        Map<String, Object> raw = new LinkedHashMap<>();
        all.properties().forEach(claim -> {
            Object value = plain(claim.getValue());
            if (value != null) {
                raw.put(claim.getKey(), value);
            }
        });
        // the token's own workings say nothing of the person
        List.of("nonce", "at_hash", "c_hash").forEach(raw::remove);
        return raw;
    }

    private @Nullable Object plain(@Nullable JsonNode value) {
        return value == null || value.isNull() ? null : json.read(value.toString(), Object.class);
    }

    /** Without what the provider said of the person. */
    @Override
    public String toString() {
        return "Claims";
    }
}
