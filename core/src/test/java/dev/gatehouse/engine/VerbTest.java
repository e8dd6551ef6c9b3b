package dev.gatehouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.spi.Query;
import dev.gatehouse.store.MemoryStorage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What route rows promise, shown on resources that no product has: shelves and the books on them. */
class VerbTest {
    record Shelf(String id, String slug, List<String> labels, Instant createdAt, Instant updatedAt) implements Entity {
        static final EntityType<Shelf> TYPE = EntityType.of("shelf", "shelf", Shelf.class)
                .unique("slug", Shelf::slug, s -> ApiException.of(409, "slug_taken", "Taken."))
                .lookup("all", s -> "")
                .events("shelf")
                .view(Shelf.class, (s, call) -> s);
    }

    record Book(String id, String shelfId, String title, Instant createdAt, Instant updatedAt) implements Entity {
        static final EntityType<Book> TYPE = EntityType.of("book", "book", Book.class)
                .lookup("shelf_id", Book::shelfId)
                .lookup("title", Book::title)
                .view(Book.class, (b, call) -> b);
    }

    record NewShelf(@Required String slug) {}

    record NewBook(@Required String title) {}

    record Label(@Required String label) {}

    record Rules(@Nullable String text) {}

    private final Engine engine = new Engine(new MemoryStorage(), new Ulid(), Clock.systemUTC(), new Json());
    private final List<String> house = new ArrayList<>();
    private final Dispatcher dispatcher = dispatcher(rows());

    private Routes rows() {
        Routes r = new Routes();
        r.create(
                "POST /shelves",
                Shelf.TYPE,
                NewShelf.class,
                (in, call) -> call.create(
                        Shelf.TYPE, new Shelf(call.newId(Shelf.TYPE), in.slug, List.of(), call.now(), call.now())));
        r.get("GET /shelves/{slug}", Shelf.TYPE);
        r.action("GET /shelves/newest", Routes.Nothing.class, null, (in, flow) -> Map.of("newest", true))
                .permission("shelf:read");
        r.create(
                        "POST /shelves/{shelf}/books",
                        Book.TYPE,
                        NewBook.class,
                        (in, call) -> call.create(
                                Book.TYPE,
                                new Book(call.newId(Book.TYPE), "shelf_1", in.title, call.now(), call.now())))
                .under("shelf", Shelf.TYPE, "shelf_id");
        r.list("GET /shelves/{shelf}/books", Book.TYPE, "title").under("shelf", Shelf.TYPE, "shelf_id");
        r.get("GET /shelves/{shelf}/books/{id}", Book.TYPE).under("shelf", Shelf.TYPE, "shelf_id");
        r.edge(
                "POST /shelves/{slug}/labels",
                Shelf.TYPE,
                "slug",
                Label.class,
                (shelf, in, flow, call) -> labelled(call, shelf, with(shelf.labels, in.label)));
        r.edge(
                "DELETE /shelves/{slug}/labels/{label}",
                Shelf.TYPE,
                "slug",
                Routes.Nothing.class,
                (shelf, in, flow, call) -> labelled(call, shelf, without(shelf.labels, flow.variable("label"))));
        r.singleton("GET /rules", Routes.Nothing.class, Rules.class, (in, call) -> {
                    if (house.isEmpty()) {
                        throw ApiException.of(404, "entity_not_found", "No rules yet.");
                    }
                    return new Rules(house.get(0));
                })
                .permission("rules:read");
        r.singleton("PUT /rules", Rules.class, Rules.class, (in, call) -> {
                    house.add(0, in.text == null ? "" : in.text);
                    return new Rules(house.get(0));
                })
                .permission("rules:write");
        return r;
    }

    private static Shelf labelled(Call call, Shelf shelf, List<String> labels) {
        return call.update(Shelf.TYPE, shelf.id, s -> new Shelf(s.id, s.slug, labels, s.createdAt, s.updatedAt));
    }

    private static List<String> with(List<String> labels, String label) {
        List<String> all = new ArrayList<>(without(labels, label));
        all.add(label);
        return all;
    }

    private static List<String> without(List<String> labels, String label) {
        return labels.stream().filter(l -> !l.equals(label)).toList();
    }

    private Dispatcher dispatcher(Routes rows) {
        Callers callers = new Callers() {
            @Override
            public Optional<Caller> caller(Request request) {
                return request.header("authorization")
                        .map(key -> new Caller("env_1", Actor.SYSTEM, Set.of(key.split(" ")[1].split(","))));
            }

            @Override
            public boolean allowsOrigin(String env, String origin) {
                return false;
            }
        };
        return new Dispatcher(engine, callers, rows.all(), false);
    }

    private record Reply(int status, JsonNode json) {}

    private Reply call(String method, String target, String body, String permissions) {
        int question = target.indexOf('?');
        Answer answer = dispatcher.handle(new Request(
                method,
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                Map.of("authorization", List.of("Bearer " + permissions), "content-type", List.of("application/json")),
                body.getBytes(StandardCharsets.UTF_8),
                "127.0.0.1",
                true));
        return new Reply(answer.status(), engine.json().tree(read(answer)));
    }

    private JsonNode read(Answer answer) {
        return answer.body().length == 0
                ? engine.json().tree(Map.of())
                : engine.json().readRequest(answer.body());
    }

    private Reply call(String method, String target, String body) {
        return call(method, target, body, "*");
    }

    private String shelf(String slug) {
        Reply made = call("POST", "/shelves", "{\"slug\":\"" + slug + "\"}");
        assertThat(made.status).isEqualTo(201);
        return made.json.path("id").asText();
    }

