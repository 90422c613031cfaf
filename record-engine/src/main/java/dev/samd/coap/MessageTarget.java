// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Endpoint;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.nio.charset.StandardCharsets;

/**
 * Who a request is for, computed from the message: the authority of Proxy-Uri, else Proxy-Scheme, Uri-Host and Uri-Port,
 * each completed by the caller's default. The transport destination may be a proxy and is not asked.
 */
public final class MessageTarget {
    /** The scheme of a message that does not name one. */
    public static final String DEFAULT_SCHEME = "coap";

    private static final int MAX_HOST_LENGTH = 255;

    private MessageTarget() {}

    /**
     * The target of a request.
     *
     * @param defaultTarget for what the message does not say, {@link Endpoint#HOST_WIDE} for none
     * @param scheme where neither of the two names one, usually {@link #DEFAULT_SCHEME}
     * @throws SaException {@link SaError#NO_TARGET} if neither names a host, {@link SaError#TARGET_MISMATCH} if they
     *     name different targets, {@link SaError#MALFORMED_COAP} for a Proxy-Scheme without Uri-Host and for options
     *     that are repeated or too long, {@link SaError#MALFORMED_ENDPOINT} for a name that is no CoAP endpoint's
     */
    public static Endpoint of(CoapMessage message, Endpoint defaultTarget, String scheme) {
        if (message.has(CoapOption.PROXY_URI)) {
            return agreed(ProxyUri.of(message).target(), defaultTarget);
        }
        if (!message.has(CoapOption.URI_HOST)) {
            if (message.has(CoapOption.PROXY_SCHEME)) {
                throw malformed("Proxy-Scheme", "Proxy-Scheme without Uri-Host names no target");
            }
            if (defaultTarget.isHostWide()) {
                throw new SaException(
                        SaError.NO_TARGET,
                        "",
                        "the message has neither Proxy-Uri nor Uri-Host, and no default target was given");
            }
            if (!message.has(CoapOption.URI_PORT)) {
                return defaultTarget;
            }
        }
        return agreed(named(message, defaultTarget, scheme), defaultTarget);
    }

    /**
     * Refuses a Uri-Host and a Uri-Port that a reader would refuse. For responses, which have no target: what is wrong
     * in them would end unread at the peer.
     *
     * @throws SaException {@link SaError#MALFORMED_COAP} or {@link SaError#MALFORMED_ENDPOINT}
     */
    static void requireReadable(CoapMessage response) {
        int previous = 0;
        OptionCursor option = response.cursor();
        while (option.advance() && option.number() <= CoapOption.URI_PORT) {
            int number = option.number();
            if (number != CoapOption.URI_HOST && number != CoapOption.URI_PORT) {
                continue;
            }
            requireOnce(number, previous);
            previous = number;
            if (number == CoapOption.URI_HOST) {
                host(response, option);
            } else {
                port(option);
            }
        }
    }

    private static void requireOnce(int number, int previous) {
        if (number == previous) {
            throw malformed("option " + number, "option " + number + " must not be repeated");
        }
    }

    private static Endpoint named(CoapMessage message, Endpoint defaultTarget, String scheme) {
        String namedScheme = defaultTarget.isHostWide() ? scheme : defaultTarget.scheme();
        String host = defaultTarget.host();
        // RFC 7252 s5.10.1: without Uri-Port it is the port of the destination.
        int port = defaultTarget.port();
        int previous = 0;
        OptionCursor option = message.cursor();
        while (option.advance()) {
            int number = option.number();
            if (number != CoapOption.URI_HOST && number != CoapOption.URI_PORT && number != CoapOption.PROXY_SCHEME) {
                continue;
            }
            requireOnce(number, previous);
            previous = number;
            switch (number) {
                case CoapOption.URI_HOST -> host = host(message, option);
                case CoapOption.URI_PORT -> port = port(option);
                default ->
                    namedScheme = new String(
                            message.lent(), option.valueOffset(), option.valueLength(), StandardCharsets.US_ASCII);
            }
        }
        return Endpoint.of(namedScheme, host, port);
    }

    private static String host(CoapMessage message, OptionCursor option) {
        int length = option.valueLength();
        if (length == 0 || length > MAX_HOST_LENGTH) {
            throw malformed("Uri-Host", "Uri-Host of " + length + " octets; 1.." + MAX_HOST_LENGTH + " expected");
        }
        return HostName.of(message.lent(), option.valueOffset(), length);
    }

    private static int port(OptionCursor option) {
        long port = option.uint();
        if (option.valueLength() > 2 || port == 0) {
            throw malformed("Uri-Port", "Uri-Port of " + option.valueLength() + " octets; 1..65535 expected");
        }
        return (int) port;
    }

    private static Endpoint agreed(Endpoint named, Endpoint defaultTarget) {
        if (!defaultTarget.isHostWide() && !named.equals(defaultTarget)) {
            throw new SaException(
                    SaError.TARGET_MISMATCH,
                    named.uri(),
                    "the message is for " + named + ", the default target is " + defaultTarget);
        }
        return named;
    }

    private static SaException malformed(String subject, String message) {
        return new SaException(SaError.MALFORMED_COAP, subject, message);
    }
}
