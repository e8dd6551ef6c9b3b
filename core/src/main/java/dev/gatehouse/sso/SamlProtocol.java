package dev.gatehouse.sso;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Json;
import dev.gatehouse.identity.Federation.Arrival;
import dev.gatehouse.identity.Redirects;
import dev.gatehouse.identity.Source;
import dev.gatehouse.sso.saml.Ask.Binding;
import dev.gatehouse.sso.saml.AuthnRequest;
import dev.gatehouse.sso.saml.Expected;
import dev.gatehouse.sso.saml.Saml;
import dev.gatehouse.sso.saml.SamlAssertion;
import dev.gatehouse.sso.saml.SamlConnection;
import dev.gatehouse.sso.saml.SamlKey;
import dev.gatehouse.sso.saml.SamlLogout;
import dev.gatehouse.sso.saml.SamlOptions;
import dev.gatehouse.sso.saml.SamlOutline;
import dev.gatehouse.sso.saml.SamlRefusal;
import dev.gatehouse.sso.saml.Step;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sign-ins through SAML 2.0 identity providers: our addresses, and what comes to them. */
final class SamlProtocol implements Protocol {
    private static final Duration FINISH = Duration.ofMinutes(2);
    private static final Duration CONSENT = Duration.ofMinutes(5);
    /** Responses that nobody asked for, from one network in a minute, and those of all that are refused. */
    private static final int UNSOLICITED = 1_000;

    private static final int REFUSED = 300;
    private static final String WANTED = "redirect_uri=";

    private final Saml saml;
    private final OwnKeys keys;
    private final Json json;
    private final Clock clock;
    private final String pages;

    SamlProtocol(Saml saml, OwnKeys keys, Json json, Clock clock, String pages) {
        this.saml = saml;
        this.keys = keys;
        this.json = json;
        this.clock = clock;
        this.pages = pages;
    }

    /** A draft may know nothing yet; its addresses and our metadata are there all the same, to set up the provider with. */
    private static SamlProvider provider(Connection connection) {
        return Objects.requireNonNullElseGet(connection.saml(), SamlProvider::unknown);
    }

    private SamlConnection settings(Connection connection, boolean signing) {
        SamlProvider provider = provider(connection);
        List<SamlKey> ours = connection.keys().stream()
                .map(pair -> new SamlKey(OwnKeys.certificate(pair.certificate()), keys.open(connection, pair)))
                .toList();
        Addresses addresses = Addresses.of(connection, pages);
        return new SamlConnection(
                String.valueOf(addresses.spEntityId()),
                String.valueOf(addresses.acsUrl()),
                addresses.sloUrl(),
                Objects.requireNonNullElse(provider.entityId(), "unknown"),
                Objects.requireNonNullElse(provider.ssoUrl(), "https://unknown.invalid/"),
                provider.sloUrl(),
                provider.certificates().stream().map(OwnKeys::certificate).toList(),
                signing || provider.signRequests() ? ours.get(0) : null,
                ours,
                new SamlOptions(
                        provider.allow().contains("sha1"),
                        provider.allow().contains("cbc"),
                        provider.allow().contains("rsa15"),
                        Duration.ofSeconds(60),
                        provider.nameIdFormat(),
                        provider.forceAuthn(),
                        provider.authnContext()));
    }

    @Override
    public Leaving leave(Connection connection, String token, Ask ask) {
        if (!Saml.available()) {
            // a connection may be older than the wish to have none of it
            throw new Refusal("saml_unavailable", "This application runs without the libraries for SAML");
        }
        SamlProvider provider = provider(connection);
        boolean posted = provider.requestBinding() == SamlProvider.RequestBinding.POST;
        AuthnRequest request = saml.authnRequest(
                settings(connection, false),
                // no Subject: some providers refuse requests that have one
                new dev.gatehouse.sso.saml.Ask(posted ? Binding.POST : Binding.REDIRECT, token, ask.again(), null),
                clock.instant());
        boolean again = ask.again() || provider.forceAuthn();
        AuthnRequest.PostForm form = request.postForm();
        return form == null
                ? new Leaving(String.valueOf(request.redirectUrl()), null, request.id(), null, again)
                : new Leaving(form.action(), form.fields(), request.id(), null, again);
    }

    @Override
    public List<Check> checks() {
        return Arrays.stream(Step.values())
                .filter(step -> step != Step.METADATA)
                .map(step -> new Check(step.number(), step.title()))
                .toList();
    }

    /** Our metadata, for providers. */
    Arrival metadata(Connection connection) {
        String xml = saml.spMetadata(settings(connection, false));
        return new Arrival.Answered(
                Answer.of(200, "application/samlmetadata+xml", xml.getBytes(StandardCharsets.UTF_8)));
    }

