package dev.gatehouse.servlet;

import dev.gatehouse.config.ConfigException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which peers may say who the client is. Reads literal addresses only; never asks DNS. */
final class TrustedProxies {
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    // exactly these reach InetAddress without a look-up: four octets, or anything with a colon
    private static final Pattern LITERAL =
            Pattern.compile(OCTET + "(\\." + OCTET + "){3}|(?=[^:]*:)[0-9A-Fa-f:.]{2,45}");

    private final List<Range> ranges;

    TrustedProxies(List<String> settings) {
        ranges = settings.stream().map(Range::of).toList();
    }

    private record Range(byte[] address, int bits) {
        static Range of(String text) {
            int slash = text.indexOf('/');
            byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
            String length = slash < 0 ? "" : text.substring(slash + 1);
            boolean good = address != null && (slash < 0 || length.matches("[0-9]{1,3}"));
            int bits = !good || address == null || slash < 0 ? -1 : Integer.parseInt(length);
            if (!good || address == null || bits > address.length * 8) {
                throw new ConfigException("Setting trusted-proxies '" + text
                        + "' cannot be used: expected an address or a range like 10.0.0.0/8.");
            }
            return new Range(address, bits < 0 ? address.length * 8 : bits);
        }

        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i % 8);
                if ((address[i / 8] & mask) != (other[i / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    boolean trusts(String peer) {
        byte[] address = ranges.isEmpty() ? null : bytes(unbracketed(peer));
        return address != null && ranges.stream().anyMatch(range -> range.holds(address));
    }

    /**
     * The client behind our proxies: the last address that is not one of theirs.
     *
     * @param forwardedFor every {@code X-Forwarded-For} line in order; a proxy may add one of its own below the client's
     */
    String client(String peer, Enumeration<String> forwardedFor) {
        String direct = unbracketed(peer);
        if (!trusts(direct) || !forwardedFor.hasMoreElements()) {
            return direct;
        }
        StringBuilder lines = new StringBuilder(forwardedFor.nextElement());
        while (forwardedFor.hasMoreElements()) {
            lines.append(',').append(forwardedFor.nextElement());
        }
        String[] hops = lines.toString().split(",", -1);
        for (int i = hops.length - 1; i >= 0; i--) {
            String hop = unbracketed(hops[i].trim());
            if (bytes(hop) == null) {
                return direct;
            }
            if (!trusts(hop)) {
                return hop;
            }
        }
        return direct;
    }

    /** Some containers write IPv6 addresses as URLs do. */
    private static String unbracketed(String address) {
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }

    private static byte @Nullable [] bytes(String text) {
        try {
            return LITERAL.matcher(text).matches() ? InetAddress.getByName(text).getAddress() : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
