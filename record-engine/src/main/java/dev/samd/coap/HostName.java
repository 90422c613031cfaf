// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The host of a URI as Uri-Host carries it, decoded, and as a name writes it (RFC 7252 s6.4, s6.5). What a name cannot
 * hold is percent-encoded, so that no host is taken for a host with a port.
 */
final class HostName {
    private static final String PLAIN = "._~!$&'()*+,;=-";

    private HostName() {}

    /** The host as it stands in a name: lower case, an IPv6 literal in brackets. */
    static String of(byte[] octets, int offset, int length) {
        String host = new String(octets, offset, length, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        if (isIpv6(host)) {
            return host.startsWith("[") ? host : "[" + host + "]";
        }
        StringBuilder name = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = host.charAt(i);
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || PLAIN.indexOf(c) >= 0) {
                name.append(c);
            } else {
                name.append(String.format(Locale.ROOT, "%%%02x", octets[offset + i] & 0xff));
            }
        }
        return name.toString();
    }

    private static boolean isIpv6(String host) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String literal = bracketed ? host.substring(1, host.length() - 1) : host;
        return literal.indexOf(':') != literal.lastIndexOf(':')
                && literal.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.');
    }

    /** Whether the host is that of an endpoint. */
    static boolean isHostOf(Endpoint endpoint, byte[] octets, int offset, int length) {
        String uri = endpoint.uri();
        int start = uri.indexOf("://") + 3;
        if (uri.length() - start < length) {
            return false;
        }
        // A colon could be that of a port, and a percent sign one that is written encoded.
        for (int i = 0; i < length; i++) {
            int c = octets[offset + i];
            int lower = c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
            if (c == ':' || c == '%' || uri.charAt(start + i) != lower) {
                return isWrittenHostOf(endpoint, octets, offset, length);
            }
        }
        boolean whole = uri.length() == start + length || uri.charAt(start + length) == ':';
        return whole || isWrittenHostOf(endpoint, octets, offset, length);
    }

    private static boolean isWrittenHostOf(Endpoint endpoint, byte[] octets, int offset, int length) {
        String name = of(octets, offset, length);
        return (name.startsWith("[") ? name.substring(1, name.length() - 1) : name).equals(endpoint.host());
    }
}