    /** What a provider sent a browser with. It may come across sites, so what is proved waits for the browser that began. */
    Arrival acs(SsoFlow flow, Request request, Connection connection) {
        if (!request.method().equals("POST")) {
            return new Arrival.Answered(Answer.empty(405).with("Allow", "POST"));
        }
        Parameters form = SsoFlow.form(request);
        String response = form.one("SAMLResponse").orElse("");
        Source source = Source.of(request);
        SsoSignIn begun = flow.find(connection, form.one("RelayState").orElse(""))
                .filter(found -> found.said() == null)
                .orElse(null);
        if (begun == null) {
            return unsolicited(flow, connection, form, source);
        }
        Optional<Arrival> arrival;
        try {
            String requestId = String.valueOf(begun.message());
            Expected expected =
                    begun.again() ? Expected.freshAnswerTo(requestId, begun.createdAt()) : Expected.answerTo(requestId);
            Proof proof = proof(connection, response, expected);
            arrival = using(
                            flow,
                            connection,
                            proof,
                            call -> call.takeUnchanged(SsoSignIn.TYPE, begun)
                                    .map(taken -> flow.await(call, taken, proof.said, FINISH)))
                    .map(this::finish);
        } catch (SamlRefusal e) {
            // it counts once, whatever comes of it
            arrival =
                    flow.take(begun).map(taken -> flow.completion().refuse(taken, refusal(e, response), null, source));
        }
        return arrival.orElseGet(() -> unsolicited(flow, connection, form, source));
    }

    private Arrival finish(String ticket) {
        return new Arrival.Answered(
                Answer.seeOther(Redirects.location(pages + "/sso/finish", Map.of("ticket", ticket), null)));
    }

    /** Does what an assertion is good for, once (ATTACKS S59). */
    private static <T> T using(SsoFlow flow, Connection connection, Proof proof, Function<Call, T> work) {
        try {
            return flow.run(call -> {
                UsedMessage.use(call, connection, "assertion " + proof.id, proof.until);
                return work.apply(call);
            });
        } catch (ApiException e) {
            if (UsedMessage.again(e)) {
                throw SamlRefusal.of(Step.REPLAY, "an assertion that was not used before", "one that was");
            }
            throw e;
        }
    }

    private Arrival unsolicited(SsoFlow flow, Connection connection, Parameters form, Source source) {
        String response = form.one("SAMLResponse").orElse("");
        String wanted = wanted(form.one("RelayState").orElse(""));
        SsoSignIn begun = flow.unsolicited(connection, wanted, source, UNSOLICITED);
        Refusal why;
        try {
            welcome(connection, response);
            Proof proof = proof(connection, response, Expected.unsolicited());
            return finish(using(flow, connection, proof, call -> flow.await(call, begun, proof.said, CONSENT)));
        } catch (Refusal e) {
            why = e;
        } catch (SamlRefusal e) {
            why = refusal(e, response);
        }
        // each leaves a trace: anybody may send such a thing, and must not fill the database, nor lock out who is
        // vouched for
        flow.limitRefusals(connection, REFUSED);
        return flow.completion().refuse(begun, why, null, source);
    }

    /** Where a provider was told to lead to; what says anything else is ignored (contract/behaviour/05 §5.6). */
    private static @Nullable String wanted(String relayState) {
        try {
            return relayState.startsWith(WANTED)
                    ? Parameters.parse(relayState).one("redirect_uri").orElse(null)
                    : null;
        } catch (ApiException e) {
            return null;
        }
    }

    /** Whether a provider may begin a sign-in now, before its message is looked at. */
    private void welcome(Connection connection, String response) {
        if (!connection.isOpen()) {
            // before anybody is asked (ATTACKS S94)
            throw Refusal.closed();
        }
        if (!provider(connection).idpInitiated()) {
            throw new Refusal(
                    "idp_initiated_sso_disabled",
                    Step.IN_RESPONSE_TO.number(),
                    "The response answers no request of this browser",
                    "the answer to a request that is under way",
                    "no such RelayState; sign-ins that begin at the provider are off",
                    outline(response),
                    null);
        }
    }

    private Refusal refusal(SamlRefusal e, String response) {
        boolean denied = e.step() == Step.STATUS && e.found().contains("AuthnFailed");
        return new Refusal(
                denied ? "access_denied" : "server_error",
                e.step().number(),
                e.step().title() + ". " + e.step().explanation(),
                e.shown() ? e.expected() : null,
                e.shown() ? e.found() : null,
                outline(response),
                e);
    }

