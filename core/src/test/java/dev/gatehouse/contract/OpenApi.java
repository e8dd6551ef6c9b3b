package dev.gatehouse.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Omittable;
import dev.gatehouse.engine.Page;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Route;
import dev.gatehouse.engine.Routes;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Prints the route rows as an OpenAPI 3.1 document. What a row does not say in names, {@link Words} says. */
final class OpenApi {
    /** Operations whose rows declare the element of a bare array. */
    private static final Set<String> ARRAYS = Set.of("GET /user_management/users/{id}/identities");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final List<Route> routes;
    private final Schemas schemas = new Schemas();
    private final Map<String, ObjectNode> refusals = new TreeMap<>();

    OpenApi(List<Route> routes) {
        this.routes = routes;
    }

    ObjectNode document() {
        ObjectNode document = NODES.objectNode().put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Gatehouse")
                .put("version", "0.1.0")
                .put("description", "Printed from the route rows by ApiDocumentsTest.")
                .putObject("license")
                .put("name", "Apache-2.0")
                .put("identifier", "Apache-2.0");
        ObjectNode server = document.putArray("servers").addObject().put("url", "{base}");
        server.putObject("variables")
                .putObject("base")
                .put("default", "http://127.0.0.1:8080")
                .put("description", "Where the application runs, with the setting api-path behind it.");
        document.putArray("security").addObject().putArray("api_key");
        ArrayNode tags = document.putArray("tags");
        for (String tag : new TreeSet<>(routes.stream().map(Phrases::tag).toList())) {
            tags.addObject().put("name", tag);
        }
        ObjectNode paths = document.putObject("paths");
        for (Route route : routes) {
            ObjectNode path = paths.withObjectProperty(route.template());
            path.set(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("api_key")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "An API key of one environment.");
        components.putObject("responses").setAll(refusals);
        schemas.addErrors();
        components.set("schemas", schemas.all());
        return document;
    }

    private ObjectNode operation(Route route) {
        String summary = Phrases.summary(route);
        ObjectNode operation = NODES.objectNode()
                .put("operationId", Phrases.operationId(summary))
                .put("summary", summary);
        List<String> notes = new ArrayList<>();
        if (!route.permission().isEmpty()) {
            notes.add("The API key needs `" + route.permission() + "`.");
        }
        if (!route.aliases().isEmpty()) {
            notes.add("Also answers "
                    + String.join(
                            ", ",
                            route.aliases().stream().map(a -> "`" + a + "`").toList()) + ".");
        }
        if (!notes.isEmpty()) {
            operation.put("description", String.join(" ", notes));
        }
        operation.putArray("tags").add(Phrases.tag(route));
        if (route.open()) {
            operation.putArray("security");
        }
        ArrayNode parameters = parameters(route);
        if (!parameters.isEmpty()) {
            operation.set("parameters", parameters);
        }
        if (hasBody(route)) {
            ObjectNode body = operation.putObject("requestBody");
            body.put("required", needsBody(route.input()));
            ObjectNode content = body.putObject("content");
            content.putObject("application/json").set("schema", schemas.of(route.input(), true));
            if (route.form()) {
                content.putObject("application/x-www-form-urlencoded").set("schema", schemas.of(route.input(), true));
            }
        }
        operation.set("responses", responses(route));
        return operation;
    }

    private ArrayNode parameters(Route route) {
        ArrayNode parameters = NODES.arrayNode();
        for (String variable : Phrases.variables(route)) {
            parameter(parameters, variable, "path").put("required", true).set("schema", string());
        }
        for (String name : route.parameters()) {
            parameter(parameters, name, "query").set("schema", Words.query(name));
        }
        if (reads(route) && takesInput(route)) {
            for (RecordComponent component : route.input().getRecordComponents()) {
                String name = Wire.name(component);
                parameter(parameters, name, "query")
                        .put("required", component.isAnnotationPresent(Required.class))
                        .set("schema", schemas.member(component, true));
            }
        }
        return parameters;
    }

    private static ObjectNode parameter(ArrayNode parameters, String name, String in) {
        ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
        String words = Words.parameter(name);
        if (!words.isEmpty()) {
            parameter.put("description", words);
        }
        return parameter;
    }

    private ObjectNode responses(Route route) {
        ObjectNode responses = NODES.objectNode();
        ObjectNode success = responses.putObject(Integer.toString(route.status()));
        success.put("description", Words.success(route));
        if (route.output() != null) {
            success.putObject("content").putObject("application/json").set("schema", answer(route));
        }
        boolean oauth = route.dialect() == ApiException.Dialect.OAUTH;
        if (hasBody(route) || oauth) {
            refusal(responses, 400, oauth ? "AnyError" : "Error");
        }
        if (!route.open()) {
            refusal(responses, 401, "Error");
        }
        if (!route.open() || oauth) {
            refusal(responses, 403, "Error");
        }
        if (!Phrases.variables(route).isEmpty()) {
            refusal(responses, 404, "Error");
        }
        if (!route.open() && !reads(route)) {
            refusal(responses, 409, "Error");
        }
        if (takesInput(route) || !route.parameters().isEmpty()) {
            refusal(responses, 422, oauth ? "OauthError" : Schemas.invalid(route.problems()));
        }
        refusal(responses, 429, "Error");
        return responses;
    }

    private void refusal(ObjectNode responses, int status, String schema) {
        String name = schema + status;
        ObjectNode refusal = NODES.objectNode().put("description", Words.refusal(status));
        refusal.putObject("content").putObject("application/json").set("schema", Schemas.reference(schema));
        refusals.put(name, refusal);
        responses.putObject(Integer.toString(status)).put("$ref", "#/components/responses/" + name);
    }

    private ObjectNode answer(Route route) {
        ObjectNode element = schemas.of(route.output(), false);
        if (ARRAYS.contains(route.key())) {
            return NODES.objectNode().put("type", "array").set("items", element);
        }
        if (route.verb() != Route.Verb.LIST) {
            return element;
        }
        ObjectNode page = NODES.objectNode().put("type", "object");
        ObjectNode properties = page.putObject("properties");
        properties.putObject("object").put("type", "string").put("const", "list");
        properties.putObject("data").put("type", "array").set("items", element);
        properties.set("list_metadata", schemas.of(Page.Metadata.class, false));
        page.putArray("required").add("object").add("data").add("list_metadata");
        return page;
    }

    private static boolean reads(Route route) {
        return route.method().equals("GET");
    }

    private static boolean takesInput(Route route) {
        return route.input() != null && route.input() != Routes.Nothing.class;
    }

    static boolean hasBody(Route route) {
        return takesInput(route) && !reads(route);
    }

    private static boolean needsBody(Class<?> input) {
        for (RecordComponent component : input.getRecordComponents()) {
            if (component.isAnnotationPresent(Required.class)) {
                return true;
            }
        }
        return false;
    }

    static boolean omittable(RecordComponent component) {
        return component.isAnnotationPresent(Omittable.class);
    }

    private static ObjectNode string() {
        return NODES.objectNode().put("type", "string");
    }
}
