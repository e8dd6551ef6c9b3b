package dev.gatehouse.sso;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.identity.Federation.Arrival;
import dev.gatehouse.identity.Source;
import dev.gatehouse.sso.saml.Saml;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/** What lies below {@code /sso/} of the pages: each address, and who answers there. */
final class Arrivals {
    private final TestProvider test;
    private final OidcProtocol oidc;
    private final SamlProtocol saml;
    private final TestSignIns tests;

    Arrivals(TestProvider test, OidcProtocol oidc, SamlProtocol saml, TestSignIns tests) {
        this.test = test;
        this.oidc = oidc;
        this.saml = saml;
        this.tests = tests;
    }

    /** @param path after {@code /sso/} */
    Arrival read(SsoFlow flow, Request request, String path) {
        String[] parts = path.split("/", -1);
        String way = parts.length < 2 ? path : parts[0] + "/" + parts[1];
        if (way.equals("finish")) {
            return finish(flow, request);
        }
        if (way.equals("consent")) {
            return consent(flow, request);
        }
        if (way.equals("external/declined")) {
            return ExternalProtocol.declined(flow, request);
        }
        if (way.equals("test/begin")) {
            return tests.begin(flow, request);
        }
        Optional<Connection> connection = parts.length == 3 ? flow.byKey(parts[2]) : Optional.empty();
        if (connection.isEmpty()) {
            return refused("connection_invalid");
        }
        return answer(flow, request, way, connection.get());
    }

    private Arrival answer(SsoFlow flow, Request request, String way, Connection connection) {
        ConnectionType.Protocol protocol = connection.type().protocol();
        boolean openid = protocol == ConnectionType.Protocol.OIDC || protocol == ConnectionType.Protocol.SOCIAL;
        if (protocol == ConnectionType.Protocol.TEST && way.equals("test/idp")) {
            return test.answer(flow, request, connection);
        }
        if (protocol == ConnectionType.Protocol.SAML && !Saml.available()) {
            return refused("connection_invalid");
        }
        if (protocol == ConnectionType.Protocol.SAML) {
            return switch (way) {
                case "saml/acs" -> saml.acs(flow, request, connection);
                case "saml/slo" -> saml.slo(flow, request, connection);
                case "saml/metadata" -> saml.metadata(connection);
                default -> refused("connection_invalid");
            };
        }
        if (!openid) {
            return refused("connection_invalid");
        }
        return switch (way) {
            case "oidc/callback" -> oidc.callback(flow, request, connection);
            case "oidc/keys" -> oidc.keySet(connection);
            case "oidc/logout" ->
                connection.complete() ? oidc.logout(flow, request, connection) : refused("connection_unlinked");
            default -> refused("connection_invalid");
        };
    }

    /** What no sign-in of ours can be told to. */
    static Arrival refused(String code) {
        return new Arrival.Refused(null, code, null);
    }

    /** Where a browser comes once its provider has proved somebody across sites: now it shows its cookies. */
    private static Arrival finish(SsoFlow flow, Request request) {
        String ticket = request.query().one("ticket").orElse("");
        SsoSignIn waiting = flow.waiting(request, ticket).orElse(null);
        Asserted said = waiting == null ? null : waiting.said();
        if (waiting == null || said == null) {
            return refused("ended");
        }
        if (waiting.browser() == null && !flow.consents().given(request, waiting, said)) {
            return flow.connectionOf(waiting)
                    .<Arrival>map(c -> new Arrival.Consent(ticket, String.valueOf(said.email()), c.name(), host(c)))
                    .orElseGet(() -> refused("connection_invalid"));
        }
        return flow.completion().take(waiting, said, Source.of(request)).orElseGet(() -> refused("ended"));
    }

    private static String host(Connection connection) {
        SamlProvider provider = connection.saml();
        return provider == null || provider.ssoUrl() == null
                ? ""
                : Objects.requireNonNullElse(URI.create(provider.ssoUrl()).getHost(), "");
    }

    private static Arrival consent(SsoFlow flow, Request request) {
        if (!request.method().equals("POST")) {
            return new Arrival.Answered(Answer.empty(405).with("Allow", "POST"));
        }
        Parameters form = SsoFlow.form(request);
        SsoSignIn begun =
                flow.take(request, null, form.one("ticket").orElse("")).orElse(null);
        Asserted said = begun == null ? null : begun.said();
        if (begun == null || said == null) {
            return refused("ended");
        }
        if (form.one("decision").filter("allow"::equals).isEmpty()) {
            return flow.completion()
                    .refuse(
                            begun,
                            new Refusal("signin_consent_denied", "User cancelled the authentication request"),
                            null,
                            Source.of(request));
        }
        Arrival arrival = flow.completion().finish(begun, said, Source.of(request));
        return new Arrival.Kept(arrival, flow.consents().give(request, begun, said));
    }
}
