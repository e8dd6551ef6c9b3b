package dev.gatehouse.net;

import java.net.InetAddress;

/**
 * Tells public addresses from all others. The predicates of {@link InetAddress} miss unique local addresses, carrier NAT,
 * NAT64, 6to4 and more (ATTACKS W01), so the blocks of the IANA special-purpose registries stand here (RFC 6890).
 */
final class Addresses {
    private static final int[][] SPECIAL_V4 = {
        // first four bytes, then the length of the prefix
        {0, 0, 0, 0, 8}, // this network
        {10, 0, 0, 0, 8}, // private
        {100, 64, 0, 0, 10}, // carrier NAT, and Alibaba's metadata
        {127, 0, 0, 0, 8}, // loopback
        {169, 254, 0, 0, 16}, // link local, and the metadata of most clouds
        {172, 16, 0, 0, 12}, // private
        {192, 0, 0, 0, 24}, // protocol assignments, and Oracle's metadata
        {192, 0, 2, 0, 24}, // documentation
        {192, 31, 196, 0, 24}, // AS112
        {192, 52, 193, 0, 24}, // AMT
        {192, 88, 99, 0, 24}, // 6to4 relays
        {192, 168, 0, 0, 16}, // private
        {192, 175, 48, 0, 24}, // AS112
        {198, 18, 0, 0, 15}, // benchmarks
        {198, 51, 100, 0, 24}, // documentation
        {203, 0, 113, 0, 24}, // documentation
        {224, 0, 0, 0, 4}, // multicast
        {240, 0, 0, 0, 4}, // reserved, and broadcast
    };
    private static final int[][] SPECIAL_V6 = {
        // within 2000::/3, outside of which nothing is public; first four bytes, then the length of the prefix
        {0x20, 0x01, 0x00, 0x00, 23}, // protocol assignments: Teredo, ORCHID, benchmarks
        {0x20, 0x01, 0x0d, 0xb8, 32}, // documentation
        {0x20, 0x02, 0x00, 0x00, 16}, // 6to4, which carries an IPv4 address
        {0x26, 0x20, 0x00, 0x4f, 32}, // AS112
        {0x3f, 0xff, 0x00, 0x00, 20}, // documentation
    };

    private Addresses() {}

    /** Whether it is an address of the public Internet. */
    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return !within(bytes, SPECIAL_V4);
        }
        // everything that carries an IPv4 address (mapped, compatible, NAT64) lies outside of 2000::/3
        return (bytes[0] & 0xe0) == 0x20 && !within(bytes, SPECIAL_V6);
    }

    /** Whether it is this machine. */
    static boolean isLoopback(InetAddress address) {
        return address.isLoopbackAddress();
    }

    private static boolean within(byte[] address, int[][] blocks) {
        for (int[] block : blocks) {
            if (begins(address, block, block[4])) {
                return true;
            }
        }
        return false;
    }

    private static boolean begins(byte[] address, int[] block, int length) {
        for (int bit = 0; bit < length; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((address[bit / 8] & mask) != (block[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
