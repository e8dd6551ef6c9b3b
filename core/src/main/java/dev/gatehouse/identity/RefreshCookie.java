package dev.gatehouse.identity;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.SealedCookie;
import dev.gatehouse.environments.Environments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the refresh token of an application that lives in a browser where its scripts cannot read it
 * (contract/behaviour/03 §3.7): an HttpOnly cookie for each client, and beside it the readable {@code workos-has-session},
 * by which the browser SDK knows that a refresh is worth asking for. Both belong to this host alone.
 */
final class RefreshCookie {
    private static final String HINT = "workos-has-session";
    private static final int LIFE_SECONDS = 34_560_000;
    private static final int MOST_CLIENTS = 20;

    private final Environments environments;
    private final String origin;
    private final boolean secure;

    RefreshCookie(Environments environments, String origin) {
        this.environments = environments;
        this.origin = origin;
        this.secure = origin.startsWith("https://");
    }

    /**
     * Whether a page of an origin that this environment lists sent the request. Nothing else gets cookies or is heard
     * through them: a browser cannot be made to say another origin (ATTACKS F03).
     */
    boolean serves(Request request, String env) {
        String from = request.header("origin").orElse("");
        return !from.isEmpty() && (from.equals(origin) || environments.allowsOrigin(env, from));
    }

    /** The refresh token that this browser holds for a client. */
    Optional<String> read(Request request, String clientId) {
        return SealedCookie.read(name(clientId), request.cookies());
    }

    /** The answer, telling the browser to keep this token. */
    Answer keep(Answer answer, Request request, String clientId, String token) {
        List<String> clients = clients(request, clientId);
        clients.add(0, clientId);
        return answer.with("Set-Cookie", cookie(name(clientId), token, LIFE_SECONDS) + "; HttpOnly")
                .with("Set-Cookie", hint(clients));
    }

    /** The answer, telling the browser to forget what it holds for a client. */
    Answer drop(Answer answer, Request request, String clientId) {
        Answer dropped = answer;
        for (Map.Entry<String, String> header : dropping(request, clientId)) {
            dropped = dropped.with(header.getKey(), header.getValue());
        }
        return dropped;
    }

    /** The refusal, telling the browser to forget what it holds for a client. */
    ApiException drop(ApiException refusal, Request request, String clientId) {
        ApiException dropped = refusal;
        for (Map.Entry<String, String> header : dropping(request, clientId)) {
            dropped = dropped.header(header.getKey(), header.getValue());
        }
        return dropped;
    }

    private List<Map.Entry<String, String>> dropping(Request request, String clientId) {
        return read(request, clientId).isEmpty()
                ? List.of()
                : List.of(
                        Map.entry("Set-Cookie", cookie(name(clientId), "", 0) + "; HttpOnly"),
                        Map.entry("Set-Cookie", hint(clients(request, clientId))));
    }

    private String name(String clientId) {
        return (secure ? "__Host-" : "") + "gatehouse_refresh." + clientId;
    }

    private String hint(List<String> clients) {
        return cookie(HINT, String.join(".", clients), clients.isEmpty() ? 0 : LIFE_SECONDS);
    }

    /** The other clients that the browser's hint names; whatever else stands in it is dropped. */
    private static List<String> clients(Request request, String besides) {
        return new ArrayList<>(SealedCookie.read(HINT, request.cookies()).stream()
                .flatMap(value -> Arrays.stream(value.split("\\.", -1)))
                .filter(client -> Environments.isClientId(client) && !client.equals(besides))
                .distinct()
                .limit(MOST_CLIENTS - 1)
                .toList());
    }

    private String cookie(String name, String value, int maxAge) {
        return name + "=" + value + "; Path=/; Max-Age=" + maxAge + "; SameSite=Lax" + (secure ? "; Secure" : "");
    }
}
