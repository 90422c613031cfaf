// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The absolute URI of a Proxy-Uri, decomposed as RFC 7252 s6.4 says.
 *
 * @param authority scheme and authority as they were written: all that a proxy needs
 * @param endpoint the endpoint they name, not checked yet
 * @param path the segments, decoded; a path that is empty or a single slash has none
 * @param query the arguments, decoded
 */
record ProxyUri(String authority, String endpoint, List<Octets> path, List<Octets> query) {
    private static final int MAX_LENGTH = 1034;
    private static final int MAX_PART_LENGTH = 255;

    /**
     * The URI of a message that has a Proxy-Uri.
     *
     * @throws SaException {@link SaError#MALFORMED_COAP} if there is more than one, or it is not an absolute URI with an
     *     authority
     */
    static ProxyUri of(CoapMessage message) {
        ProxyUri uri = null;
        OptionCursor option = message.cursor();
        while (option.advance()) {
            if (option.number() == CoapOption.PROXY_URI) {
                String text = new String(
                        message.lent(), option.valueOffset(), option.valueLength(), StandardCharsets.ISO_8859_1);
                if (uri != null) {
                    throw malformed(text, "is the second one");
                }
                uri = parse(text);
            }
        }
        if (uri == null) {
            throw new IllegalArgumentException("no Proxy-Uri in " + message);
        }
        return uri;
    }

    private static ProxyUri parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw malformed(text, "has more than " + MAX_LENGTH + " octets");
        }
        if (text.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
            throw malformed(text, "has octets that no URI has");
        }
        if (text.indexOf('#') >= 0) {
            throw malformed(text, "has a fragment"); // RFC 7252 s6.4 step 4
        }
        int schemeEnd = text.indexOf("://");
        if (schemeEnd <= 0) {
            throw malformed(text, "is not an absolute URI with an authority");
        }
        int authorityEnd = endOf(text, schemeEnd + 3, "/?");
        int pathEnd = endOf(text, authorityEnd, "?");
        String authority = text.substring(schemeEnd + 3, authorityEnd);
        if (authority.isEmpty() || authority.indexOf('@') >= 0) {
            throw malformed(text, "names no host, or a user");
        }
        return new ProxyUri(
                text.substring(0, authorityEnd),
                text.substring(0, schemeEnd + 3) + name(authority, text),
                path(text.substring(authorityEnd, pathEnd), text),
                pathEnd == text.length() ? List.of() : query(text.substring(pathEnd + 1), text));
    }

    private static int endOf(String text, int from, String delimiters) {
        for (int i = from; i < text.length(); i++) {
            if (delimiters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static String name(String authority, String uri) {
        int colon = authority.indexOf(':', authority.indexOf(']') + 1);
        String host = colon < 0 ? authority : authority.substring(0, colon);
        byte[] decoded = decoded(host, uri).toArray();
        return HostName.of(decoded, 0, decoded.length) + (colon < 0 ? "" : authority.substring(colon));
    }

    private static List<Octets> path(String path, String uri) {
        List<String> kept = new ArrayList<>();
        String[] segments = path.isEmpty() ? new String[0] : path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean up = segments[i].equals("..");
            if (!up && !segments[i].equals(".")) {
                kept.add(segments[i]);
                continue;
            }
            if (up && !kept.isEmpty()) {
                kept.remove(kept.size() - 1); // RFC 3986 s5.2.4
            }
            if (i == segments.length - 1) {
                kept.add("");
            }
        }
        List<Octets> decoded = new ArrayList<>();
        if (kept.size() == 1 && kept.get(0).isEmpty()) {
            return decoded;
        }
        for (String segment : kept) {
            Octets octets = decoded(segment, uri);
            String plain = new String(octets.toArray(), StandardCharsets.ISO_8859_1);
            if (plain.equals(".") || plain.equals("..")) {
                throw malformed(uri, "hides a dot segment"); // RFC 7252 s5.10.1: no Uri-Path is "." or ".."
            }
            decoded.add(octets);
        }
        return decoded;
    }

    private static List<Octets> query(String query, String uri) {
        List<Octets> decoded = new ArrayList<>();
        for (String argument : query.split("&", -1)) {
            decoded.add(decoded(argument, uri));
        }
        return decoded;
    }

    /** Decodes percent-encoding (RFC 3986 s2.1); a plus sign is a plus sign. */
    private static Octets decoded(String part, String uri) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(part.length());
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c != '%') {
                octets.write(c);
                continue;
            }
            int high = i + 2 < part.length() ? Character.digit(part.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(part.charAt(i + 2), 16);
            if (low < 0) {
                throw malformed(uri, "has a percent sign without two hexadecimal digits");
            }
            octets.write(high << 4 | low);
            i += 2;
        }
        if (octets.size() > MAX_PART_LENGTH) {
            throw malformed(uri, "has a part of " + octets.size() + " octets; an option carries " + MAX_PART_LENGTH);
        }
        return Octets.of(octets.toByteArray());
    }

    /** Path and query are for the recipient alone, so they do not go into a message of an error. */
    private static SaException malformed(String uri, String what) {
        return new SaException(
                SaError.MALFORMED_COAP,
                "option " + CoapOption.PROXY_URI,
                "Proxy-Uri of " + uri.length() + " octets " + what);
    }

    /**
     * The message with its Proxy-Uri cut down to scheme and authority, and path and query as options of their own, which
     * go inside. The Uri options that the Proxy-Uri takes precedence over (RFC 7252 s5.10.2) are left out.
     */
    static CoapMessage split(CoapMessage message) {
        ProxyUri uri = of(message);
        List<CoapOption> options = new ArrayList<>();
        for (CoapOption option : message.options()) {
            switch (option.number()) {
                case CoapOption.URI_HOST, CoapOption.URI_PORT, CoapOption.URI_PATH, CoapOption.URI_QUERY -> {}
                case CoapOption.PROXY_URI -> options.add(CoapOption.ofText(CoapOption.PROXY_URI, uri.authority));
                default -> options.add(option);
            }
        }
        uri.path.forEach(segment -> options.add(new CoapOption(CoapOption.URI_PATH, segment)));
        uri.query.forEach(argument -> options.add(new CoapOption(CoapOption.URI_QUERY, argument)));
        return CoapMessage.of(
                message.type(),
                message.code(),
                message.messageId(),
                message.token(),
                options,
                Octets.of(message.lent(), message.payloadOffset(), message.payloadLength()));
    }

    /** The endpoint that scheme and authority name. */
    Endpoint target() {
        return Endpoint.parse(endpoint);
    }
}
