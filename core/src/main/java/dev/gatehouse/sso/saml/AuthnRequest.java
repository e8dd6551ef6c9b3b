package dev.gatehouse.sso.saml;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An authentication request on its way (core 3.4). Exactly one of the address and the form is there, by the binding asked for.
 *
 * @param id of the request, unguessable; to be remembered with the browser until the response comes, see {@link
 *     Expected#answerTo}
 * @param redirectUrl where to send the browser, signed if the connection has a key for it; null for the POST binding
 * @param postForm what the browser has to submit; null for the redirect binding
 */
public record AuthnRequest(
        String id, @Nullable String redirectUrl, @Nullable PostForm postForm) {
    /**
     * A form to be submitted by POST.
     *
     * @param action where to
     * @param fields {@code SAMLRequest} and, if there is one, {@code RelayState}
     */
    public record PostForm(String action, Map<String, String> fields) {}
}
