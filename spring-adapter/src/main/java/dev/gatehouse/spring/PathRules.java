package dev.gatehouse.spring;

import dev.gatehouse.config.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which paths need what. Everything needs a sign-in that is not opened here or by {@code gatehouse.public-paths}; a rule that
 * restricts wins over one that opens. {@code /about} is exactly that path, {@code /assets/*} is {@code /assets} and
 * everything below.
 */
public final class PathRules {
    private final Map<Setting<List<String>>, List<String>> added = new LinkedHashMap<>();

    PathRules() {}

    /** Anybody may see these. */
    public PathRules permitAll(String... paths) {
        return add(Setting.PUBLIC_PATHS, paths);
    }

    /** These need a role in the selected organization; of several rules for a path the first one counts. */
    public PathRules hasRole(String role, String... paths) {
        for (String path : paths) {
            add(Setting.ROLE_PATHS, path + "=" + role);
        }
        return this;
    }

    /** These need a selected organization. */
    public PathRules hasOrganization(String... paths) {
        return add(Setting.ORGANIZATION_PATHS, paths);
    }

    /** Here a customer's API key is a credential, too. */
    public PathRules takeApiKeys(String... paths) {
        return add(Setting.API_KEY_PATHS, paths);
    }

    private PathRules add(Setting<List<String>> setting, String... paths) {
        added.computeIfAbsent(setting, s -> new ArrayList<>()).addAll(List.of(paths));
        return this;
    }

    /** The rules as settings, each with what was added to it. */
    Map<Setting<List<String>>, List<String>> added() {
        return added;
    }
}
