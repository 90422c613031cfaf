// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The address part of a transport address, for counting. A text from a relay may be anything, so nothing here is ever
 * resolved, and what is no address counts under its own first characters.
 */
final class SourceAddress {
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]*:[0-9a-f:.]*");
    private static final int MAX_TEXT = 64;

    private SourceAddress() {}

    /** The address alone: "192.0.2.1" for "192.0.2.1:5683". */
    static String host(String source) {
        String text = source.length() <= MAX_TEXT ? source : source.substring(0, MAX_TEXT);
        int bracket = text.indexOf(']');
        if (text.startsWith("[") && bracket > 0) {
            return text.substring(1, bracket).toLowerCase(Locale.ROOT);
        }
        int colon = text.indexOf(':');
        boolean port = colon >= 0 && colon == text.lastIndexOf(':');
        return (port ? text.substring(0, colon) : text).toLowerCase(Locale.ROOT);
    }

    /** What shares one budget: an IPv4 address, or the /64 that an IPv6 host can take any address of. */
    static String budget(String source) {
        String host = host(source);
        int zone = host.indexOf('%');
        String literal = zone < 0 ? host : host.substring(0, zone);
        if (!IPV6.matcher(literal).matches()) {
            return host;
        }
        try {
            // With a colon in it this is read as a literal, or refused, and never looked up.
            byte[] octets = InetAddress.getByName(literal).getAddress();
            if (octets.length != 16) {
                return InetAddress.getByAddress(octets).getHostAddress();
            }
            StringBuilder prefix = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                prefix.append(String.format("%02x", octets[i]));
            }
            return prefix.append("/64").toString();
        } catch (UnknownHostException e) {
            return host;
        }
    }
}
