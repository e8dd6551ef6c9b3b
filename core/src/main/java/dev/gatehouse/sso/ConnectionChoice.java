package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which connection somebody signs in through. */
final class ConnectionChoice {
    private ConnectionChoice() {}

    /**
     * The connection that exactly one of these selects.
     *
     * @throws ApiException with the contract's code of the redirect
     */
    static String of(
            Call call, @Nullable String connectionId, @Nullable String provider, @Nullable String organizationId) {
        long given = Stream.of(connectionId, provider, organizationId)
                .filter(Objects::nonNull)
                .count();
        if (given != 1) {
            throw problem(
                    "invalid_connection_selector",
                    "A valid connection selector is required: exactly one of connection, organization and provider.");
        }
        if (connectionId != null) {
            return usable(call.find(Connection.TYPE, connectionId)
                            .orElseThrow(() -> problem("connection_invalid", "There is no such connection.")))
                    .id();
        }
        if (provider != null) {
            Optional<Connection> found =
                    ConnectionType.of(provider).flatMap(type -> call.findBy(Connection.TYPE, "provider", type.wire()));
            return found.filter(Connection::isOpen)
                    .orElseThrow(() -> problem(
                            "connection_strategy_invalid", "The provider has no credentials in this environment."))
                    .id();
        }
        return ofOrganization(call, String.valueOf(organizationId));
    }

    private static String ofOrganization(Call call, String organizationId) {
        List<Connection> open = Connection.open(call, organizationId);
        if (open.size() > 1) {
            throw problem("ambiguous_connection_selector", "The organization has several connections: choose one.");
        }
        if (open.isEmpty()) {
            throw problem("organization_invalid", "No connection associated with organization.");
        }
        return open.get(0).id();
    }

    /** The one through which people of an organization sign in by their address; empty for none, or several. */
    static Optional<String> only(Call call, String organizationId) {
        // one that nobody has signed in through yet must not keep people out
        List<Connection> working = Connection.open(call, organizationId).stream()
                .filter(c -> c.state() == Connection.State.ACTIVE)
                .toList();
        return working.size() == 1 ? Optional.of(working.get(0).id()) : Optional.empty();
    }

    /** @throws ApiException if nobody can sign in through it */
    static Connection usable(Connection connection) {
        if (!connection.isOpen()) {
            throw problem("connection_unlinked", "The connection is inactive.");
        }
        return connection;
    }

    static ApiException problem(String code, String text) {
        return ApiException.oauth(400, code, text);
    }
}
