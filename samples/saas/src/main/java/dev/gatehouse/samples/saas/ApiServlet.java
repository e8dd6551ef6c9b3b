package dev.gatehouse.samples.saas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.samples.saas.Shipments.Shipment;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Shipments for customers' programs: {@code GET} and {@code POST /api/shipments}, {@code GET /api/shipments/{id}}, {@code POST
 * /api/shipments/{id}/delivered}. A key brings its organization; no request names one.
 */
final class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final transient Waybill app;

    ApiServlet(Waybill app) {
        this.app = app;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            Tenant tenant = Tenant.of(request);
            List<String> path = List.of(
                    Objects.requireNonNullElse(request.getPathInfo(), "").split("/"));
            // "/shipments/shp_1/delivered" is "", "shipments", "shp_1", "delivered"
            if (path.size() < 2 || path.size() > 4 || !path.get(1).equals("shipments")) {
                throw Refused.notFound();
            }
            switch (request.getMethod()) {
                case "GET" -> {
                    tenant.require(Permissions.READ);
                    answer(response, 200, read(tenant, path));
                }
                case "POST" -> {
                    tenant.require(Permissions.WRITE);
                    // a browser sends this type for another site's page only if we allowed it, which we never do
                    if (!Objects.requireNonNullElse(request.getContentType(), "")
                            .startsWith("application/json")) {
                        throw new Refused(415, "Send JSON.");
                    }
                    write(tenant, path, request, response);
                }
                default -> throw new Refused(405, "Only GET and POST.");
            }
        } catch (Refused e) {
            answer(response, e.status(), Map.of("message", String.valueOf(e.getMessage())));
        }
    }

    private Object read(Tenant tenant, List<String> path) {
        return switch (path.size()) {
            case 2 ->
                Map.of(
                        "data",
                        app.shipments().of(tenant.organizationId()).stream()
                                .map(ApiServlet::view)
                                .toList());
            case 3 ->
                view(app.shipments().find(tenant.organizationId(), path.get(2)).orElseThrow(Refused::notFound));
            default -> throw Refused.notFound();
        };
    }

    private void write(Tenant tenant, List<String> path, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (path.size() == 2) {
            JsonNode body = body(request);
            String goods = body.path("goods").asText();
            String destination = body.path("destination").asText();
            if (ShipmentsServlet.refused(goods, destination)) {
                throw new Refused(422, "goods and destination are needed, in 200 characters each.");
            }
            answer(
                    response,
                    201,
                    view(app.shipments().add(tenant.organizationId(), goods, destination, tenant.name())));
        } else if (path.size() == 4
                && path.get(3).equals("delivered")
                && app.shipments().deliver(tenant.organizationId(), path.get(2))) {
            answer(
                    response,
                    200,
                    view(app.shipments()
                            .find(tenant.organizationId(), path.get(2))
                            .orElseThrow(Refused::notFound)));
        } else {
            throw Refused.notFound();
        }
    }

    private static JsonNode body(HttpServletRequest request) throws IOException {
        try {
            return JSON.readTree(request.getInputStream().readNBytes(MOST));
        } catch (JsonProcessingException e) {
            throw new Refused(400, "That is no JSON.");
        }
    }

    private static Map<String, Object> view(Shipment shipment) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", shipment.id());
        view.put("goods", shipment.goods());
        view.put("destination", shipment.destination());
        view.put("delivered", shipment.delivered());
        view.put("added_by", shipment.addedBy());
        view.put("created_at", shipment.createdAt().toString());
        return view;
    }

    private static void answer(HttpServletResponse response, int status, Object body) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(JSON.writeValueAsBytes(body));
    }
}
