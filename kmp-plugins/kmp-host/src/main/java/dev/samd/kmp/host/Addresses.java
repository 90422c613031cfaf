// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.sa.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where endpoints are reached. A name is what the configuration says, or an address itself; nothing is ever asked of the DNS,
 * since whoever answers there would choose whom kmpd talks to. Immutable.
 */
final class Addresses {
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final Map<Endpoint, InetSocketAddress> known;

    Addresses(Map<Endpoint, InetSocketAddress> known) {
        this.known = new LinkedHashMap<>(known);
    }

    /** The address of an endpoint, if it has one here. */
    Optional<InetSocketAddress> of(Endpoint endpoint) {
        InetSocketAddress named = known.get(endpoint);
        if (named != null) {
            return Optional.of(named);
        }
        String host = endpoint.host().equals("localhost") ? "127.0.0.1" : endpoint.host();
        return literal(host).map(address -> new InetSocketAddress(address, endpoint.port()));
    }

    /** The address that a host names by itself; empty for a name. */
    static Optional<InetAddress> literal(String host) {
        if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
            return Optional.empty();
        }
        try {
            // Digits and dots, or something with a colon: read as an address, or refused, and never looked up.
            return Optional.of(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Reads "192.0.2.1:5683" or "[2001:db8::1]:5683"; empty for anything else. */
    static Optional<InetSocketAddress> parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed != host.contains(":")) {
            return Optional.empty();
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port < 0 || port > 0xffff) {
                return Optional.empty();
            }
            return literal(bracketed ? host.substring(1, host.length() - 1) : host)
                    .map(address -> new InetSocketAddress(address, port));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** An address as text: "192.0.2.1:5683", "[2001:db8::1]:5683". */
    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
