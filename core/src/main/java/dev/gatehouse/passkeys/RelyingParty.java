package dev.gatehouse.passkeys;

import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom passkeys are for (WebAuthn §4, relying party).
 *
 * @param id domain that passkeys are bound to, for ever
 * @param name what browsers call it
 * @param origins exactly those at which a passkey may be made and used
 */
record RelyingParty(String id, String name, Set<String> origins) {
    /**
     * Of these settings; empty if people may not sign in with passkeys, or no browser would let them: at an IP address, or
     * without HTTPS anywhere but on the developer's own machine.
     *
     * @throws dev.gatehouse.config.ConfigException if {@code passkey-rp-id} does not fit {@code origin}
     */
    static Optional<RelyingParty> of(Config config) {
        URI origin = URI.create(config.get(Setting.ORIGIN));
        String host = origin.getHost();
        Optional<String> chosen = config.get(Setting.PASSKEY_RP_ID);
        List<String> related = config.get(Setting.PASSKEY_ORIGINS);
        if (chosen.isPresent() && !within(host, chosen.get()) && related.isEmpty()) {
            throw config.refused(
                    Setting.PASSKEY_RP_ID,
                    "it must be the host of origin, " + host + ", or a parent domain of it. For another domain list in"
                            + " passkey-origins where passkeys are used");
        }
        boolean local = within(host, "localhost");
        boolean secure = local || origin.getScheme().equals("https");
        boolean domain = local || host.matches("([a-z0-9-]+\\.)+[a-z][a-z0-9-]*");
        if (!config.get(Setting.SIGN_IN_METHODS).contains("passkey") || !secure || !(domain || chosen.isPresent())) {
            return Optional.empty();
        }
        Set<String> origins = new LinkedHashSet<>();
        origins.add(config.get(Setting.ORIGIN));
        origins.addAll(related);
        return Optional.of(new RelyingParty(chosen.orElse(host), config.get(Setting.APP_NAME), Set.copyOf(origins)));
    }

    private static boolean within(String host, String domain) {
        return host.equals(domain) || host.endsWith("." + domain);
    }
}
