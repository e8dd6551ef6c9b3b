package dev.gatehouse.identity;

import dev.gatehouse.api.Request;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where a sign-in comes from.
 *
 * @param ipAddress client's address; null if unknown
 * @param userAgent client's description of itself; null if unknown
 */
public record Source(@Nullable String ipAddress, @Nullable String userAgent) {
    private static final int LONGEST = 500;

    public Source {
        ipAddress = shortened(ipAddress);
        userAgent = shortened(userAgent);
    }

    private static @Nullable String shortened(@Nullable String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    /** What one customer of a network provider usually holds: an IPv4 address, or the /64 of an IPv6 address. */
    public String network() {
        if (ipAddress == null || ipAddress.indexOf(':') < 0) {
            return ipAddress == null ? "" : ipAddress;
        }
        try {
            // a literal: no name is looked up
            byte[] address = InetAddress.getByName(ipAddress).getAddress();
            return HexFormat.of().formatHex(address, 0, Math.min(8, address.length));
        } catch (UnknownHostException e) {
            return ipAddress;
        }
    }

    /** Nothing known. */
    public static final Source UNKNOWN = new Source(null, null);

    /** Of a browser's own request. */
    public static Source of(Request request) {
        return new Source(request.remoteAddress(), request.header("user-agent").orElse(null));
    }
}
