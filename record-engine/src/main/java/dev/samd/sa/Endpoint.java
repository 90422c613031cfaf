// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a CoAP endpoint, as a peer or as a local one: scheme, host and port in canonical form (lower case, default
 * port left out, no path). A name is never resolved: no transport address is ever a name.
 *
 * @param uri the canonical form, or the empty string for {@link #HOST_WIDE}
 */
public record Endpoint(String uri) implements Comparable<Endpoint> {
    /** The local endpoint that stands for every endpoint of the host. Never a peer. */
    public static final Endpoint HOST_WIDE = new Endpoint("");

    private static final Map<String, Integer> DEFAULT_PORTS =
            Map.of("coap", 5683, "coaps", 5684, "coap+tcp", 5683, "coaps+tcp", 5684, "coap+ws", 80, "coaps+ws", 443);

    private static final Pattern FORM =
            Pattern.compile("([a-z][a-z0-9+]*)://(\\[[0-9a-f:.]+]|[a-z0-9._~%!$&'()*+,;=-]+)(?::([0-9]{0,5}))?/?");

    /** Names longer than this are refused: the host of RFC 7252 s5.10.1 has at most 255 octets. */
    private static final int MAX_LENGTH = 300;

    public Endpoint {
        if (!uri.isEmpty()) {
            uri = canonical(uri);
        }
    }

    /**
     * The endpoint that a URI names.
     *
     * @throws SaException {@link SaError#MALFORMED_ENDPOINT} for the empty string and for anything but
     *     {@code scheme://host[:port]}
     */
    public static Endpoint parse(String uri) {
        Endpoint endpoint = new Endpoint(uri);
        if (endpoint.isHostWide()) {
            throw malformed(uri);
        }
        return endpoint;
    }

    /** The endpoint of a scheme, a host and a port; port 0 stands for the scheme's default. */
    public static Endpoint of(String scheme, String host, int port) {
        String bracketed = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        return parse(scheme + "://" + bracketed + (port == 0 ? "" : ":" + port));
    }

    private static String canonical(String uri) {
        Matcher form = FORM.matcher(uri.toLowerCase(Locale.ROOT));
        if (uri.length() > MAX_LENGTH || !form.matches()) {
            throw malformed(uri);
        }
        String scheme = form.group(1);
        Integer defaultPort = DEFAULT_PORTS.get(scheme);
        if (defaultPort == null) {
            throw malformed(uri);
        }
        String port = form.group(3);
        if (port == null || port.isEmpty()) {
            return scheme + "://" + form.group(2);
        }
        int number = Integer.parseInt(port);
        if (number == 0 || number > 0xffff) {
            throw malformed(uri);
        }
        return scheme + "://" + form.group(2) + (number == defaultPort ? "" : ":" + number);
    }

    private static SaException malformed(String uri) {
        return new SaException(
                SaError.MALFORMED_ENDPOINT,
                uri,
                "endpoint \"" + uri + "\" is not scheme://host[:port] with a CoAP scheme");
    }

    /** Whether this is {@link #HOST_WIDE}. */
    public boolean isHostWide() {
        return uri.isEmpty();
    }

    /** The scheme, or the empty string for {@link #HOST_WIDE}. */
    public String scheme() {
        return isHostWide() ? "" : uri.substring(0, uri.indexOf("://"));
    }

    /** The host in lower case, an IPv6 literal without brackets, or the empty string for {@link #HOST_WIDE}. */
    public String host() {
        if (isHostWide()) {
            return "";
        }
        String authority = uri.substring(uri.indexOf("://") + 3);
        if (authority.startsWith("[")) {
            return authority.substring(1, authority.indexOf(']'));
        }
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    /** The port, the scheme's default where the name leaves it out, or 0 for {@link #HOST_WIDE}. */
    public int port() {
        if (isHostWide()) {
            return 0;
        }
        int colon = uri.lastIndexOf(':');
        boolean explicit = colon > uri.indexOf("://") && colon > uri.lastIndexOf(']');
        return explicit ? Integer.parseInt(uri.substring(colon + 1)) : DEFAULT_PORTS.get(scheme());
    }

    @Override
    public int compareTo(Endpoint other) {
        return uri.compareTo(other.uri);
    }

    @Override
    public String toString() {
        return uri;
    }
}