    private Map<String, String> outline(String response) {
        SamlOutline seen = saml.outline(response);
        Map<String, String> all = new TreeMap<>();
        all.put("root", seen.root());
        all.put("issuer", String.valueOf(seen.issuer()));
        all.put("destination", String.valueOf(seen.destination()));
        all.put("in_response_to", String.valueOf(seen.inResponseTo()));
        all.put("audiences", String.join(" ", seen.audiences()));
        all.put("times", String.join(", ", seen.times()));
        all.put("status", String.join(" ", seen.status()));
        all.put("algorithms", String.join(" ", seen.algorithms()));
        all.put("assertions", seen.assertions() + " plain, " + seen.encryptedAssertions() + " encrypted");
        all.put("signatures", Integer.toString(seen.signatures()));
        return all;
    }

    /**
     * What an assertion proves, once.
     *
     * @param id the assertion's
     * @param until when it is refused for its age
     */
    private record Proof(String id, Instant until, Asserted said) {}

    private Proof proof(Connection connection, String response, Expected expected) {
        SamlAssertion assertion = saml.response(settings(connection, false), response, expected, clock.instant());
        return new Proof(assertion.id(), assertion.replayUntil(), said(connection, assertion));
    }

    private Asserted said(Connection connection, SamlAssertion assertion) {
        SamlAttributes attributes = new SamlAttributes(connection, assertion);
        String mapped = attributes.id();
        if (mapped == null
                && (SamlAttributes.TRANSIENT.equals(assertion.nameIdFormat())
                        || connection.attributes().containsKey("id"))) {
            throw SamlRefusal.of(
                    Step.SUBJECT,
                    "a lasting identifier: a persistent NameID, or the attribute that the connection maps to id",
                    "none");
        }
        SamlLogout.Name name = new SamlLogout.Name(
                assertion.nameId(), assertion.nameIdFormat(), assertion.nameQualifier(), assertion.spNameQualifier());
        // names of two formats are two people, though they be equal texts (ATTACKS S72)
        String subject = mapped == null ? "name " + json.write(name) : "attribute " + mapped;
        return new Asserted(
                subject,
                mapped == null ? assertion.nameId() : mapped,
                attributes.email(),
                false,
                attributes.name("first_name"),
                attributes.name("last_name"),
                attributes.name("name"),
                attributes.groups(),
                attributes.raw(),
                attributes.custom(),
                null,
                json.write(name),
                assertion.sessionNotOnOrAfter());
    }

    @Override
    public Optional<String> signedOutAt(Connection connection, Profile profile) {
        if (provider(connection).sloUrl() == null || profile.logoutHint() == null) {
            return Optional.empty();
        }
        SamlLogout.Name name = json.read(profile.logoutHint(), SamlLogout.Name.class);
        return Optional.of(saml.logout()
                .request(settings(connection, true), name, List.of(), null, clock.instant())
                .redirectUrl());
    }

    /** Single logout: a provider ends sessions, or says that it did what we asked for. */
    Arrival slo(SsoFlow flow, Request request, Connection connection) {
        SamlConnection settings = settings(connection, true);
        Instant now = clock.instant();
        try {
            SamlLogout.Received received;
            if (request.method().equals("POST")) {
                Parameters form = SsoFlow.form(request);
                String relayState = form.one("RelayState").orElse(null);
                received = form.one("SAMLRequest").isPresent()
                        ? saml.logout()
                                .readPostedRequest(
                                        settings, form.one("SAMLRequest").orElse(""), relayState, now)
                        : saml.logout()
                                .readPostedResponse(
                                        settings, form.one("SAMLResponse").orElse(""), relayState, now);
            } else {
                received = saml.logout().readRedirect(settings, request.rawQuery(), now);
            }
            return received instanceof SamlLogout.Request ended
                    ? end(flow, connection, settings, ended, now)
                    : new Arrival.Answered(Answer.seeOther(pages + "/signed-out"));
        } catch (SamlRefusal e) {
            return Arrivals.refused("ended");
        }
    }

    private Arrival end(
            SsoFlow flow, Connection connection, SamlConnection settings, SamlLogout.Request ended, Instant now) {
        boolean fresh =
                flow.logout(connection, null, json.write(ended.name()), "logout " + ended.id(), ended.replayUntil());
        if (!fresh || provider(connection).sloUrl() == null) {
            return new Arrival.Answered(Answer.seeOther(pages + "/signed-out"));
        }
        SamlLogout.Sent answer = saml.logout().response(settings, ended.id(), true, ended.relayState(), now);
        return new Arrival.Answered(Answer.seeOther(answer.redirectUrl()));
    }
}
