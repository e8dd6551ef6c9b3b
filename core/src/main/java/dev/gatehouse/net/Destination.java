package dev.gatehouse.net;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address that may be called, as far as its text tells: what its name resolves to is checked at each call. A spelling
 * that two programs could read differently (user info, {@code 0177.0.0.1}, {@code 2130706433}, full-width digits) is none.
 */
public final class Destination {
    private static final int LONGEST = 2_048;
    private static final Pattern PRINTABLE = Pattern.compile("[!-~&&[^\\\\<>\"`{}|^]]+");
    private static final Pattern ENCODED_CONTROL = Pattern.compile("%(?:[01][0-9A-Fa-f]|7[Ff])");
    private static final String LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
    private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
    private static final Pattern NUMBER_LAST = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)");
    private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]{2,45}]");
    private static final int LONGEST_NAME = 253;
    private static final Set<Integer> PORTS = Set.of(80, 443, 8080, 8443);
    /** Endings of names that lead nowhere outside (RFC 6761, RFC 6762, RFC 8375, and what clusters and clouds use). */
    private static final Set<String> INNER = Set.of(
            "localhost",
            "local",
            "internal",
            "intranet",
            "lan",
            "corp",
            "home",
            "private",
            "svc",
            "localdomain",
            "arpa");

    private final URI uri;
    private final boolean here;

    private Destination(URI uri, boolean here) {
        this.uri = uri;
        this.here = here;
    }

    /**
     * Reads an address.
     *
     * @param https whether nothing else will do
     * @throws IllegalArgumentException saying what is wrong with it, as the end of a sentence
     */
    public static Destination of(String text, Reach reach, boolean https) {
        if (text.length() > LONGEST || !PRINTABLE.matcher(text).matches()) {
            throw new IllegalArgumentException("must be an absolute URL of at most 2,048 printable ASCII characters");
        }
        if (ENCODED_CONTROL.matcher(text).find()) {
            throw new IllegalArgumentException("must not hold control characters");
        }
        URI uri = parse(text);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && (https || !scheme.equals("http"))) {
            throw new IllegalArgumentException("must begin with https://");
        }
        String host = uri.getHost();
        if (host == null
                || uri.getRawUserInfo() != null
                || uri.getRawFragment() != null
                || uri.getRawAuthority().contains("@")) {
            throw new IllegalArgumentException("must have a host, no user name and no fragment");
        }
        host = host.toLowerCase(Locale.ROOT);
        InetAddress literal = literal(host);
        boolean here = literal == null ? isLocalhost(host) : Addresses.isLoopback(literal);
        if (literal == null) {
            checkName(host, reach, here);
        } else {
            check(literal, reach, here);
        }
        checkPort(uri, reach == Reach.ANY || (reach == Reach.LOOPBACK && here));
        return new Destination(uri, here);
    }

    private static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("must be an absolute URL", e);
        }
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            if (IPV6.matcher(host).matches()) {
                // java.net.URI has checked the syntax, so nothing is looked up
                return InetAddress.getByName(host);
            }
            return IPV4.matcher(host).matches() ? InetAddress.getByName(host) : null;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("must not have an unusual IP address", e);
        }
    }

    private static boolean isLocalhost(String host) {
        return host.equals("localhost") || host.endsWith(".localhost");
    }

    private static void checkName(String host, Reach reach, boolean here) {
        if (host.length() > LONGEST_NAME
                || !NAME.matcher(host).matches()
                || NUMBER_LAST.matcher(host).matches()) {
            throw new IllegalArgumentException("must have a usual host name or IP address");
        }
        String last = host.substring(host.lastIndexOf('.') + 1);
        boolean inner = last.equals(host) || INNER.contains(last);
        if (inner && reach != Reach.ANY && !(here && reach == Reach.LOOPBACK)) {
            throw new IllegalArgumentException("must have a public host name");
        }
    }

    private static void checkPort(URI uri, boolean any) {
        int port = uri.getPort();
        // the parser reads ":" without a number as no port
        boolean usual = port == -1 ? !uri.getRawAuthority().endsWith(":") : PORTS.contains(port);
        if (!usual && !(any && port >= 1 && port <= 65_535)) {
            throw new IllegalArgumentException("must use port 443, 80, 8443 or 8080");
        }
    }

    private static void check(InetAddress address, Reach reach, boolean here) {
        boolean allowed = switch (reach) {
            case ANY -> !address.isMulticastAddress();
            case LOOPBACK -> here ? Addresses.isLoopback(address) : Addresses.isPublic(address);
            case PUBLIC -> Addresses.isPublic(address);
        };
        if (!allowed) {
            throw new IllegalArgumentException("must have a public address");
        }
    }

    /**
     * Checks what its name resolves to.
     *
     * @throws IllegalArgumentException if one address may not be called; then none may (ATTACKS W04)
     */
    void checkResolved(InetAddress[] addresses, Reach reach) {
        for (InetAddress address : addresses) {
            check(address, reach, here);
        }
    }

    /** The text it was read from. */
    @Override
    public String toString() {
        return uri.toString();
    }

    /** The address itself. */
    URI uri() {
        return uri;
    }

    boolean tls() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** The host without the brackets of an IPv6 address. */
    String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        return uri.getPort() != -1 ? uri.getPort() : tls() ? 443 : 80;
    }

    /** Path and query, as they go over the wire. */
    String target() {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }
}
