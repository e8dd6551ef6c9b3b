package dev.gatehouse.samples.saas;

import java.util.List;
import java.util.Map;

/** What may be done in an organization. Code asks for a permission, never for a role. */
final class Permissions {
    static final String READ = "shipment:read";
    static final String WRITE = "shipment:write";
    static final String PEOPLE = "people:manage";
    static final String SETTINGS = "settings:manage";

    /** Every one, with a name for people. */
    static final Map<String, String> ALL = Map.of(
            READ, "See shipments", WRITE, "Add and deliver shipments", PEOPLE, "Invite people", SETTINGS, "Settings");

    /** What a customer's API key may be allowed. */
    static final List<String> OF_KEYS = List.of(READ, WRITE);

    /** Roles of Gatehouse's own: every environment begins with them. */
    static final String ADMIN = "admin";

    static final String MEMBER = "member";

    /** A role of Waybill's. */
    static final String VIEWER = "viewer";

    /** Which role may what, the most powerful role first. */
    static final List<Map.Entry<String, List<String>>> ROLES = List.of(
            Map.entry(ADMIN, List.of(READ, WRITE, PEOPLE, SETTINGS)),
            Map.entry(MEMBER, List.of(READ, WRITE)),
            Map.entry(VIEWER, List.of(READ)));

    private Permissions() {}
}
