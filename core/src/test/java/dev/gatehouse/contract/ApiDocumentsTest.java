package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatehouse.engine.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The OpenAPI document and the Postman collection are printed from the route rows, and public tools read them. */
class ApiDocumentsTest {
    private static final Path OPENAPI = Path.of("../docs/openapi.yaml");
    private static final Path POSTMAN = Path.of("../docs/postman.json");
    private static final Path NODE = Path.of("src/test/node");
    private static final boolean REWRITE = "true".equals(System.getenv("REWRITE_DOCS"));

    private final List<Route> routes = ContractOracleTest.routes();
    private final JsonNode document = new OpenApi(routes).document();

    @Test
    void theOpenApiDocumentIsPrintedFromTheRows() throws IOException {
        YAMLMapper yaml = YAMLMapper.builder()
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .build();
        String printed = yaml.writeValueAsString(document);
        assertThat(yaml.readTree(printed))
                .as("YAML says the same")
                .isEqualTo(new ObjectMapper().readTree(document.toString()));
        compare(OPENAPI, printed);
    }

    @Test
    void thePostmanCollectionIsPrintedFromTheSameRows() throws IOException {
        compare(
                POSTMAN,
                new ObjectMapper()
                                .enable(SerializationFeature.INDENT_OUTPUT)
                                .writeValueAsString(new Postman(document).collection())
                        + "\n");
    }

    private static void compare(Path file, String printed) throws IOException {
        if (REWRITE) {
            Files.writeString(file, printed);
        }
        assertThat(Files.readString(file))
                .as(file + "; print it anew with REWRITE_DOCS=true")
                .isEqualTo(printed);
    }

    @Test
    void everyRowIsThereUnderANameOfItsOwn() {
        Set<String> printed = new TreeSet<>();
        Set<String> ids = new HashSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    printed.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
                    String id = method.getValue().get("operationId").textValue();
                    assertThat(ids.add(id)).as(id + " names two operations").isTrue();
                }));
        assertThat(printed)
                .containsExactlyInAnyOrderElementsOf(
                        routes.stream().map(Route::key).toList());
        assertThat(printed).as("summaries of rows that are gone").containsAll(Words.SUMMARIES.keySet());
    }

    /** No sentence is the vendor's: none of the contract's longer descriptions and summaries stands in ours. */
    @Test
    void theWordsAreOurOwn() throws IOException {
        assumeTrue(Contract.present(), "the contract is not beside this checkout");
        Set<String> theirs = new HashSet<>();
        Contract.read().sentences(theirs);
        assertThat(theirs).hasSizeGreaterThan(500);
        List<String> ours = new ArrayList<>();
        for (String name : List.of("description", "summary")) {
            document.findValues(name).stream().filter(JsonNode::isTextual).forEach(node -> ours.add(node.textValue()));
        }
        assertThat(ours).hasSizeGreaterThan(500);
        assertThat(ours.stream().filter(text -> text.split(" ").length > 4)).noneMatch(theirs::contains);
    }

    /** Redocly's linter finds no error in the one, and Postman's own library reads the other. */
    @Test
    void publicToolsReadBoth() throws Exception {
        assumeTrue(Files.isDirectory(NODE.resolve("node_modules")), "bin/test has not fetched the validators");
        assertThat(validate(OPENAPI, POSTMAN))
                .isEqualTo(routes.size() + " operations, " + routes.size() + " requests\n");
        Path broken = Files.writeString(
                Path.of("target", "broken.yaml"),
                Files.readString(OPENAPI).replaceFirst("operationId: \\w+", "operationId: [1]"));
        assertThat(validate(broken, POSTMAN)).contains("operationId");
    }

    private static String validate(Path openapi, Path postman) throws Exception {
        Process node = new ProcessBuilder(
                        "node",
                        "validate.mjs",
                        openapi.toAbsolutePath().toString(),
                        postman.toAbsolutePath().toString())
                .directory(NODE.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        node.waitFor();
        return said;
    }
}
