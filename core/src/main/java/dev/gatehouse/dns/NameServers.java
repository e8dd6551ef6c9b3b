package dev.gatehouse.dns;

import java.net.InetSocketAddress;
import org.xbill.DNS.Address;
import org.xbill.DNS.SimpleResolver;

/** Addresses of name servers in settings. */
final class NameServers {
    private NameServers() {}

    /** One that the setting has checked: {@code 192.0.2.1}, {@code 192.0.2.1:5353}, {@code [2001:db8::1]:53}. */
    static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        boolean port = colon > text.lastIndexOf(']') && colon > 0;
        String host = (port ? text.substring(0, colon) : text).replace("[", "").replace("]", "");
        try {
            return new InetSocketAddress(
                    Address.getByAddress(host),
                    port ? Integer.parseInt(text.substring(colon + 1)) : SimpleResolver.DEFAULT_PORT);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalArgumentException("no address: " + text, e);
        }
    }
}
