package dev.gatehouse.benchmarks;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What comes to a filter: who asks, and with what. */
public enum Scenario {
    HIT(
            "page, session seen a moment ago",
            true,
            Stack.BARE,
            Stack.LIMIT,
            Stack.LIMIT_THAT_ENDS,
            Stack.GATEHOUSE,
            Stack.SHIRO,
            Stack.PAC4J,
            Stack.SPRING),
    FIRST("page, session not seen here before", true, Stack.LIMIT_SEALED, Stack.GATEHOUSE),
    UNKNOWN("page, cookie that is none of ours", false, Stack.LIMIT_SEALED, Stack.GATEHOUSE),
    PAGE(
            "page, nobody signed in: redirect",
            false,
            Stack.LIMIT,
            Stack.GATEHOUSE,
            Stack.SHIRO,
            Stack.PAC4J,
            Stack.SPRING),
    CALL("call, nobody signed in: 401", false, Stack.LIMIT, Stack.GATEHOUSE, Stack.SPRING_TOKEN),
    TOKEN("call, access token seen a moment ago", true, Stack.LIMIT_TOKEN, Stack.GATEHOUSE, Stack.SPRING_TOKEN),
    FIRST_TOKEN("call, access token not seen before", true, Stack.LIMIT_SIGNED, Stack.GATEHOUSE, Stack.SPRING_TOKEN),
    API_KEY("call, customer's API key", true, Stack.LIMIT_DIGEST, Stack.GATEHOUSE);

    private final String operation;
    private final boolean passes;
    private final Set<Stack> stacks;

    Scenario(String operation, boolean passes, Stack... stacks) {
        this.operation = operation;
        this.passes = passes;
        this.stacks = EnumSet.copyOf(Arrays.asList(stacks));
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

    List<Stack> stacks() {
        return List.copyOf(EnumSet.copyOf(stacks));
    }
}
