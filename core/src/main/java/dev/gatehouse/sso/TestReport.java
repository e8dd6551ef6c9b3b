package dev.gatehouse.sso;

import dev.gatehouse.identity.Federation.Arrival;
import dev.gatehouse.identity.Federation.Arrival.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a test sign-in found out: each step in its order, and what the provider said. */
final class TestReport {
    private static final String ADDRESS = "E-mail address and domain";

    private final Function<Connection, Protocol> protocols;

    TestReport(Function<Connection, Protocol> protocols) {
        this.protocols = protocols;
    }

    /** Somebody could sign in. */
    Arrival passed(Connection connection, Asserted said, List<String> roles, Attempt attempt) {
        List<Report.Check> checks = new ArrayList<>();
        for (Protocol.Check check : protocols.apply(connection).checks()) {
            checks.add(check(check, Report.Result.PASSED));
        }
        checks.add(new Report.Check(0, ADDRESS, Report.Result.PASSED, null, null));
        return new Report(connection.name(), true, checks, person(said, roles), attributes(said), attempt.id());
    }

    /**
     * Nobody could.
     *
     * @param said what the provider said; null if its answer was not accepted
     */
    Arrival failed(Connection connection, Refusal why, @Nullable Asserted said, Attempt attempt) {
        List<Report.Check> checks = new ArrayList<>();
        for (Protocol.Check check : protocols.apply(connection).checks()) {
            boolean before = said != null || check.number() < why.step();
            checks.add(
                    check.number() == why.step()
                            ? new Report.Check(
                                    check.number(), why.title(), Report.Result.FAILED, why.expected(), why.found())
                            : check(check, before ? Report.Result.PASSED : Report.Result.NOT_REACHED));
        }
        if (why.step() == 0) {
            checks.add(new Report.Check(0, why.title(), Report.Result.FAILED, why.expected(), why.found()));
        } else {
            checks.add(new Report.Check(0, ADDRESS, Report.Result.NOT_REACHED, null, null));
        }
        return new Report(
                connection.name(),
                false,
                checks,
                said == null ? Map.of() : person(said, List.of()),
                said == null ? Map.of() : attributes(said),
                attempt.id());
    }

    private static Report.Check check(Protocol.Check check, Report.Result result) {
        return new Report.Check(check.number(), check.title(), result, null, null);
    }

    private static Map<String, String> person(Asserted said, List<String> roles) {
        Map<String, String> all = new LinkedHashMap<>();
        put(all, "id", said.idpId());
        put(all, "email", said.email());
        put(all, "first_name", said.firstName());
        put(all, "last_name", said.lastName());
        put(all, "name", said.name());
        put(all, "groups", said.groups());
        put(all, "roles", roles);
        said.custom().forEach((name, value) -> put(all, name, value));
        return all;
    }

    private static Map<String, String> attributes(Asserted said) {
        Map<String, String> all = new LinkedHashMap<>();
        said.raw().forEach((name, value) -> put(all, name, value));
        return all;
    }

    private static void put(Map<String, String> all, String name, @Nullable Object value) {
        if (value instanceof List<?> values) {
            all.put(name, String.join(", ", values.stream().map(String::valueOf).toList()));
        } else {
            all.put(name, value == null ? "" : value.toString());
        }
    }
}
