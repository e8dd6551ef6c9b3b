package dev.gatehouse.servlet;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.spi.Storage;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the filter says no, as far as a dispatch may still speak. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(GatehouseFilter.class);

    private Refusals() {}

    /** A browser that navigates is sent to sign in; anything else is told. */
    static void challenge(Gatehouse gatehouse, HttpServletRequest http, HttpServletResponse answer) throws IOException {
        String mode = http.getHeader("Sec-Fetch-Mode");
        String accept = http.getHeader("Accept");
        boolean script = "XMLHttpRequest".equals(http.getHeader("X-Requested-With"));
        boolean page = mode != null ? mode.equals("navigate") : accept != null && accept.contains("text/html");
        DispatcherType type = http.getDispatcherType();
        boolean moves = type != DispatcherType.ERROR && type != DispatcherType.INCLUDE && !answer.isCommitted();
        if (reads(http) && page && !script && moves) {
            gatehouse.stopped(302, "not_signed_in");
            answer.setHeader("Cache-Control", "no-store");
            answer.setHeader("Location", gatehouse.pages().signInFor(http.getContextPath(), target(http)));
            answer.setStatus(302);
            return;
        }
        if (moves) {
            answer.setHeader("WWW-Authenticate", "Bearer realm=\"gatehouse\"");
        }
        refuse(gatehouse, http, answer, 401, "not_signed_in", "Sign in first.");
    }

    /** What the browser asked for, before any forward. */
    private static String target(HttpServletRequest http) {
        boolean forwarded = http.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI) != null;
        Object path = forwarded ? http.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI) : http.getRequestURI();
        Object query = forwarded ? http.getAttribute(RequestDispatcher.FORWARD_QUERY_STRING) : http.getQueryString();
        return query == null ? path.toString() : path + "?" + query;
    }

    private static boolean reads(HttpServletRequest http) {
        return http.getMethod().equals("GET") || http.getMethod().equals("HEAD");
    }

    /** A page moves to HTTPS; anything else has said too much in the clear already, and is told. */
    static void insecure(
            Gatehouse gatehouse, String origin, boolean page, HttpServletRequest http, HttpServletResponse answer)
            throws IOException {
        if (page && reads(http)) {
            gatehouse.stopped(308, "https_required");
            answer.setStatus(308);
            answer.setHeader("Location", origin + target(http));
            return;
        }
        refuse(gatehouse, http, answer, 403, "https_required", "This answers over HTTPS only.");
    }

    /** Something of ours failed: nobody gets through, and nobody but the log learns why. */
    static void failed(
            Gatehouse gatehouse, HttpServletRequest http, HttpServletResponse answer, String path, RuntimeException e)
            throws IOException {
        boolean storage = e instanceof Storage.StorageException;
        LOG.atError()
                .addKeyValue("reason", storage ? "unavailable" : "internal_error")
                .setCause(e)
                .log("{} failed", path);
        if (storage) {
            refuse(gatehouse, http, answer, 503, "unavailable", "Try again shortly.");
        } else {
            refuse(gatehouse, http, answer, 500, "internal_error", "Something failed on the server.");
        }
    }

    /** Says why not, in the API's shape, as far as this dispatch may still speak. */
    static void refuse(
            Gatehouse gatehouse,
            HttpServletRequest http,
            HttpServletResponse answer,
            int status,
            String code,
            String message)
            throws IOException {
        gatehouse.stopped(status, code);
        if (http.getDispatcherType() == DispatcherType.INCLUDE || answer.isCommitted()) {
            // a part of a page, or one that is half sent: it ends here
            return;
        }
        // an error page that may not be seen leaves the error as it was
        boolean page = http.getDispatcherType() == DispatcherType.ERROR;
        int shown =
                page && http.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer was ? was : status;
        String body = page
                ? "{\"message\":\"This did not work.\"}"
                : "{\"message\":\"" + message + "\",\"code\":\"" + code + "\"}";
        answer.setHeader("Cache-Control", "no-store");
        answer.setHeader("X-Content-Type-Options", "nosniff");
        RequestBridge.write(
                Answer.of(shown, "application/json; charset=utf-8", body.getBytes(StandardCharsets.UTF_8)), answer);
    }
}
