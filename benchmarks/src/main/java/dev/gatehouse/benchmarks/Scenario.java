package dev.gatehouse.benchmarks;

import java.util.List;

/** What comes to a filter: who asks, and with what. */
public enum Scenario {
    HIT("page, session seen a moment ago", true),
    FIRST("page, session not seen here before", true),
    UNKNOWN("page, cookie that is none of ours", false),
    PAGE("page, nobody signed in: redirect", false),
    CALL("call, nobody signed in: 401", false),
    TOKEN("call, access token seen a moment ago", true),
    FIRST_TOKEN("call, access token not seen before", true),
    API_KEY("call, customer's API key", true);

    private final String operation;
    private final boolean passes;

    Scenario(String operation, boolean passes) {
        this.operation = operation;
        this.passes = passes;
    }

    String operation() {
        return operation;
    }

    /** Whether the servlet is reached. */
    boolean passes() {
        return passes;
    }

    /** Whether a page is asked for by a browser, and not data by a program. */
    boolean page() {
        return this == HIT || this == FIRST || this == UNKNOWN || this == PAGE;
    }

    /** Who can be asked this; the first that is a limit is the measure. */
    List<Stack> stacks() {
        return switch (this) {
            case HIT ->
                List.of(
                        Stack.BARE,
                        Stack.LIMIT,
                        Stack.LIMIT_THAT_ENDS,
                        Stack.GATEHOUSE,
                        Stack.SHIRO,
                        Stack.PAC4J,
                        Stack.SPRING);
            case FIRST, UNKNOWN -> List.of(Stack.LIMIT_SEALED, Stack.GATEHOUSE);
            case PAGE -> List.of(Stack.LIMIT, Stack.GATEHOUSE, Stack.SHIRO, Stack.PAC4J, Stack.SPRING);
            case CALL -> List.of(Stack.LIMIT, Stack.GATEHOUSE, Stack.SPRING_TOKEN);
            case TOKEN -> List.of(Stack.LIMIT_TOKEN, Stack.GATEHOUSE, Stack.SPRING_TOKEN);
            case FIRST_TOKEN -> List.of(Stack.LIMIT_SIGNED, Stack.GATEHOUSE, Stack.SPRING_TOKEN);
            case API_KEY -> List.of(Stack.LIMIT_DIGEST, Stack.GATEHOUSE);
        };
    }
}
