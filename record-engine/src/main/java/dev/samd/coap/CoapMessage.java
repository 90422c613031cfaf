// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One CoAP message of version 1 (RFC 7252 s3), kept as its octets: {@code version:2 type:2 token_length:4 | code:8 |
 * message_id:16 | token | options | ff payload}. Immutable; equal if the octets are, since every message has only one
 * encoding.
 *
 * <p>Reading checks the whole encoding. It does not check what the message layer and the options mean: which types go
 * with which codes, which options may be repeated.
 */
public final class CoapMessage {
    /** The most octets a message may have: what a UDP datagram could hold. */
    public static final int MAX_LENGTH = 65_535;

    static final int HEADER_LENGTH = 4;
    private static final int VERSION = 1;
    private static final int MAX_TOKEN_LENGTH = 8;

    private final byte[] octets;
    private final int optionsEnd;
    private final int payloadOffset;

    /** Bit n: there is an option n. */
    private final long present;

    private final int lastOption;

    private CoapMessage(byte[] octets, OptionCursor walked, long present) {
        this.octets = octets;
        this.optionsEnd = walked.position();
        this.payloadOffset = walked.payloadOffset();
        this.present = present;
        this.lastOption = walked.number();
    }

    /**
     * Reads a message that a local caller hands in.
     *
     * @param octets taken over: nobody may write to them any more
     * @throws SaException {@link SaError#MALFORMED_COAP} for what is not exactly one message, {@link SaError#TOO_LARGE}
     *     above {@link #MAX_LENGTH}
     */
    public static CoapMessage parse(byte[] octets) {
        int length = octets.length;
        if (length > MAX_LENGTH) {
            throw tooLarge(length);
        }
        if (length < HEADER_LENGTH) {
            throw malformed(length + " octets", "a header has " + HEADER_LENGTH + " octets, here are " + length);
        }
        int version = (octets[0] & 0xff) >>> 6;
        if (version != VERSION) {
            throw malformed("version " + version, "version " + version + "; 1 expected");
        }
        int tokenLength = octets[0] & 0x0f;
        if (tokenLength > MAX_TOKEN_LENGTH) {
            throw malformed("token length " + tokenLength, "token length " + tokenLength + "; 0..8 expected");
        }
        if (HEADER_LENGTH + tokenLength > length) {
            throw malformed(
                    "token length " + tokenLength,
                    "token of " + tokenLength + " octets where " + (length - HEADER_LENGTH) + " are left");
        }
        if (octets[1] == CoapCode.EMPTY && length > HEADER_LENGTH) {
            // RFC 7252 s4.1: octets behind the message ID of an empty message are a format error.
            throw malformed(length + " octets", "code 0.00 with " + (length - HEADER_LENGTH) + " octets behind it");
        }
        OptionCursor option = new OptionCursor(octets, HEADER_LENGTH + tokenLength, length);
        long present = 0;
        while (option.advance()) {
            int number = option.number();
            present |= number < Long.SIZE ? 1L << number : 0;
        }
        OptionFault fault = option.fault();
        if (fault != null) {
            throw malformed("octet " + option.position(), fault.text() + ", at octet " + option.position());
        }
        return new CoapMessage(octets, option, present);
    }

    /**
     * A message of its parts.
     *
     * @param options in any order; options of the same number keep theirs
     * @throws SaException as {@link #parse} does for the message that would come out
     */
    public static CoapMessage of(
            CoapType type, int code, int messageId, Octets token, List<CoapOption> options, Octets payload) {
        if (token.length() > MAX_TOKEN_LENGTH) {
            throw malformed("token length " + token.length(), "token length " + token.length() + "; 0..8 expected");
        }
        if (code < 0 || code > 0xff || messageId < 0 || messageId > 0xffff) {
            throw malformed(
                    "code " + code, "code " + code + " and message ID " + messageId + "; 1 and 2 octets expected");
        }
        List<CoapOption> sorted = new ArrayList<>(options);
        sorted.sort(Comparator.comparingInt(CoapOption::number));
        long content = HEADER_LENGTH + token.length() + (long) payload.length();
        for (CoapOption option : sorted) {
            content += 1L + option.value().length();
        }
        if (content > MAX_LENGTH) {
            throw tooLarge(content);
        }
        byte[] octets = new byte[(int) content + 1 + OptionWriter.MAX_HEAD * sorted.size()];
        octets[0] = (byte) (VERSION << 6 | type.bits() << 4 | token.length());
        octets[1] = (byte) code;
        octets[2] = (byte) (messageId >>> 8);
        octets[3] = (byte) messageId;
        OptionWriter writer = new OptionWriter(octets, token.copyTo(octets, HEADER_LENGTH));
        for (CoapOption option : sorted) {
            writer.put(option.number(), option.value().toArray());
        }
        writer.putPayload(payload.toArray(), 0, payload.length());
        return parse(Arrays.copyOf(octets, writer.position()));
    }

