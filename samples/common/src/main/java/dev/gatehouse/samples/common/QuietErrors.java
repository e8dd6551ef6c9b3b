package dev.gatehouse.samples.common;

import java.io.IOException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * What the container itself refuses, before any filter is asked: requests that are no HTTP (400), too long an address (414)
 * or too large headers (431); and what a servlet sends as an error. Programs get JSON, people a line, and so does whoever sent
 * what could not be read as far as its headers; nobody is told what runs here.
 */
public final class QuietErrors extends ErrorHandler {

    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback)
            throws IOException {
        String words = HttpStatus.getMessage(code);
        boolean program = request.getHeaders().contains(HttpHeader.AUTHORIZATION)
                || request.getHeaders().contains(HttpHeader.ACCEPT, "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, program ? "application/json" : "text/html; charset=utf-8");
        String body = program
                ? "{\"message\":\"" + words + ".\"}"
                : "<!doctype html><html lang=\"en\"><title>" + words + "</title><h1>" + words
                        + "</h1><p><a href=\"/\">Back</a></p></html>";
        Content.Sink.write(response, true, body, callback);
    }
}
