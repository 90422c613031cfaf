// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.SaException;
import java.util.Optional;
import java.util.OptionalInt;

/** A protected message seen from outside, before its record is opened: nothing of it is authenticated. Immutable. */
public final class OuterMessage implements OuterReading {
    private static final int ABSENT = -1;
    private static final int MAX_HOST_LENGTH = 255;
    private static final int MAX_PORT_LENGTH = 2;

    private final CoapMessage message;
    private Signs signs = Signs.NONE;
    private int hostOffset;
    private int hostLength = ABSENT;
    private int portOffset;
    private int portLength = ABSENT;
    private int port = ABSENT;

    private OuterMessage(CoapMessage message) {
        this.message = message;
    }

    /**
     * Looks at a message that a local caller received.
     *
     * @param octets taken over: nobody may write to them any more
     * @return an {@link OuterMessage}, or {@link DiscardReason#MALFORMED} for a message without payload, of a code that
     *     is neither a request's nor a response's, with a marker that is repeated or has a value, with Rec-Bind outside,
     *     with a repeated or unreadable Uri-Host or Uri-Port, or with OSCORE or EDHOC around a protected payload
     * @throws SaException as {@link CoapMessage#parse} does, if the octets are not one message
     */
    public static OuterReading read(byte[] octets, OptionNumbers numbers) {
        CoapMessage message = CoapMessage.parse(octets);
        if (message.payloadLength() == 0 || !(message.isRequest() || message.isResponse())) {
            return DiscardedMessage.MALFORMED;
        }
        OuterMessage outer = new OuterMessage(message);
        return outer.readOptions(numbers) ? outer : DiscardedMessage.MALFORMED;
    }

    /** Whether a message has a sign of a protected one, however malformed: such a message never counts as one in clear. */
    public static boolean claimsProtection(CoapMessage message, OptionNumbers numbers) {
        OptionCursor option = message.cursor();
        while (option.advance()) {
            int number = option.number();
            boolean sign = number == numbers.record()
                    || number == numbers.recBind()
                    || (number == CoapOption.CONTENT_FORMAT && option.uint() == numbers.payloadFormat());
            if (sign) {
                return true;
            }
        }
        return false;
    }

    private boolean readOptions(OptionNumbers numbers) {
        int formats = 0;
        boolean payloadFormat = false;
        OptionCursor option = message.cursor();
        while (option.advance()) {
            int number = option.number();
            boolean wellFormed = true;
            if (number == CoapOption.URI_HOST) {
                wellFormed = readHost(option);
            } else if (number == CoapOption.URI_PORT) {
                wellFormed = readPort(option);
            } else if (number == CoapOption.CONTENT_FORMAT) {
                formats++;
                payloadFormat |= option.uint() == numbers.payloadFormat();
            } else if (number == numbers.record()) {
                wellFormed = option.valueLength() == 0 && signs == Signs.NONE;
                signs = Signs.RECORD_MARKER;
            } else if (number == numbers.recBind()) {
                return false;
            }
            if (!wellFormed) {
                return false;
            }
        }
        if (signs == Signs.NONE && payloadFormat) {
            signs = Signs.PAYLOAD_FORMAT;
            return formats == 1 && !message.has(CoapOption.OSCORE) && !message.has(CoapOption.EDHOC);
        }
        return true;
    }

    private boolean readHost(OptionCursor option) {
        boolean first = hostLength == ABSENT;
        hostOffset = option.valueOffset();
        hostLength = option.valueLength();
        return first && hostLength >= 1 && hostLength <= MAX_HOST_LENGTH;
    }

    private boolean readPort(OptionCursor option) {
        boolean first = portLength == ABSENT;
        portOffset = option.valueOffset();
        portLength = option.valueLength();
        port = (int) option.uint();
        return first && portLength <= MAX_PORT_LENGTH;
    }

    /** The message as it came. */
    public CoapMessage message() {
        return message;
    }

    /** What it shows of its protection. */
    public Signs signs() {
        return signs;
    }

    /** Whether its signs are those of the messages of an SA; if not, it is {@link DiscardReason#MALFORMED}. */
    public boolean fits(Content content, Form form) {
        return signs.fit(content, form);
    }

    /** Whether it is a response, which needs the reference of its request. */
    public boolean isResponse() {
        return message.isResponse();
    }

    /** The array that holds the record, lent: to be read only. */
    public byte[] recordBuffer() {
        return message.lent();
    }

    /** Where in {@link #recordBuffer} the record begins. */
    public int recordOffset() {
        return message.payloadOffset();
    }

    /** Number of octets of the record, up to the end of {@link #recordBuffer}. */
    public int recordLength() {
        return message.payloadLength();
    }

    /** The host it is addressed to, as a name writes it; an IPv6 literal in brackets. */
    public Optional<String> uriHost() {
        return hostLength == ABSENT
                ? Optional.empty()
                : Optional.of(HostName.of(message.lent(), hostOffset, hostLength));
    }

    /** The port it is addressed to. */
    public OptionalInt uriPort() {
        return port == ABSENT ? OptionalInt.empty() : OptionalInt.of(port);
    }

    /** Whether it is for the proxy function of who received it. */
    public boolean hasProxyOptions() {
        return message.hasProxyOptions();
    }

    /**
     * Whether it may be opened at a local endpoint.
     *
     * @param local where it arrived; {@link Endpoint#HOST_WIDE} goes by every name
     * @return {@link DiscardReason#WRONG_ENDPOINT} for proxy options, which are for a proxy and never for an SA, and for
     *     a Uri-Host or Uri-Port of another endpoint
     */
    public Optional<DiscardReason> addressedTo(Endpoint local) {
        return hasProxyOptions() || !isNamedBy(local) ? Optional.of(DiscardReason.WRONG_ENDPOINT) : Optional.empty();
    }

    private boolean isNamedBy(Endpoint local) {
        if (local.isHostWide()) {
            return true;
        }
        boolean host = hostLength == ABSENT || HostName.isHostOf(local, message.lent(), hostOffset, hostLength);
        return host && (port == ABSENT || port == local.port());
    }

    int hostOffset() {
        return hostOffset;
    }

    /** Number of octets of the Uri-Host, or -1. */
    int hostLength() {
        return hostLength;
    }

    int portOffset() {
        return portOffset;
    }

    /** Number of octets of the Uri-Port, or -1. */
    int portLength() {
        return portLength;
    }
}