    private static SaException malformed(String subject, String what) {
        return new SaException(SaError.MALFORMED_COAP, subject, "not a CoAP message: " + what);
    }

    private static SaException tooLarge(long length) {
        return new SaException(
                SaError.TOO_LARGE,
                length + " octets",
                "CoAP message of " + length + " octets; at most " + MAX_LENGTH + " are taken");
    }

    /** The type, which is per hop. */
    public CoapType type() {
        return CoapType.ofBits((octets[0] & 0x30) >>> 4);
    }

    /** The code, 0..255, see {@link CoapCode}. */
    public int code() {
        return octets[1] & 0xff;
    }

    /** The message ID, 0..65535. */
    public int messageId() {
        return (octets[2] & 0xff) << 8 | (octets[3] & 0xff);
    }

    /** The token, 0..8 octets. */
    public Octets token() {
        return Octets.of(octets, HEADER_LENGTH, octets[0] & 0x0f);
    }

    /** Whether the code is a request's. */
    public boolean isRequest() {
        return CoapCode.isRequest(code());
    }

    /** Whether the code is a response's. */
    public boolean isResponse() {
        return CoapCode.isResponse(code());
    }

    /** The options in the order of the message, ascending by number. */
    public List<CoapOption> options() {
        List<CoapOption> options = new ArrayList<>();
        OptionCursor option = cursor();
        while (option.advance()) {
            options.add(new CoapOption(option.number(), Octets.of(octets, option.valueOffset(), option.valueLength())));
        }
        return List.copyOf(options);
    }

    /** The value of the first option of that number. */
    public Optional<Octets> option(int number) {
        OptionCursor option = cursor();
        while (option.advance()) {
            if (option.number() == number) {
                return Optional.of(Octets.of(octets, option.valueOffset(), option.valueLength()));
            }
        }
        return Optional.empty();
    }

    /** The same message without the options of that number. */
    public CoapMessage without(int number) {
        // What goes leaves at least as many octets as the next one's delta may grow by.
        byte[] shorter = Arrays.copyOf(octets, octets.length);
        OptionWriter writer = new OptionWriter(shorter, optionsOffset());
        OptionCursor option = cursor();
        while (option.advance()) {
            if (option.number() != number) {
                writer.put(option.number(), octets, option.valueOffset(), option.valueLength());
            }
        }
        writer.putPayload(octets, payloadOffset, payloadLength());
        return parse(Arrays.copyOf(shorter, writer.position()));
    }

    /**
     * Whether this is part of an observation (RFC 7641 s2): a request that registers (Observe 0), or a response with
     * Observe.
     */
    public boolean observes() {
        if (!has(CoapOption.OBSERVE)) {
            return false;
        }
        OptionCursor option = cursor();
        while (option.advance()) {
            if (option.number() == CoapOption.OBSERVE) {
                return isResponse() || option.uint() == 0;
            }
        }
        return false;
    }

    /** Whether it has Proxy-Uri or Proxy-Scheme: it is for the proxy function of who receives it (RFC 7252 s5.7.2). */
    public boolean hasProxyOptions() {
        return has(CoapOption.PROXY_URI) || has(CoapOption.PROXY_SCHEME);
    }

    /** Number of octets of the payload. */
    public int payloadLength() {
        return octets.length - payloadOffset;
    }

    /** The payload, a fresh array owned by the caller; empty where there is none. */
    public byte[] payload() {
        return Arrays.copyOfRange(octets, payloadOffset, octets.length);
    }

    /** Number of octets of the message. */
    public int length() {
        return octets.length;
    }

    /** The message, a fresh array owned by the caller. */
    public byte[] toOctets() {
        return octets.clone();
    }

    /** The octets of the message, lent: to be read only. */
    byte[] lent() {
        return octets;
    }

    /** Where the options begin, behind header and token. */
    int optionsOffset() {
        return HEADER_LENGTH + (octets[0] & 0x0f);
    }

    int optionsLength() {
        return optionsEnd - optionsOffset();
    }

    int payloadOffset() {
        return payloadOffset;
    }

    /** A walk over the options, which cannot meet a fault any more. */
    OptionCursor cursor() {
        return new OptionCursor(octets, optionsOffset(), optionsEnd);
    }

    /** Whether there is an option of this number, 0..63. */
    boolean has(int number) {
        return (present & (1L << number)) != 0;
    }

    /** The highest option number, 0 where there is no option. */
    int lastOption() {
        return lastOption;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CoapMessage that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /** Type, code, message ID and lengths: what every hop sees. Neither option values nor payload. */
    @Override
    public String toString() {
        return type() + " " + CoapCode.format(code()) + " mid=" + messageId() + " token=" + token() + " options="
                + optionsLength() + " payload=" + payloadLength();
    }
}
