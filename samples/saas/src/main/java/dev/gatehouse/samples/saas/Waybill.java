package dev.gatehouse.samples.saas;

import dev.gatehouse.Gatehouse;

/** What the servlets work with. */
record Waybill(Gatehouse gatehouse, Shipments shipments, Activities activities) {
    /** Slug of the feature flag for the panel above the list of shipments. */
    static final String OVERVIEW = "overview";
}
