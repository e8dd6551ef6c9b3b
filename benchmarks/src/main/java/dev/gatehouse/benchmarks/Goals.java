package dev.gatehouse.benchmarks;

import java.util.List;
import java.util.Map;

/** What the operations of each part are meant to reach, by the name of the operation. */
final class Goals {
    private static final Map<Part, Map<String, List<Goal>>> ALL = Map.of(
            Part.REQUEST,
            Map.of(
                    Scenario.HIT.operation(),
                    List.of(
                            Goal.timesLimit(1.5),
                            Goal.bytes(400),
                            Goal.faster(40, "Spring"),
                            Goal.faster(20, "pac4j"),
                            Goal.faster(11, "Shiro")),
                    Scenario.TOKEN.operation(),
                    List.of(Goal.nanos(1_200), Goal.faster(80, "Spring"))),
            Part.SIGN_IN,
            Map.of(
                    Crypto.TOTP,
                    List.of(Goal.timesLimit(1.5), Goal.faster(4, "samstevens")),
                    Crypto.HASH,
                    List.of(Goal.bytes(1_000_000)),
                    Crypto.SIGN,
                    List.of(Goal.timesLimit(1.05)),
                    SignIns.SMALL_HASH,
                    List.of(Goal.overLimit(1_000_000)),
                    "ID token verified",
                    List.of(Goal.times(1.1, "Nimbus")),
                    "SAML response verified, signed",
                    List.of(Goal.timesLimit(2.6), Goal.times(1.2, "OpenSAML"), Goal.bytes(250_000)),
                    "SAML response verified, encrypted",
                    List.of(Goal.timesLimit(1.5), Goal.times(1.2, "OpenSAML"), Goal.bytes(250_000))),
            Part.STORAGE,
            Map.of(
                    "H2: find, 100 among 100k",
                    List.of(Goal.timesLimit(1.3)),
                    "PostgreSQL: find, 100 among 100k",
                    List.of(Goal.timesLimit(1.3)),
                    "H2: append to a journal",
                    List.of(Goal.timesLimit(1.11)),
                    "PostgreSQL: append to a journal",
                    List.of(Goal.timesLimit(1.11)),
                    "PostgreSQL: " + Storages.TOGETHER,
                    List.of(Goal.timesLimit(0.33))),
            Part.HTTP,
            Map.of(Https.HIT, List.of(Goal.overLimit(2_000))),
            Part.START,
            Map.of(Starts.FIRST, List.of(Goal.passed(1.2e9))),
            Part.EMULATOR,
            Map.of(
                    Emulators.LIST_TEN + " among 1k",
                    List.of(Goal.faster(1, "WorkOS")),
                    Emulators.CREATE + " among 100k",
                    List.of(Goal.faster(20, "WorkOS")),
                    Emulators.LIST + " among 100k",
                    List.of(Goal.faster(50, "WorkOS"))),
            Part.KEYCLOAK,
            Map.of(
                    Keycloaks.PASSWORD,
                    List.of(Goal.faster(1.1, "Keycloak")),
                    Keycloaks.REFRESH,
                    List.of(Goal.faster(3, "Keycloak")),
                    Keycloaks.CHECK,
                    List.of(Goal.faster(4, "Keycloak")),
                    Keycloaks.CREATE,
                    List.of(Goal.faster(3, "Keycloak")),
                    Keycloaks.LIST,
                    List.of(Goal.faster(20, "Keycloak"))));

    private Goals() {}

    static List<Goal> of(Part part, String operation) {
        return ALL.getOrDefault(part, Map.of()).getOrDefault(operation, List.of());
    }
}
