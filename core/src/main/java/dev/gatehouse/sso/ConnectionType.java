package dev.gatehouse.sso;

import dev.gatehouse.identity.Sessions;
import java.util.Arrays;
import java.util.Optional;

/** Kinds of connections, as the contract spells them (contract/behaviour/05 §5.4). One row each. */
public enum ConnectionType {
    /** Active Directory Federation Services. */
    ADFS_SAML("ADFSSAML", Protocol.SAML, "AD FS"),
    /** Auth0. */
    AUTH0_SAML("Auth0SAML", Protocol.SAML, "Auth0"),
    /** Microsoft Entra ID. */
    AZURE_SAML("AzureSAML", Protocol.SAML, "Microsoft Entra ID"),
    /** Apereo CAS. */
    CAS_SAML("CasSAML", Protocol.SAML, "CAS"),
    /** ClassLink. */
    CLASS_LINK_SAML("ClassLinkSAML", Protocol.SAML, "ClassLink"),
    /** Cloudflare. */
    CLOUDFLARE_SAML("CloudflareSAML", Protocol.SAML, "Cloudflare"),
    /** CyberArk. */
    CYBER_ARK_SAML("CyberArkSAML", Protocol.SAML, "CyberArk"),
    /** Duo. */
    DUO_SAML("DuoSAML", Protocol.SAML, "Duo"),
    /** Any other SAML 2.0 identity provider. */
    GENERIC_SAML("GenericSAML", Protocol.SAML, "SAML"),
    /** Google Workspace. */
    GOOGLE_SAML("GoogleSAML", Protocol.SAML, "Google Workspace"),
    /** JumpCloud. */
    JUMP_CLOUD_SAML("JumpCloudSAML", Protocol.SAML, "JumpCloud"),
    /** Keycloak. */
    KEYCLOAK_SAML("KeycloakSAML", Protocol.SAML, "Keycloak"),
    /** LastPass. */
    LAST_PASS_SAML("LastPassSAML", Protocol.SAML, "LastPass"),
    /** miniOrange. */
    MINI_ORANGE_SAML("MiniOrangeSAML", Protocol.SAML, "miniOrange"),
    /** NetIQ. */
    NET_IQ_SAML("NetIqSAML", Protocol.SAML, "NetIQ"),
    /** Okta. */
    OKTA_SAML("OktaSAML", Protocol.SAML, "Okta"),
    /** OneLogin. */
    ONE_LOGIN_SAML("OneLoginSAML", Protocol.SAML, "OneLogin"),
    /** Oracle. */
    ORACLE_SAML("OracleSAML", Protocol.SAML, "Oracle"),
    /** PingFederate. */
    PING_FEDERATE_SAML("PingFederateSAML", Protocol.SAML, "PingFederate"),
    /** PingOne. */
    PING_ONE_SAML("PingOneSAML", Protocol.SAML, "PingOne"),
    /** Rippling. */
    RIPPLING_SAML("RipplingSAML", Protocol.SAML, "Rippling"),
    /** Salesforce. */
    SALESFORCE_SAML("SalesforceSAML", Protocol.SAML, "Salesforce"),
    /** Shibboleth, with attributes named by URN. */
    SHIBBOLETH_GENERIC_SAML("ShibbolethGenericSAML", Protocol.SAML, "Shibboleth"),
    /** Shibboleth. */
    SHIBBOLETH_SAML("ShibbolethSAML", Protocol.SAML, "Shibboleth"),
    /** SimpleSAMLphp. */
    SIMPLE_SAML_PHP_SAML("SimpleSamlPhpSAML", Protocol.SAML, "SimpleSAMLphp"),
    /** VMware. */
    VMWARE_SAML("VMwareSAML", Protocol.SAML, "VMware"),
    /** ADP. */
    ADP_OIDC("AdpOidc", Protocol.OIDC, "ADP"),
    /** Clever. */
    CLEVER_OIDC("CleverOIDC", Protocol.OIDC, "Clever"),
    /** Microsoft Entra ID. */
    ENTRA_ID_OIDC("EntraIdOIDC", Protocol.OIDC, "Microsoft Entra ID"),
    /** Any other OpenID provider. */
    GENERIC_OIDC("GenericOIDC", Protocol.OIDC, "OpenID Connect"),
    /** Google Workspace. */
    GOOGLE_OIDC("GoogleOIDC", Protocol.OIDC, "Google Workspace"),
    /** login.gov. */
    LOGIN_GOV_OIDC("LoginGovOidc", Protocol.OIDC, "Login.gov"),
    /** Okta. */
    OKTA_OIDC("OktaOIDC", Protocol.OIDC, "Okta"),
    /** Apple. */
    APPLE_OAUTH("AppleOAuth", Protocol.SOCIAL, "Apple"),
    /** Bitbucket. */
    BITBUCKET_OAUTH("BitbucketOAuth", Protocol.SOCIAL, "Bitbucket"),
    /** Discord. */
    DISCORD_OAUTH("DiscordOAuth", Protocol.SOCIAL, "Discord"),
    /** GitHub. */
    GITHUB_OAUTH("GitHubOAuth", Protocol.SOCIAL, "GitHub"),
    /** GitLab. */
    GITLAB_OAUTH("GitLabOAuth", Protocol.SOCIAL, "GitLab"),
    /** Google. */
    GOOGLE_OAUTH("GoogleOAuth", Protocol.SOCIAL, "Google"),
    /** Intuit. */
    INTUIT_OAUTH("IntuitOAuth", Protocol.SOCIAL, "Intuit"),
    /** LinkedIn. */
    LINKEDIN_OAUTH("LinkedInOAuth", Protocol.SOCIAL, "LinkedIn"),
    /** Microsoft. */
    MICROSOFT_OAUTH("MicrosoftOAuth", Protocol.SOCIAL, "Microsoft"),
    /** Salesforce. */
    SALESFORCE_OAUTH("SalesforceOAuth", Protocol.SOCIAL, "Salesforce"),
    /** Slack. */
    SLACK_OAUTH("SlackOAuth", Protocol.SOCIAL, "Slack"),
    /** Vercel. */
    VERCEL_OAUTH("VercelOAuth", Protocol.SOCIAL, "Vercel"),
    /** X. */
    X_OAUTH("XOAuth", Protocol.SOCIAL, "X"),
    /** Xero. */
    XERO_OAUTH("XeroOAuth", Protocol.SOCIAL, "Xero"),
    /** A provider of Gatehouse's own that asks whom it should vouch for; not in production. */
    TEST_IDP("TestIdp", Protocol.TEST, "Test IdP"),
    /** Whatever the application itself speaks: it proves people, and vouches for them. Not in the contract. */
    EXTERNAL("External", Protocol.EXTERNAL, "External");

