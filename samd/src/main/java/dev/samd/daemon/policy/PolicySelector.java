// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.policy;

import dev.samd.coap.CoapCode;
import dev.samd.coap.CoapMessage;
import dev.samd.coap.PathPattern;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Glob;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which requests a policy is for (RFC 4301 s4.4.1.1, in the terms of CoAP).
 *
 * @param direction whether they leave or arrive; empty: both
 * @param local the endpoint of this host that they leave from or arrive at; {@link Endpoint#HOST_WIDE}: every one
 * @param peer pattern of the other side's name, in canonical form; empty: every one
 * @param methods bit n stands for the method of code 0.n; 0: all
 * @param path pattern of the path
 */
public record PolicySelector(
        Optional<Direction> direction, Endpoint local, String peer, int methods, PathPattern path) {
    /** Fits every request. */
    public static final PolicySelector ALL =
            new PolicySelector(Optional.empty(), Endpoint.HOST_WIDE, "", 0, PathPattern.ANY);

    private static final int MAX_PEER = 300;
    private static final Pattern FORM = Pattern.compile("[a-z0-9+.:/\\[\\]_~%!$&'()*,;=-]+");
    private static final Pattern STARRED_PARTS =
            Pattern.compile("[a-z+*]+://(\\[[0-9a-f:.*]+]|[^:/\\[\\]]+)(:[0-9*]+)?");
    /** A star in the scheme, in the port, or in an IPv6 literal. */
    private static final Pattern STARRED_ELSEWHERE = Pattern.compile("^[a-z+]*\\*[a-z+*]*://|:[0-9]*\\*[0-9*]*$|//\\[");

    /** @throws SaException {@link SaError#MALFORMED_ENDPOINT} for a peer that no name can fit */
    public PolicySelector {
        peer = canonical(peer);
    }

    private static String canonical(String peer) {
        if (peer.isEmpty()) {
            return peer;
        }
        if (peer.indexOf('*') < 0) {
            return Endpoint.parse(peer).uri();
        }
        String pattern = peer.toLowerCase(Locale.ROOT);
        if (pattern.length() > MAX_PEER || !FORM.matcher(pattern).matches() || !isCanonical(pattern)) {
            throw new SaException(
                    SaError.MALFORMED_ENDPOINT,
                    peer,
                    "peer pattern \"" + peer + "\" fits no name: names are scheme://host[:port] with a CoAP scheme,"
                            + " and without the port that the scheme implies");
        }
        return pattern;
    }

    /** Names are in canonical form, so a pattern in another form would fit none, and nobody would hear of it. */
    private static boolean isCanonical(String pattern) {
        if (!pattern.contains("://")) {
            return pattern.startsWith("*") || pattern.startsWith("coap");
        }
        if (!STARRED_PARTS.matcher(pattern).matches()) {
            return false;
        }
        if (STARRED_ELSEWHERE.matcher(pattern).find()) {
            return true;
        }
        try {
            return Endpoint.parse(pattern).uri().equals(pattern);
        } catch (SaException e) {
            return false;
        }
    }

    /**
     * Bits of methods.
     *
     * @param names of methods, in capitals or not
     * @throws SaException {@link SaError#MALFORMED} for the name of none
     */
    public static int methodsOf(List<String> names) {
        int bits = 0;
        for (String name : names) {
            bits |= 1 << CoapCode.ofMethod(name);
        }
        return bits;
    }

    /** Names of the methods, in the order of their codes; empty: all. */
    public List<String> methodNames() {
        List<String> names = new ArrayList<>();
        for (int rest = methods; rest != 0; rest &= rest - 1) {
            names.add(CoapCode.methodName(Integer.numberOfTrailingZeros(rest)));
        }
        return names;
    }

    /** The one peer it names; empty where the peer is a pattern, or every one. */
    Optional<Endpoint> namedPeer() {
        return peer.isEmpty() || isStarred() ? Optional.empty() : Optional.of(new Endpoint(peer));
    }

    private boolean isStarred() {
        return peer.indexOf('*') >= 0;
    }

    boolean isFor(Direction way) {
        return direction.isEmpty() || direction.get() == way;
    }

    boolean fitsPeer(Endpoint name) {
        return peer.isEmpty() || (isStarred() ? Glob.fits(peer, name.uri()) : peer.equals(name.uri()));
    }

    /** Whether a request fits, apart from the peer. */
    boolean fitsRequest(Endpoint endpoint, CoapMessage request) {
        return (local.isHostWide() || local.equals(endpoint))
                && (methods == 0 || (methods >>> request.code() & 1) != 0)
                && path.fits(request);
    }

    /** Whether requests of an SA's endpoint may fit; one of a host-wide SA may come from any. */
    boolean mayFitLocal(Endpoint ofSa) {
        return local.isHostWide() || ofSa.isHostWide() || local.equals(ofSa);
    }

    /** Whether all requests of an SA's endpoint fit, apart from the peer. */
    boolean coversLocal(Endpoint ofSa) {
        return methods == 0 && path.isAny() && (local.isHostWide() || local.equals(ofSa));
    }
}
