// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

/**
 * Where each option of a whole protected message goes. The classes are RFC 8613 s4.1's (E inside, U outside), with
 * Hop-Limit and EDHOC outside; what is not named here is inside, unknown options too.
 */
final class OptionRules {
    /** Where an option goes. */
    enum Placement {
        /** Into the record. */
        INNER,
        /** In front of the record, where proxies read it. */
        OUTER,
        /** Both, and inside of a response without a value (RFC 8613 s4.1.3.5). */
        OBSERVE,
        /** Into the record, and a copy of the value 26 in front of it (RFC 8613 s4.1.3.6). */
        NO_RESPONSE,
        /** Nowhere: the message is not protected. */
        REFUSED
    }

    /** The one value of No-Response that a proxy needs: no response to success, none to errors (RFC 7967 s2). */
    static final int NO_RESPONSE_AT_ALL = 26;

    private OptionRules() {}

    /** The place of an option that is not one of {@link OptionNumbers}. A Proxy-Uri has been split before. */
    static Placement of(int number) {
        return switch (number) {
            case CoapOption.URI_HOST,
                    CoapOption.URI_PORT,
                    CoapOption.HOP_LIMIT,
                    CoapOption.EDHOC,
                    CoapOption.PROXY_URI,
                    CoapOption.PROXY_SCHEME -> Placement.OUTER;
            case CoapOption.OBSERVE -> Placement.OBSERVE;
            case CoapOption.NO_RESPONSE -> Placement.NO_RESPONSE;
            case CoapOption.OSCORE -> Placement.REFUSED;
            default -> Placement.INNER;
        };
    }

    /** Whether a record must not carry the option: a peer that puts it inside would steer what belongs to the hop. */
    static boolean forbiddenInside(int number) {
        Placement placement = of(number);
        return placement == Placement.OUTER || placement == Placement.REFUSED;
    }
}
