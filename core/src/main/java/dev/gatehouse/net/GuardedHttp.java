package dev.gatehouse.net;

import dev.gatehouse.spi.Outbound;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/**
 * Calls addresses that somebody else chose (ATTACKS W01 to W07, W16): one resolution, each of its addresses checked, and
 * a connection to exactly those; the certificate is that of the name; no proxy, no redirect, no cookie, no compression,
 * and an end at a fixed moment. Framing is Apache HttpCore's, over a socket of ours. Each call has a connection of its own.
 */
public final class GuardedHttp implements Outbound {
    private static final Http1Config LIMITS = Http1Config.custom()
            .setMaxLineLength(8_192)
            .setMaxHeaderCount(100)
            .setMaxEmptyLineCount(2)
            .build();
    private static final int MOST_ADDRESSES = 4;
    private static final int MOST_INTERIM = 5;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern HEADER = Pattern.compile("[ -~]*");

    /** Finds the addresses of a name. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** Refused before anything was sent: the address may not be called. */
    public static final class Forbidden extends IOException {
        private static final long serialVersionUID = 1L;

        Forbidden(IllegalArgumentException why) {
            super("The URL " + why.getMessage(), why);
        }
    }

    private final Reach reach;
    private final boolean https;
    private final Resolver resolver;
    private final Supplier<SSLSocketFactory> tls;

    /**
     * @param reach which addresses may be called
     * @param https whether nothing else will do
     */
    public GuardedHttp(Reach reach, boolean https) {
        this(reach, https, InetAddress::getAllByName, () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /**
     * What calls out in environments of a kind.
     *
     * @param setting value of {@code outbound-addresses}
     * @param production whether nothing but {@code https} will do
     */
    public static GuardedHttp of(String setting, boolean production) {
        return new GuardedHttp(Reach.of(setting, production), production);
    }

    GuardedHttp(Reach reach, boolean https, Resolver resolver, Supplier<SSLSocketFactory> tls) {
        this.reach = reach;
        this.https = https;
        this.resolver = resolver;
        this.tls = tls;
    }

    @Override
    public Response call(Request request) throws IOException {
        long end = System.nanoTime() + request.timeout().toNanos();
        Destination destination;
        InetAddress[] addresses;
        try {
            destination = Destination.of(request.uri().toString(), reach, https);
            addresses = resolver.resolve(destination.host());
            destination.checkResolved(addresses, reach);
        } catch (IllegalArgumentException e) {
            throw new Forbidden(e);
        }
        try (DeadlineSocket socket = connect(addresses, destination.port(), end)) {
            Socket secure = destination.tls() ? secured(socket, destination) : socket;
            return exchange(secure, destination, request);
        } catch (HttpException e) {
            throw new IOException("the answer is not HTTP", e);
        }
    }

    private static DeadlineSocket connect(InetAddress[] addresses, int port, long end) throws IOException {
        IOException failure = null;
        int most = Math.min(addresses.length, MOST_ADDRESSES);
        for (int i = 0; i < most; i++) {
            // what is left, shared among those still to be tried, so that one dead address does not use up the call
            Duration patience = Duration.ofNanos((end - System.nanoTime()) / (most - i));
            try {
                return DeadlineSocket.connect(new InetSocketAddress(addresses[i], port), patience, end);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure == null ? new UnknownHostException("no address") : failure;
    }

    private SSLSocket secured(Socket socket, Destination destination) throws IOException {
        SSLSocket secure = (SSLSocket) tls.get().createSocket(socket, destination.host(), destination.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        // without it any certificate of any name would do
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static Response exchange(Socket socket, Destination destination, Request request)
            throws IOException, HttpException {
        // closed with its socket; closing it here would wait for the other side
        @SuppressWarnings("resource")
        DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(LIMITS);
        connection.bind(socket);
        BasicClassicHttpRequest message = message(destination, request);
        connection.sendRequestHeader(message);
        if (message.getEntity() != null) {
            connection.sendRequestEntity(message);
        }
        connection.flush();
        ClassicHttpResponse response = connection.receiveResponseHeader();
        for (int interim = 0; response.getCode() < 200; interim++) {
            if (interim == MOST_INTERIM || response.getCode() == 101) {
                throw new IOException("no final answer");
            }
            response = connection.receiveResponseHeader();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : response.getHeaders()) {
            headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
        byte[] body = new byte[0];
        if (request.maxBytes() > 0 && response.getCode() != 204 && response.getCode() != 304) {
            connection.receiveResponseEntity(response);
            body = read(response.getEntity(), request.maxBytes());
        }
        return new Response(response.getCode(), headers, body);
    }

    private static BasicClassicHttpRequest message(Destination destination, Request request) {
        BasicClassicHttpRequest message = new BasicClassicHttpRequest(request.method(), destination.target());
        boolean usual = destination.port() == (destination.tls() ? 443 : 80);
        message.setHeader("Host", destination.uri().getHost() + (usual ? "" : ":" + destination.port()));
        request.headers().forEach((name, value) -> {
            // ATTACKS W14
            if (!TOKEN.matcher(name).matches() || !HEADER.matcher(value).matches()) {
                throw new IllegalArgumentException("header " + name + " cannot be sent");
            }
            message.setHeader(name, value);
        });
        message.setHeader("Connection", "close");
        if (request.body().length > 0) {
            message.setHeader("Content-Length", Integer.toString(request.body().length));
            message.setEntity(new ByteArrayEntity(request.body(), (ContentType) null));
        }
        return message;
    }

    private static byte[] read(HttpEntity entity, int most) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        // not closed: that would read the rest
        InputStream in = entity.getContent();
        byte[] some = new byte[8_192];
        for (int read = in.read(some); read >= 0; read = in.read(some)) {
            if (all.size() + read > most) {
                throw new IOException("the answer is larger than " + most + " bytes");
            }
            all.write(some, 0, read);
        }
        return all.toByteArray();
    }
}
