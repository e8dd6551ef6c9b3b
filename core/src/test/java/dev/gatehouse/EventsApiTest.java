package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.Rest.Reply;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Corpus;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.events.EventNames;
import dev.gatehouse.store.MemoryStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code GET /events}: contract/behaviour/08 §8.4. */
class EventsApiTest {
    private final Rest rest = new Rest();

    @AfterEach
    void close() {
        rest.close();
    }

    private static List<String> emails(Reply reply) {
        assertThat(reply.status()).as(reply.json().toString()).isEqualTo(200);
        List<String> emails = new ArrayList<>();
        for (JsonNode event : reply.json().at("/data")) {
            emails.add(event.at("/data/email").asText().replace("@example.com", ""));
        }
        return emails;
    }

    private List<String> created(String more) {
        return emails(rest.get("/events?events=user.created" + more));
    }

    private void refused(String query, int status, String code, String field) {
        Reply reply = rest.get("/events?" + query);
        assertThat(reply.status()).as(query).isEqualTo(status);
        if (field.isEmpty()) {
            assertThat(reply.text("/code")).as(query).isEqualTo(code);
        } else {
            assertThat(reply.text("/errors/0/code")).as(query).isEqualTo(code);
            assertThat(reply.text("/errors/0/field")).as(query).isEqualTo(field);
        }
    }

    @Test
    void pagesGoForwardsUnlessAskedOtherwiseAndEndWithoutACursor() {
        List.of("a", "b", "c").forEach(name -> rest.user(name + "@example.com"));
        Reply first = rest.get("/events?events[]=user.created&events[]=user.deleted&limit=2");
        assertThat(emails(first)).containsExactly("a", "b");
        String after = first.text("/list_metadata/after");
        Reply second = rest.get("/events?events=user.created&limit=2&after=" + after);
        assertThat(emails(second)).containsExactly("c");
        assertThat(second.json().at("/list_metadata/after").isNull()).isTrue();
        String last = second.text("/data/0/id");
        assertThat(created("&after=" + last)).isEmpty();
        assertThat(created("&before=" + last)).containsExactly("a", "b");
        assertThat(created("&order=desc")).containsExactly("c", "b", "a");
        assertThat(created("&order=asc")).containsExactly("a", "b", "c");
        assertThat(emails(rest.get("/events?event_types[]=user.created"))).containsExactly("a", "b", "c");
        assertThat(emails(rest.get("/events?events=user.exploded"))).isEmpty();
        refused("limit=2", 422, "required", "events");
        refused("events=", 422, "required", "events");
        refused("events=user.created&after=event_01JZZZZZZZZZZZZZZZZZZZZZZZ", 400, "invalid_cursor", "");
        refused("events=user.created&after=x", 400, "invalid_cursor", "");
    }

    @Test
    void rangesOfTime() {
        Instant start = rest.clock.instant();
        for (String name : List.of("a", "b", "c")) {
            rest.user(name + "@example.com");
            rest.clock.pass(Duration.ofDays(1));
        }
        Instant second = start.plus(Duration.ofDays(1));
        assertThat(created("&range_start=" + second)).containsExactly("b", "c");
        assertThat(created("&range_end=" + second)).containsExactly("a");
        assertThat(created("&range_start=" + second + "&range_end=" + second.plusMillis(1)))
                .containsExactly("b");
        assertThat(created("&range_start=" + second + "&order=desc")).containsExactly("c", "b");
        // the seed's spelling: a moment, and what happened after it
        assertThat(emails(rest.get("/events?event_types[]=user.created&after=" + second)))
                .containsExactly("c");
        assertThat(created("&after=" + second.minusSeconds(1) + "&limit=1")).containsExactly("b");
        String cursor = rest.get("/events?events=user.created").text("/data/0/id");
        assertThat(created("&after=" + cursor)).containsExactly("b", "c");
        refused(
                "events=user.created&range_start=" + start + "&after=" + cursor,
                422,
                "range_start_with_after",
                "range_start");
        refused("events=user.created&range_start=yesterday", 422, "range_start_invalid", "range_start");
        Instant month = start.plus(Duration.ofDays(30));
        assertThat(created("&range_start=" + start + "&range_end=" + month)).containsExactly("a", "b", "c");
        refused(
                "events=user.created&range_start=" + start + "&range_end=" + month.plusMillis(1),
                422,
                "range_too_long",
                "range_end");
        refused(
                "events=user.created&range_start=" + month + "&range_end=" + start,
                422,
                "range_end_invalid",
                "range_end");
    }

    @Test
    void anOrganizationsEventsAreItsOwnAndNoUsers() {
        String organization = rest.organization("Acme");
        String other = rest.organization("Other");
        String user = rest.user("ada@example.com");
        String membership = rest.member(user, organization);
        String names = "organization.created,organization_membership.created,user.created";
        Reply some = rest.get("/events?events=" + names + "&organization_id=" + organization);
        assertThat(some.json().at("/data")).hasSize(2);
        assertThat(some.text("/data/0/data/id")).isEqualTo(organization);
        assertThat(some.text("/data/1/data/id")).isEqualTo(membership);
        assertThat(rest.get("/events?events=" + names + "&organization_id=" + other)
                        .json()
                        .at("/data"))
                .hasSize(1);
        assertThat(rest.get("/events?events=" + names).json().at("/data")).hasSize(4);
    }

    @Test
    void eventsAreKeptForAMonthOrAsTheSettingSays() {
        for (String days : List.of("30", "2")) {
            try (Rest kept = new Rest(
                    new MemoryStorage(),
                    LocalKeyring.random(),
                    new SteerableClock(),
                    builder -> builder.set(Setting.EVENT_RETENTION, days + "d"))) {
                kept.user("ada@example.com");
                String id = kept.get("/events?events=user.created").text("/data/0/id");
                kept.clock.pass(Duration.ofDays(Long.parseLong(days)).minusSeconds(1));
                kept.gatehouse.maintain();
                assertThat(kept.events("user.created")).isEqualTo(1);
                kept.clock.pass(Duration.ofSeconds(60));
                kept.gatehouse.maintain();
                assertThat(kept.events("user.created")).isZero();
                assertThat(kept.get("/events?events=user.created&after=" + id).status())
                        .isEqualTo(400);
            }
        }
    }

    @Test
    void theNamesAreThoseOfTheContract() throws IOException {
        JsonNode contract = new ObjectMapper().readTree(Files.readString(Corpus.need("contract/openapi.json")));
        Set<String> subscribable = new HashSet<>();
        contract.at("/components/schemas/CreateWebhookEndpointDto/properties/events/items/enum")
                .forEach(name -> subscribable.add(name.asText()));
        assertThat(EventNames.SUBSCRIBABLE).hasSize(93).isEqualTo(subscribable);
        Set<String> all = new HashSet<>();
        for (String line : Files.readAllLines(Corpus.need("contract/behaviour/08-events-webhooks-actions.md"))) {
            if (line.startsWith("| `")) {
                Pattern.compile("`([a-z_.]+)`")
                        .matcher(line.substring(0, line.indexOf('|', 1)))
                        .results()
                        .forEach(match -> all.add(match.group(1)));
            }
        }
        assertThat(EventNames.ALL).isEqualTo(all);
    }

    @Test
    void everyNameThatIsEmittedIsInTheContract() throws IOException {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                Pattern.compile("\\.emit\\(\\s*\"([a-z_.]+)\"\\s*,")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(match ->
                                assertThat(EventNames.ALL).as(file.toString()).contains(match.group(1)));
            }
        }
    }
}
