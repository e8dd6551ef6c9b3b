package dev.gatehouse.samples.saas;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** What happened in each organization, as webhooks told it ({@link WebhookServlet}). */
final class Activities {
    private static final String UNIQUE_VIOLATION = "23505";

    private final DataSource pool;

    Activities(DataSource pool) {
        this.pool = pool;
    }

    record Activity(Instant at, String text) {}

    /** Newest first, 100 at most. */
    List<Activity> of(String organizationId) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select happened_at, text from waybill_activity"
                                + " where organization_id = ? order by happened_at desc, event_id desc limit 100")) {
            statement.setString(1, organizationId);
            List<Activity> found = new ArrayList<>();
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                found.add(new Activity(rows.getTimestamp("happened_at").toInstant(), rows.getString("text")));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("activities cannot be read", e);
        }
    }

    /** The same event may come again: it is kept once. */
    void add(String eventId, String organizationId, Instant at, String text) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement("insert into waybill_activity"
                        + " (event_id, organization_id, happened_at, text) values (?, ?, ?, ?)")) {
            statement.setString(1, eventId);
            statement.setString(2, organizationId);
            statement.setTimestamp(3, Timestamp.from(at));
            statement.setString(4, text.length() > 500 ? text.substring(0, 500) : text);
            statement.executeUpdate();
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw new IllegalStateException("an activity cannot be written", e);
            }
        }
    }
}
