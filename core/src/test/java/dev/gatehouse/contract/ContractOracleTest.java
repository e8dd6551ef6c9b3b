package dev.gatehouse.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.contract.Contract.Operation;
import dev.gatehouse.contract.Contract.Shape;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.Omittable;
import dev.gatehouse.engine.OneOf;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Route;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.store.MemoryStorage;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Compares what the route rows declare with the contract, without sending a request. What differs on purpose stands in
 * {@code contract-ledger.txt}, exactly: a new difference fails, and so does a line that is no longer true.
 */
class ContractOracleTest {
    private static final Path LEDGER = Path.of("src/test/resources/contract-ledger.txt");
    private static final Path PAGE = Path.of("../docs/SUPPORTED.md");
    private static final boolean REWRITE = "true".equals(System.getenv("REWRITE_DOCS"));

    private final Set<String> differences = new TreeSet<>();

    static List<Route> routes() {
        try (Gatehouse gatehouse = Gatehouse.builder()
                .storage(new MemoryStorage())
                .keyring(LocalKeyring.random())
                .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                .build()) {
            return gatehouse.routes();
        }
    }

    @Test
    void declaredShapesDifferFromTheContractExactlyAsTheLedgerSays() throws IOException {
        assumeTrue(Contract.present(), "the contract is not beside this checkout");
        Contract contract = Contract.read();
        for (Route route : routes()) {
            Operation operation = contract.operations().get(Contract.plain(route.key()));
            if (operation == null) {
                differences.add(route.key() + ": not in the contract");
            } else {
                compare(contract, route, operation);
            }
        }
        Set<String> ledger = new TreeSet<>();
        for (String line : Files.readAllLines(LEDGER)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                ledger.add(line);
            }
        }
        Set<String> unknown = new TreeSet<>(differences);
        unknown.removeAll(ledger);
        Set<String> stale = new TreeSet<>(ledger);
        stale.removeAll(differences);
        assertThat(unknown)
                .as("differences that no line of the ledger explains")
                .isEmpty();
        assertThat(stale).as("lines of the ledger that are no longer true").isEmpty();
    }

    private void compare(Contract contract, Route route, Operation operation) {
        String key = route.key();
        if (!contract.answers(operation, route.status())) {
            differences.add(key + ": status " + route.status() + " is not in the contract");
        }
        Set<String> declared = new LinkedHashSet<>(route.parameters());
        boolean reads = route.method().equals("GET");
        if (reads && route.input() != null && route.input() != Routes.Nothing.class) {
            for (RecordComponent component : route.input().getRecordComponents()) {
                declared.add(Wire.name(component));
            }
        }
        Set<String> known = contract.queryParameters(operation);
        known.stream()
                .filter(name -> !declared.contains(name))
                .forEach(name -> differences.add(key + " ?" + name + ": not read"));
        declared.stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> differences.add(key + " ?" + name + ": not in the contract"));
        Shape request = contract.request(operation);
        if (!reads) {
            Class<?> input = route.input() == Routes.Nothing.class ? null : route.input();
            if (input == null && !request.missing()) {
                differences.add(key + " body: not read");
            } else if (input != null && request.missing()) {
                differences.add(key + " body: not in the contract");
            } else if (input != null) {
                record(contract, key + " body", input, request, true);
            }
        }
        Shape response = contract.response(operation, route.status());
        if (route.output() == null) {
            if (!response.missing()) {
                differences.add(key + " answer: no shape declared");
            }
        } else if (response.missing()) {
            differences.add(key + " answer: the contract has no body");
        } else if (route.verb() == Route.Verb.LIST) {
            Shape data = contract.shape(response.properties()
                    .getOrDefault("data", contract.shape(response.items()).items()));
            record(contract, key + " answer", route.output(), contract.shape(data.items()), false);
        } else {
            Shape element = response.types().contains("array") ? contract.shape(response.items()) : response;
            record(contract, key + " answer", route.output(), element, false);
        }
    }

    private void record(Contract contract, String at, Class<?> type, Shape shape, boolean input) {
        Map<String, RecordComponent> components = new TreeMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            components.put(Wire.name(component), component);
        }
        shape.properties().forEach((name, schema) -> {
            RecordComponent component = components.get(name);
            if (component == null) {
                boolean needed = shape.required().contains(name);
                differences.add(at + "." + name + ": not there" + (needed && !input ? ", though required" : ""));
                return;
            }
            Shape member = contract.shape(schema);
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            boolean omittable = component.isAnnotationPresent(Omittable.class);
            boolean required = shape.required().contains(name);
            if (!input
                    && nullable
                    && !omittable
                    && !member.nullable()
                    && !member.types().isEmpty()) {
                differences.add(at + "." + name + ": may be null");
            }
            if (!input && omittable && required) {
                differences.add(at + "." + name + ": may be absent");
            }
            if (input && required != component.isAnnotationPresent(Required.class)) {
                differences.add(at + "." + name + (required ? ": required in the contract" : ": required here"));
            }
            OneOf words = component.getAnnotation(OneOf.class);
            Stream.of(words == null ? new String[0] : words.value())
                    .filter(word -> !member.words().isEmpty() && !member.words().contains(word))
                    .forEach(word -> differences.add(at + "." + name + ": '" + word + "' is not in the contract"));
            value(contract, at + "." + name, component.getGenericType(), member, input);
        });
        components.keySet().stream()
                .filter(name -> !shape.properties().containsKey(name))
                .forEach(name -> differences.add(at + "." + name + ": not in the contract"));
    }

    private void value(Contract contract, String at, Type type, Shape shape, boolean input) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == Field.class) {
            value(contract, at, generic.getActualTypeArguments()[0], shape, input);
            return;
        }
        String ours = Wire.json(type);
        boolean fits = ours.equals("any")
                || shape.types().isEmpty()
                || shape.types().contains(ours)
                || (ours.equals("integer") && shape.types().contains("number"));
        if (!fits) {
            differences.add(at + ": " + ours + " here, " + shape.types() + " in the contract");
        } else if (type instanceof Class<?> record
                && record.isRecord()
                && !shape.properties().isEmpty()) {
            record(contract, at, record, shape, input);
        } else if (ours.equals("array") && type instanceof ParameterizedType list) {
            value(contract, at + "[]", list.getActualTypeArguments()[0], contract.shape(shape.items()), input);
        }
    }

    @Test
    void thePageOfWhatIsSupportedIsPrintedFromTheRows() throws IOException {
        assumeTrue(Contract.present(), "the contract is not beside this checkout");
        String page = page(Contract.read());
        if (REWRITE) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/SUPPORTED.md; print it anew with REWRITE_DOCS=true")
                .isEqualTo(page);
    }

    @Test
    void theReadmeStatesTheSameFigure() throws IOException {
        String figure = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("**"))
                .findFirst()
                .orElseThrow()
                .replaceAll("^\\*\\*([0-9]+ of [0-9]+).*", "$1");
        assertThat(Files.readString(Path.of("../README.md"))).contains(figure);
    }

    private static String page(Contract contract) {
        Set<String> rows = new LinkedHashSet<>();
        List<Route> beyond = new ArrayList<>();
        Set<String> aliases = new TreeSet<>();
        for (Route route : routes()) {
            if (contract.operations().containsKey(Contract.plain(route.key()))) {
                rows.add(Contract.plain(route.key()));
            } else {
                beyond.add(route);
            }
            for (String alias : route.aliases()) {
                // an alias may be an operation of the contract itself
                if (contract.operations().containsKey(Contract.plain(alias))) {
                    rows.add(Contract.plain(alias));
                } else {
                    aliases.add("`" + alias + "` → `" + route.key() + "`");
                }
            }
        }
        Map<String, List<String>> done = new TreeMap<>();
        Map<String, List<String>> open = new TreeMap<>();
        contract.operations()
                .forEach((plain, operation) -> (rows.contains(plain) ? done : open)
                        .computeIfAbsent(operation.product(), product -> new ArrayList<>())
                        .add("`" + operation.key() + "`"));
        StringBuilder page = new StringBuilder("""
                # What of the REST contract is there

                Printed from the route rows by `ContractOracleTest`. An operation counts when a row answers it; how its shapes are
                held to the contract is told in [CONTRIBUTING.md](../CONTRIBUTING.md#the-contract).

                """);
        page.append("**%d of %d operations**%n%n"
                .formatted(rows.size(), contract.operations().size()));
        page.append("| product | there | of |\n|---|---|---|\n");
        Set<String> products = new TreeSet<>(done.keySet());
        products.addAll(open.keySet());
        for (String product : products) {
            int has = done.getOrDefault(product, List.of()).size();
            page.append("| %s | %d | %d |%n"
                    .formatted(
                            product,
                            has,
                            has + open.getOrDefault(product, List.of()).size()));
        }
        section(page, "There", done);
        page.append("\n## Beyond the contract\n\n");
        beyond.forEach(route -> page.append("- `").append(route.key()).append("`\n"));
        page.append(beyond.isEmpty() ? "Other spellings" : "\nOther spellings").append(" of the same operations:\n\n");
        aliases.forEach(alias -> page.append("- ").append(alias).append("\n"));
        section(page, "Not yet", open);
        return page.toString();
    }

    private static void section(StringBuilder page, String title, Map<String, List<String>> operations) {
        page.append("\n## ").append(title).append("\n");
        operations.forEach((product, keys) -> page.append("\n")
                .append(product)
                .append(": ")
                .append(String.join(", ", keys))
                .append("\n"));
    }
}