    private long events() {
        return engine.run(
                        "env_1",
                        Actor.SYSTEM,
                        call -> call.tx().find(new Query("env_1", Outbox.KIND, Map.of(), null, null, null, false, 100)))
                .size();
    }

    @Test
    void anEdgeTiesOnceAndUntiesOnceHoweverOftenItIsAsked() {
        shelf("a");
        Reply tied = call("POST", "/shelves/a/labels", "{\"label\":\"new\"}");
        assertThat(tied.status).isEqualTo(200);
        assertThat(tied.json.path("labels").toString()).isEqualTo("[\"new\"]");
        long before = events();
        assertThat(call("POST", "/shelves/a/labels", "{\"label\":\"new\"}").json)
                .isEqualTo(tied.json);
        assertThat(events()).as("nothing changed, nothing told").isEqualTo(before);
        assertThat(call("DELETE", "/shelves/a/labels/new", "").json.path("labels"))
                .isEmpty();
        assertThat(call("DELETE", "/shelves/a/labels/new", "").status).isEqualTo(200);
        assertThat(call("POST", "/shelves/b/labels", "{\"label\":\"new\"}").status)
                .isEqualTo(404);
        assertThat(call("POST", "/shelves/a/labels", "{}").status).isEqualTo(422);
    }

    @Test
    void aSingletonIsReadAndWrittenWithItsOwnPermissions() {
        assertThat(call("GET", "/rules", "").status).isEqualTo(404);
        assertThat(call("PUT", "/rules", "{\"text\":\"quiet\"}", "rules:read").status)
                .isEqualTo(403);
        assertThat(call("PUT", "/rules", "{\"text\":\"quiet\"}", "rules:write").status)
                .isEqualTo(200);
        assertThat(call("GET", "/rules", "", "rules:read").json.path("text").asText())
                .isEqualTo("quiet");
    }

    @Test
    void aLiteralSegmentGoesBeforeAVariable() {
        shelf("newest");
        assertThat(call("GET", "/shelves/newest", "").json.has("newest")).isTrue();
        assertThat(call("GET", "/shelves/a/../newest", "").status).isEqualTo(404);
    }

    @Test
    void anotherParentsChildIsNotThere() {
        String mine = shelf("mine");
        String other = shelf("other");
        String book = engine.run(
                "env_1",
                Actor.SYSTEM,
                call -> call.create(Book.TYPE, new Book(call.newId(Book.TYPE), mine, "Emma", call.now(), call.now()))
                        .id());
        assertThat(call("GET", "/shelves/" + mine + "/books/" + book, "").status)
                .isEqualTo(200);
        Reply stranger = call("GET", "/shelves/" + other + "/books/" + book, "");
        Reply missing = call("GET", "/shelves/" + other + "/books/" + book.replace('1', '2'), "");
        assertThat(stranger.status).isEqualTo(404);
        assertThat(stranger.json.path("code")).isEqualTo(missing.json.path("code"));
        assertThat(call("GET", "/shelves/" + other + "/books", "").json.path("data"))
                .isEmpty();
        assertThat(call("GET", "/shelves/shelf_0/books", "").status).isEqualTo(404);
    }

    @Test
    void aQueryArrayIsReadInEachOfItsSpellings() {
        String shelf = shelf("s");
        engine.run("env_1", Actor.SYSTEM, call -> {
            for (String title : List.of("Emma", "Persuasion", "Sanditon")) {
                call.create(Book.TYPE, new Book(call.newId(Book.TYPE), shelf, title, call.now(), call.now()));
            }
            return true;
        });
        for (String query : List.of(
                "title=Emma&title=Sanditon",
                "title[]=Emma&title[]=Sanditon",
                "title=Emma,Sanditon",
                "title%5B%5D=Emma&title%5B%5D=Sanditon")) {
            assertThat(call("GET", "/shelves/" + shelf + "/books?" + query, "")
                            .json
                            .path("data"))
                    .as(query)
                    .hasSize(2);
        }
    }

    @Test
    void rowsThatCannotBeRightAreRefusedAtStart() {
        Routes twice = new Routes();
        twice.get("GET /a/{id}", Shelf.TYPE);
        twice.get("GET /a/{other}", Shelf.TYPE);
        assertThatThrownBy(() -> dispatcher(twice)).hasMessageContaining("would answer the same path");
        Routes aliased = new Routes();
        aliased.get("GET /a/{id}", Shelf.TYPE);
        aliased.get("GET /b/{id}", Shelf.TYPE).alias("GET /a/{x}");
        assertThatThrownBy(() -> dispatcher(aliased)).hasMessageContaining("would answer the same path");
        Routes loose = new Routes();
        loose.get("GET /shelves/{shelf}/books/{id}", Book.TYPE);
        assertThatThrownBy(loose::all).hasMessageContaining("needs under");
        Routes unguarded = new Routes();
        unguarded.action("POST /a", Routes.Nothing.class, null, (in, flow) -> null);
        assertThatThrownBy(unguarded::all).hasMessageContaining("needs a permission");
        assertThatThrownBy(() -> new Routes().list("GET /books", Book.TYPE, "colour"))
                .hasMessageContaining("no lookup colour");
    }

    @Test
    void aBodyMayBeEmptyWhereNothingIsRequired() {
        assertThat(call("PUT", "/rules", "").status).isEqualTo(200);
        assertThat(call("POST", "/shelves", "").status).isEqualTo(422);
        shelf("x");
        assertThat(call("DELETE", "/shelves/x/labels/none", "{\"ignored\":1}").status)
                .as("a DELETE may carry a body")
                .isEqualTo(200);
    }
}
