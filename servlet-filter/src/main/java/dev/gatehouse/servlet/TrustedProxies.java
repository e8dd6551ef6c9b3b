package dev.gatehouse.servlet;

import dev.gatehouse.config.ConfigException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which peers may say who the client is. Reads literal addresses only; never asks DNS. */
final class TrustedProxies {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]{7,15}|[0-9A-Fa-f:.]{2,45}");

    private final List<Range> ranges = new ArrayList<>();

    private record Range(byte[] address, int bits) {
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

    TrustedProxies(List<String> settings) {
        for (String text : settings) {
            int slash = text.indexOf('/');
            byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
            String length = slash < 0 ? "" : text.substring(slash + 1);
            if (address == null || !length.matches("[0-9]{0,3}")) {
                throw new ConfigException("Setting trusted-proxies '" + text
                        + "' cannot be used: expected an address or a range like 10.0.0.0/8.");
            }
            int bits = length.isEmpty() ? address.length * 8 : Integer.parseInt(length);
            ranges.add(new Range(address, Math.min(bits, address.length * 8)));
        }
    }

    boolean none() {
        return ranges.isEmpty();
    }

    boolean trusts(String peer) {
        byte[] address = bytes(peer);
        return address != null && ranges.stream().anyMatch(range -> range.holds(address));
    }

    /** The client behind our proxies: the last address in {@code X-Forwarded-For} that is not one of them. */
    String client(String peer, @Nullable String forwardedFor) {
        if (forwardedFor == null || !trusts(peer)) {
            return peer;
        }
        String[] hops = forwardedFor.split(",", -1);
        for (int i = hops.length - 1; i >= 0; i--) {
            String hop = hops[i].trim();
            if (bytes(hop) == null) {
                return peer;
            }
            if (!trusts(hop)) {
                return hop;
            }
        }
        return peer;
    }

    private static byte @Nullable [] bytes(String text) {
        try {
            return LITERAL.matcher(text).matches() ? InetAddress.getByName(text).getAddress() : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