    /** How providers of a type are spoken to. */
    public enum Protocol {
        /** SAML 2.0, for one organization. */
        SAML,
        /** OpenID Connect, for one organization. */
        OIDC,
        /** OpenID Connect or OAuth 2.0 with a provider that anybody may choose. */
        SOCIAL,
        /** None: a page of ours. */
        TEST,
        /** Any: the application speaks it. */
        EXTERNAL
    }

    private final String wire;
    private final Protocol protocol;
    private final String title;

    ConnectionType(String wire, Protocol protocol, String title) {
        this.wire = wire;
        this.protocol = protocol;
        this.title = title;
    }

    /** As the contract spells it ({@code OktaSAML}). */
    public String wire() {
        return wire;
    }

    /** As identities of users spell it, which write GitHub differently. */
    String identityWord() {
        return this == GITHUB_OAUTH ? "GithubOAuth" : wire;
    }

    /** How it is spoken to. */
    public Protocol protocol() {
        return protocol;
    }

    /** Name of the provider, which is not translated. */
    public String title() {
        return title;
    }

    /** What a session says of a sign-in through it. */
    Sessions.Method method() {
        return Sessions.Method.of(wire).orElse(Sessions.Method.SSO);
    }

    /** The type of this spelling, in any case: the contract itself spells GitHub in two ways. */
    public static Optional<ConnectionType> of(String text) {
        return Arrays.stream(values())
                .filter(type -> type.wire.equalsIgnoreCase(text))
                .findFirst();
    }
}
