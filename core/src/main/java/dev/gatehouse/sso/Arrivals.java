package dev.gatehouse.sso;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.identity.Federation.Arrival;
import dev.gatehouse.identity.Source;
import java.util.Optional;

/** What lies below {@code /sso/} of the pages: each address, and who answers there. */
final class Arrivals {
    private final TestProvider test;
    private final OidcProtocol oidc;
    private final SamlProtocol saml;

    Arrivals(TestProvider test, OidcProtocol oidc, SamlProtocol saml) {
        this.test = test;
        this.oidc = oidc;
        this.saml = saml;
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
            case "oidc/logout" -> oidc.logout(flow, request, connection);
            default -> refused("connection_invalid");
        };
    }

    /** What no sign-in of ours can be told to. */
    static Arrival refused(String code) {
        return new Arrival.Refused(null, code, null);
    }

    /** Where a browser comes once its provider has proved somebody across sites: now it shows its cookies. */
    private static Arrival finish(SsoFlow flow, Request request) {
        return flow.take(request, null, request.query().one("ticket").orElse(""))
                .filter(begun -> begun.browser() != null && begun.said() != null)
                .map(begun -> finish(flow, request, begun))
                .orElseGet(() -> refused("ended"));
    }

    private static Arrival finish(SsoFlow flow, Request request, SsoSignIn begun) {
        Asserted said = begun.said();
        return said == null ? refused("ended") : flow.completion().finish(begun, said, Source.of(request));
    }

    private static Arrival consent(SsoFlow flow, Request request) {
        if (!request.method().equals("POST")) {
            return new Arrival.Answered(Answer.empty(405).with("Allow", "POST"));
        }
        Parameters form = SsoFlow.form(request);
        Optional<SsoSignIn> begun =
                flow.take(request, null, form.one("ticket").orElse("")).filter(found -> found.said() != null);
        if (begun.isEmpty()) {
            return refused("ended");
        }
        return form.one("decision").filter("allow"::equals).isPresent()
                ? finish(flow, request, begun.get())
                : flow.completion()
                        .refuse(
                                begun.get(),
                                new Refusal("signin_consent_denied", "User cancelled the authentication request"),
                                null,
                                Source.of(request));
    }
}
