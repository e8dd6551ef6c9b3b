package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.organizations.Domain;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The operations on connections. Making and changing them is an extension of the contract. */
final class ConnectionOperations {
    private final Connections connections;
    private final ProviderMetadata metadata;
    private final TestSignIns tests;
    private final String pages;

    ConnectionOperations(Connections connections, ProviderMetadata metadata, TestSignIns tests, String pages) {
        this.connections = connections;
        this.metadata = metadata;
        this.tests = tests;
        this.pages = pages;
    }

    void routes(Routes r) {
        r.page("GET /connections", Connection.TYPE, ConnectionOperations::list)
                .with("connection_type", "organization_id", "domain", "search");
        r.get("GET /connections/{id}", Connection.TYPE);
        r.create(
                "POST /connections",
                Connection.TYPE,
                ConnectionInput.class,
                (in, flow) -> connections.make(wanted(in)),
                connections::create);
        r.update(
                "PUT /connections/{id}",
                Connection.TYPE,
                ConnectionInput.class,
                (in, flow) -> connections.prepare(wanted(in)),
                (c, prepared, call) -> connections.change(call, c, prepared));
        r.update(
                "POST /connections/{id}/rotate_keys",
                Connection.TYPE,
                Routes.Nothing.class,
                (in, flow) -> connections.newKey(flow.run(call -> call.get(Connection.TYPE, flow.variable("id")))),
                (c, pair, call) -> Connections.rotate(call, c, pair));
        r.action(
                        "POST /connections/{id}/test_sign_in",
                        Routes.Nothing.class,
                        TestSignIn.class,
                        (in, flow) -> flow.run(call -> tests.of(call, call.get(Connection.TYPE, flow.variable("id")))))
                .permission("connection:write");
        r.transition(
                "POST /connections/{id}/deactivate", Connection.TYPE, (c, call) -> Connections.deactivate(call, c));
        r.transition("POST /connections/{id}/activate", Connection.TYPE, (c, call) -> Connections.activate(call, c));
        r.action(
                        "GET /connections/{id}/addresses",
                        Routes.Nothing.class,
                        Addresses.class,
                        (in, flow) ->
                                flow.run(call -> Addresses.of(call.get(Connection.TYPE, flow.variable("id")), pages)))
                .permission("connection:read");
        r.list("GET /connections/{id}/attempts", Attempt.TYPE)
                .under("id", Connection.TYPE, "connection_id")
                .permission("connection:read");
        r.delete("DELETE /connections/{id}", Connection.TYPE, (c, call) -> Connections.delete(call, c));
    }

    private static List<Connection> list(Flow flow, Call call, Call.Window window) {
        Parameters query = flow.request().query();
        Map<String, List<String>> where = new HashMap<>();
        for (String filter : List.of("connection_type", "organization_id")) {
            if (!query.list(filter).isEmpty()) {
                where.put(filter, query.list(filter));
            }
        }
        Optional<String> domain = query.one("domain");
        if (domain.isPresent()) {
            Optional<String> owner = Domain.ownerOf(call, "@" + domain.get());
            List<String> asked = where.get("organization_id");
            if (owner.isEmpty() || (asked != null && !asked.contains(owner.get()))) {
                return List.of();
            }
            where.put("organization_id", List.of(owner.get()));
        }
        String search = query.one("search")
                .map(text -> text.strip().toLowerCase(Locale.ROOT))
                .orElse("");
        return call.page(Connection.TYPE, where, search.isEmpty() ? null : search, window);
    }

    private NewConnection wanted(ConnectionInput in) {
        NewConnection wanted = in.wanted();
        String xml = in.saml() == null ? null : in.saml().metadataXml();
        return xml == null || wanted.saml() == null ? wanted : wanted.with(described(wanted.saml(), xml));
    }

    /**
     * A provider as metadata describes it that somebody has at hand.
     *
     * @throws ApiException 422 {@code metadata_unreadable}
     */
    SamlProvider described(SamlProvider provider, String xml) {
        try {
            return metadata.described(provider, xml);
        } catch (Refusal e) {
            throw ConnectionChecks.unreadable("metadata_xml", e);
        }
    }
}
