package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.Reasons;
import dev.gatehouse.spi.Telemetry;
import dev.gatehouse.sso.ConnectionType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Keeps what it is told, and fails the test in which it is told a word that is not in the closed vocabulary: every test with a
 * {@link Rest} is a test of that.
 */
final class StrictTelemetry implements Telemetry {
    /** Something that was told, by the values of its tags. */
    record Told(Signal signal, List<String> values) {}

    private static final Set<String> OUTCOMES = Set.of("ok", "refused", "failed");
    private static final Set<String> DELIVERIES = Set.of("sent", "retried", "given_up");

    private final Collection<Told> told = new ConcurrentLinkedQueue<>();
    private final Supplier<Set<String>> operations;

    /** @param operations the keys of the route rows */
    StrictTelemetry(Supplier<Set<String>> operations) {
        this.operations = operations;
    }

    /** All that was told so far, oldest first. */
    List<Told> told() {
        return List.copyOf(told);
    }

    /** The values of the tags of one signal, oldest first. */
    List<List<String>> told(Signal signal) {
        return told.stream().filter(t -> t.signal == signal).map(Told::values).toList();
    }

    void forget() {
        told.clear();
    }

    @Override
    public Span begin(Signal signal, String operation) {
        assertThat(signal.kind()).isEqualTo(Kind.SPAN);
        Thread thread = Thread.currentThread();
        return (outcome, reason) -> {
            assertThat(Thread.currentThread()).isSameAs(thread);
            keep(signal, List.of(operation, outcome.word(), reason));
        };
    }

    @Override
    public void count(Count count) {
        assertThat(count.signal().kind()).isEqualTo(Kind.COUNTER);
        keep(count.signal(), count.values());
    }

    @Override
    public void level(Signal signal, String of, double value) {
        assertThat(signal.kind()).isEqualTo(Kind.GAUGE);
        assertThat(value).isNotNegative();
        keep(signal, List.of(of));
    }

    private void keep(Signal signal, List<String> values) {
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            String tag = signal.tags().get(i);
            if (!words(signal, tag).contains(values.get(i))) {
                problems.add(tag + "=" + values.get(i));
            }
        }
        assertThat(problems).as("outside of the vocabulary: " + signal + values).isEmpty();
        told.add(new Told(signal, values));
    }

    /** Every value that a tag may have; a reason without a word of its own has been forgotten in the vocabulary. */
    Collection<String> words(Signal signal, String tag) {
        return switch (tag) {
            case "operation" ->
                Stream.concat(operations.get().stream(), Stream.of("unmatched")).collect(Collectors.toSet());
            case "page" -> PageWords.ALL;
            case "reason" ->
                Reasons.words().stream()
                        .filter(word -> !word.equals(Reasons.OTHER))
                        .collect(Collectors.toSet());
            case "outcome" ->
                switch (signal) {
                    case MAIL, WEBHOOKS -> DELIVERIES;
                    case LOOKUPS -> Set.of("hit", "miss", "refused");
                    default -> OUTCOMES;
                };
            case "credential" -> Set.of("session_cookie", "access_token", "api_key");
            case "method" ->
                Set.of(
                        "password",
                        "magic_auth",
                        "email_verification",
                        "mfa",
                        "passkey",
                        "sso",
                        "oauth",
                        "external_auth");
            case "connection_type" ->
                Arrays.stream(ConnectionType.values()).map(ConnectionType::wire).collect(Collectors.toSet());
            case "step" ->
                IntStream.rangeClosed(0, 20).mapToObj(Integer::toString).collect(Collectors.toSet());
            case "queue" -> Set.of("mail", "webhooks");
            default -> throw new AssertionError("a tag without a vocabulary: " + tag);
        };
    }
}
