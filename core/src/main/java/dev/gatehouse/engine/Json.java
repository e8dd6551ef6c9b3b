package dev.gatehouse.engine;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategy;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.gatehouse.api.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one JSON reader and writer. Requests are read strictly: UTF-8 only, no duplicate members, no trailing text, nesting
 * and sizes bounded (RFC 8259, ASVS 1.5.2). Stored bodies are read leniently: an unknown member is ignored and a missing
 * one is null, so that an older release's rows stay readable.
 */
public final class Json {
    private static final DateTimeFormatter WIRE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final JsonMapper mapper;

    /** Spells members in snake case, as the contract does. */
    public Json() {
        this(PropertyNamingStrategies.SNAKE_CASE);
    }

    /** Spells members in camel case, as the vendor's Node SDKs do where they keep what the contract calls otherwise. */
    public static Json camelCase() {
        return new Json(PropertyNamingStrategies.LOWER_CAMEL_CASE);
    }

    private Json(PropertyNamingStrategy naming) {
        SimpleModule times = new SimpleModule();
        times.addSerializer(new InstantWriter());
        times.addDeserializer(Instant.class, new InstantReader());
        times.addSerializer(Duration.class, ToStringSerializer.instance);
        times.addDeserializer(Duration.class, new DurationReader());
        mapper = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(32)
                                .maxNumberLength(100)
                                .maxStringLength(1_000_000)
                                .maxNameLength(1_000)
                                .build())
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .propertyNamingStrategy(naming)
                .addModule(times)
                .build();
    }

    /** A moment as the contract writes it: {@code 2026-01-15T12:00:00.000Z}. */
    public static String time(Instant instant) {
        return WIRE.format(instant);
    }

    /**
     * Reads a request body.
     *
     * @throws ApiException 400 {@code malformed_body} if it is not one well-formed JSON value
     */
    public JsonNode readRequest(byte[] body) {
        try {
            // Jackson guesses UTF-16 and UTF-32; RFC 8259 §8.1 allows only UTF-8
            CharSequence text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            JsonNode node = mapper.readTree(text.toString());
            if (node == null || node.isMissingNode()) {
                throw malformed("The body is empty.");
            }
            if (!ordinary(node)) {
                throw malformed("The body has a number that is too large.");
            }
            return node;
        } catch (CharacterCodingException e) {
            throw malformed("The body is not valid UTF-8.");
        } catch (JsonProcessingException e) {
            throw malformed("The body is not well-formed JSON.");
        }
    }

    private static ApiException malformed(String message) {
        return ApiException.of(400, "malformed_body", message);
    }

    /** Whether every number is one that all readers agree about (RFC 7493 §2.2): no infinity, no integer beyond a long. */
    private static boolean ordinary(JsonNode node) {
        if (node.isNumber()) {
            return node.isIntegralNumber() ? node.canConvertToLong() : Double.isFinite(node.doubleValue());
        }
        for (JsonNode child : node) {
            if (!ordinary(child)) {
                return false;
            }
        }
        return true;
    }

    /** No text has half a surrogate pair, which two readers would read differently (ATTACKS J20). */
    public static boolean wellFormed(JsonNode node) {
        if (node.isTextual()) {
            return StandardCharsets.UTF_8.newEncoder().canEncode(node.textValue());
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(member.getKey())) {
                return false;
            }
        }
        for (JsonNode child : node) {
            if (!wellFormed(child)) {
                return false;
            }
        }
        return true;
    }

    /** Reads a stored body. */
    public <T> T read(String body, Class<T> type) {
        try {
            return mapper.readValue(body, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(new IOException("stored " + type.getSimpleName() + " cannot be read", e));
        }
    }

    /** Writes compactly, as webhook signatures need: no spaces, no escaped slashes, non-ASCII as it is. */
    public String write(@Nullable Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(new IOException("cannot be written as JSON", e));
        }
    }

    /** As {@link #write}, without null members at any depth. */
    public String writeSparse(Object value) {
        JsonNode node = tree(value);
        prune(node);
        return write(node);
    }

    private static void prune(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(member -> member.getValue().isNull());
        }
        node.forEach(Json::prune);
    }

    /** As {@link #write}, in UTF-8. */
    public byte[] bytes(@Nullable Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(new IOException("cannot be written as JSON", e));
        }
    }

    /** The JSON tree of a value. */
    public JsonNode tree(@Nullable Object value) {
        return mapper.valueToTree(value);
    }

    /** Snake case of a record component, as on the wire. */
    public static String snake(String component) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < component.length(); i++) {
            char c = component.charAt(i);
            if (Character.isUpperCase(c)) {
                out.append('_').append(Character.toLowerCase(c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static final class InstantWriter extends StdSerializer<Instant> {
        private static final long serialVersionUID = 1L;

        InstantWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(time(value));
        }
    }

    /** ISO 8601, as a duration writes itself. */
    private static final class DurationReader extends StdDeserializer<Duration> {
        private static final long serialVersionUID = 1L;

        DurationReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(
                com.fasterxml.jackson.core.JsonParser in, com.fasterxml.jackson.databind.DeserializationContext context)
                throws IOException {
            return Duration.parse(in.getText());
        }
    }

    private static final class InstantReader extends StdDeserializer<Instant> {
        private static final long serialVersionUID = 1L;

        InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(
                com.fasterxml.jackson.core.JsonParser in, com.fasterxml.jackson.databind.DeserializationContext context)
                throws IOException {
            return Instant.parse(in.getText());
        }
    }
}
