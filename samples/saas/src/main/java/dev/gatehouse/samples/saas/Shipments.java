package dev.gatehouse.samples.saas;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The rows of all organizations. No method finds one by its id alone: whoever asks names the organization, and what is
 * another's does not exist.
 */
final class Shipments {
    private static final String COLUMNS = "id, goods, destination, delivered, added_by, created_at";

    private final DataSource pool;

    Shipments(DataSource pool) {
        this.pool = pool;
    }

    /**
     * What is sent somewhere.
     *
     * @param addedBy name of a person or of an API key
     */
    record Shipment(
            String id, String goods, String destination, boolean delivered, String addedBy, Instant createdAt) {}

    /** Newest first, 200 at most. */
    List<Shipment> of(String organizationId) {
        return read(
                "select " + COLUMNS
                        + " from waybill_shipment where organization_id = ? order by created_at desc, id limit 200",
                organizationId);
    }

    Optional<Shipment> find(String organizationId, String id) {
        return read(
                        "select " + COLUMNS + " from waybill_shipment where organization_id = ? and id = ?",
                        organizationId,
                        id)
                .stream()
                .findFirst();
    }

    Shipment add(String organizationId, String goods, String destination, String addedBy) {
        Shipment added = new Shipment(
                "shp_" + UUID.randomUUID().toString().replace("-", ""),
                goods,
                destination,
                false,
                addedBy,
                Instant.now());
        write(
                "insert into waybill_shipment (organization_id, " + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?)",
                organizationId,
                added.id,
                goods,
                destination,
                false,
                addedBy,
                Timestamp.from(added.createdAt));
        return added;
    }

    /** False if the organization has no such shipment. */
    boolean deliver(String organizationId, String id) {
        return write(
                        "update waybill_shipment set delivered = true where organization_id = ? and id = ?",
                        organizationId,
                        id)
                == 1;
    }

    private List<Shipment> read(String sql, String... values) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            List<Shipment> found = new ArrayList<>();
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                found.add(new Shipment(
                        rows.getString("id"),
                        rows.getString("goods"),
                        rows.getString("destination"),
                        rows.getBoolean("delivered"),
                        rows.getString("added_by"),
                        rows.getTimestamp("created_at").toInstant()));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("shipments cannot be read", e);
        }
    }

    private int write(String sql, Object... values) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("shipments cannot be written", e);
        }
    }
}
