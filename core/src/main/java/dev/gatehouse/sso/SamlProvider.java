package dev.gatehouse.sso;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a SAML connection knows of its identity provider. It comes from the provider's metadata or is typed in.
 *
 * @param entityId name of the provider (SAML core §8.3.6); null while unknown
 * @param ssoUrl where AuthnRequests go; null while unknown
 * @param sloUrl where LogoutRequests go; null if the provider has no single logout
 * @param certificates that its signatures are checked with, base64 of DER, the current ones and those to come
 * @param metadataUrl {@code https} address that all of the above is read from, and read again on schedule; null for typed in
 * @param requestBinding how AuthnRequests get there
 * @param signRequests whether AuthnRequests are signed
 * @param nameIdFormat that is asked for; null to leave it to the provider
 * @param authnContext class of authentication that is asked for and accepted, no other (SAML core §2.7.2.2), such as {@code
 *     https://refeds.org/profile/mfa}; null for any
 * @param forceAuthn whether the person must be asked anew at every sign-in
 * @param idpInitiated whether the provider may begin a sign-in; the person is asked then
 * @param allow weaknesses that this provider needs: {@code sha1}, {@code cbc}, {@code rsa15}; each leaves an {@link Attempt}
 */
public record SamlProvider(
        @Nullable String entityId,
        @Nullable String ssoUrl,
        @Nullable String sloUrl,
        List<String> certificates,
        @Nullable String metadataUrl,
        RequestBinding requestBinding,
        boolean signRequests,
        @Nullable String nameIdFormat,
        @Nullable String authnContext,
        boolean forceAuthn,
        boolean idpInitiated,
        List<String> allow) {

    /** How AuthnRequests get to a provider (SAML bindings §3.4, §3.5). */
    public enum RequestBinding {
        /** In the address that the browser is sent to. */
        REDIRECT,
        /** In a form that the browser sends. */
        POST
    }

    public SamlProvider {
        certificates = List.copyOf(certificates);
        allow = List.copyOf(allow);
    }

    /** A provider of which the least is known that a sign-in needs. */
    public static SamlProvider of(String entityId, String ssoUrl, String... certificates) {
        Draft draft = new Draft();
        draft.entityId = entityId;
        draft.ssoUrl = ssoUrl;
        draft.certificates = List.of(certificates);
        return draft.provider();
    }

    /**
     * A provider that its metadata describes.
     *
     * @param url {@code https} address of the metadata: read when the connection is made, and again on schedule
     */
    public static SamlProvider ofMetadata(String url) {
        Draft draft = new Draft();
        draft.metadataUrl = url;
        return draft.provider();
    }

    /** A provider of which nothing is known yet. */
    public static SamlProvider unknown() {
        return new Draft().provider();
    }

    /** The same, asked by a form. */
    public SamlProvider withPostedRequests() {
        return with(draft -> draft.requestBinding = RequestBinding.POST);
    }

    /** The same, which may begin a sign-in. */
    public SamlProvider withIdpInitiated() {
        return with(draft -> draft.idpInitiated = true);
    }

    /** The same, whose AuthnRequests are signed. */
    public SamlProvider withSignedRequests() {
        return with(draft -> draft.signRequests = true);
    }

    /** The same, which ends sessions at this address. */
    public SamlProvider withLogout(String url) {
        return with(draft -> draft.sloUrl = url);
    }

    /** The same with these certificates alone. */
    public SamlProvider withCertificates(List<String> others) {
        return with(draft -> draft.certificates = others);
    }

    /** The same, asked for names of this format. */
    public SamlProvider withNameIdFormat(String format) {
        return with(draft -> draft.nameIdFormat = format);
    }

    /** The same, where people must have authenticated in this way. */
    public SamlProvider withAuthnContext(String authnContextClass) {
        return with(draft -> draft.authnContext = authnContextClass);
    }

    /** The same, which asks people anew at every sign-in. */
    public SamlProvider withForcedAuthn() {
        return with(draft -> draft.forceAuthn = true);
    }

    /** The same with weaknesses that it needs. */
    public SamlProvider allowing(String... words) {
        return with(draft -> draft.allow = List.of(words));
    }

    /** The same, as metadata describes it now. */
    SamlProvider described(
            String newEntityId,
            String newSsoUrl,
            RequestBinding binding,
            @Nullable String newSloUrl,
            List<String> newCertificates) {
        return with(draft -> {
            draft.entityId = newEntityId;
            draft.ssoUrl = newSsoUrl;
            draft.requestBinding = binding;
            draft.sloUrl = newSloUrl;
            draft.certificates = newCertificates;
        });
    }

    /** The same, as this other one was described. */
    SamlProvider describedAs(SamlProvider other) {
        return with(draft -> {
            draft.entityId = other.entityId;
            draft.ssoUrl = other.ssoUrl;
            draft.requestBinding = other.requestBinding;
            draft.sloUrl = other.sloUrl;
            draft.certificates = other.certificates;
        });
    }

    /** Whether a sign-in could begin. */
    boolean complete() {
        return entityId != null && ssoUrl != null && !certificates.isEmpty();
    }

    private SamlProvider with(Consumer<Draft> change) {
        Draft draft = new Draft();
        draft.entityId = entityId;
        draft.ssoUrl = ssoUrl;
        draft.sloUrl = sloUrl;
        draft.certificates = certificates;
        draft.metadataUrl = metadataUrl;
        draft.requestBinding = requestBinding;
        draft.signRequests = signRequests;
        draft.nameIdFormat = nameIdFormat;
        draft.authnContext = authnContext;
        draft.forceAuthn = forceAuthn;
        draft.idpInitiated = idpInitiated;
        draft.allow = allow;
        change.accept(draft);
        return draft.provider();
    }

    /** Components while they change. */
    private static final class Draft {
        @Nullable
        String entityId;

        @Nullable
        String ssoUrl;

        @Nullable
        String sloUrl;

        List<String> certificates = List.of();

        @Nullable
        String metadataUrl;

        RequestBinding requestBinding = RequestBinding.REDIRECT;
        boolean signRequests;

        @Nullable
        String nameIdFormat;

        @Nullable
        String authnContext;

        boolean forceAuthn;
        boolean idpInitiated;
        List<String> allow = List.of();

        SamlProvider provider() {
            return new SamlProvider(
                    entityId,
                    ssoUrl,
                    sloUrl,
                    certificates,
                    metadataUrl,
                    requestBinding,
                    signRequests,
                    nameIdFormat,
                    authnContext,
                    forceAuthn,
                    idpInitiated,
                    allow);
        }
    }
}
