// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.DiscardReason;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Messages of which only code, Content-Format and payload are protected (app-layer-sec s3 allows it and gives no
 * layout). Every option stays outside, the Content-Format gives way to one that says so. Immutable.
 *
 * <p>The plaintext is {@code 1BFF00VV | code:8 | [binding:8] | [content_format:0..2] | payload}, where B says that a
 * response's binding follows, FF how many octets of Content-Format, and VV is 1.
 */
final class PayloadForm {
    private static final int KIND = 0x81;
    private static final int BOUND = 0x40;
    private static final int FORMAT_LENGTH = 0x30;
    private static final int HEADER_LENGTH = 2;
    private static final int MAX_FORMAT_LENGTH = 2;

    private final byte[] payloadFormat;

    PayloadForm(OptionNumbers numbers) {
        this.payloadFormat = new byte[] {(byte) (numbers.payloadFormat() >>> 8), (byte) numbers.payloadFormat()};
    }

    PreparedMessage prepare(CoapMessage original, @Nullable RecBind binding) {
        String code = CoapCode.format(original.code());
        if (!CoapCode.mayCarryPayload(original.code())) {
            throw new SaException(
                    SaError.WRONG_CONTENT,
                    code,
                    "the SA carries payloads, which a message of code " + code + " has not");
        }
        if (original.has(CoapOption.EDHOC)) {
            throw new SaException(
                    SaError.NOT_PROTECTABLE,
                    "option " + CoapOption.EDHOC,
                    "the payload of a message with the EDHOC option is not protected");
        }
        if (original.isResponse() && binding == null) {
            throw new IllegalArgumentException("no binding for response " + original);
        }
        if (binding != null && binding.isLong()) {
            throw new SaException(
                    SaError.NO_SA_FOR_REPLY,
                    binding.spi().toHex(),
                    "a protected payload answers under the SA pair of its request only, and SPI " + binding.spi()
                            + " is of another");
        }
        int format = format(original);
        int formatLength = format < 0 ? 0 : format < 0x100 ? 1 : 2;
        int bindingLength = binding == null ? 0 : RecBind.SHORT_LENGTH;
        byte[] plaintext = new byte[HEADER_LENGTH + bindingLength + formatLength + original.payloadLength()];
        plaintext[0] = (byte) (KIND | (binding == null ? 0 : BOUND) | formatLength << 4);
        plaintext[1] = (byte) original.code();
        int at = HEADER_LENGTH;
        if (binding != null) {
            System.arraycopy(binding.toOctets(), 0, plaintext, at, bindingLength);
            at += bindingLength;
        }
        for (int i = formatLength - 1; i >= 0; i--) {
            plaintext[at++] = (byte) (format >>> (8 * i));
        }
        System.arraycopy(original.lent(), original.payloadOffset(), plaintext, at, original.payloadLength());

        byte[] outer = new byte
                [original.optionsOffset()
                        + original.optionsLength()
                        + OptionWriter.MAX_HEAD
                        + payloadFormat.length
                        + 1];
        System.arraycopy(original.lent(), 0, outer, 0, original.optionsOffset());
        OptionWriter options = new OptionWriter(outer, original.optionsOffset());
        writeWithFormat(original, payloadFormat, options);
        return MessageProtector.prepared(plaintext, outer, options.position(), original);
    }

    /** The Content-Format of the original, or -1. */
    private static int format(CoapMessage original) {
        int format = -1;
        OptionCursor option = original.cursor();
        while (option.advance()) {
            if (option.number() == CoapOption.CONTENT_FORMAT) {
                if (format >= 0 || option.valueLength() > MAX_FORMAT_LENGTH) {
                    throw new SaException(
                            SaError.MALFORMED_COAP,
                            "option " + CoapOption.CONTENT_FORMAT,
                            "Content-Format is repeated, or has more than " + MAX_FORMAT_LENGTH + " octets");
                }
                format = (int) option.uint();
            }
        }
        return format;
    }

    /** Writes the options of a message with another Content-Format, or with none. */
    private static void writeWithFormat(CoapMessage message, byte @Nullable [] format, OptionWriter target) {
        byte[] due = format;
        OptionCursor option = message.cursor();
        while (option.advance()) {
            if (due != null && option.number() > CoapOption.CONTENT_FORMAT) {
                target.put(CoapOption.CONTENT_FORMAT, due);
                due = null;
            }
            if (option.number() != CoapOption.CONTENT_FORMAT) {
                target.put(option.number(), message.lent(), option.valueOffset(), option.valueLength());
            }
        }
        if (due != null) {
            target.put(CoapOption.CONTENT_FORMAT, due);
        }
    }

    /** Rebuilds a message of the class of {@code expected}: a response if there is one. */
    Unprotection rebuild(CoapMessage outer, byte[] plaintext, @Nullable RecBind expected) {
        if (plaintext.length < HEADER_LENGTH) {
            return DiscardedMessage.MALFORMED;
        }
        int first = plaintext[0] & 0xff;
        int code = plaintext[1] & 0xff;
        boolean bound = (first & BOUND) != 0;
        int formatLength = (first & FORMAT_LENGTH) >>> 4;
        int formatOffset = HEADER_LENGTH + (bound ? RecBind.SHORT_LENGTH : 0);
        int payloadOffset = formatOffset + formatLength;
        boolean wellFormed = (first & ~(BOUND | FORMAT_LENGTH)) == KIND
                && formatLength <= MAX_FORMAT_LENGTH
                && bound == CoapCode.isResponse(code)
                && CoapCode.mayCarryPayload(code)
                && payloadOffset <= plaintext.length;
        if (!wellFormed || code != outer.code()) {
            return DiscardedMessage.MALFORMED;
        }
        if (expected != null && !expected.matches(plaintext, HEADER_LENGTH, RecBind.SHORT_LENGTH)) {
            return new DiscardedMessage(DiscardReason.BINDING_MISMATCH);
        }
        int payloadLength = plaintext.length - payloadOffset;
        byte[] target = new byte
                [outer.optionsOffset()
                        + outer.optionsLength()
                        + OptionWriter.MAX_HEAD
                        + MAX_FORMAT_LENGTH
                        + 1
                        + payloadLength];
        System.arraycopy(outer.lent(), 0, target, 0, outer.optionsOffset());
        OptionWriter writer = new OptionWriter(target, outer.optionsOffset());
        writeWithFormat(outer, uint(plaintext, formatOffset, formatLength), writer);
        writer.putPayload(plaintext, payloadOffset, payloadLength);
        return new Rebuilt(Arrays.copyOf(target, writer.position()), outer.observes());
    }

    /** The value of a uint option without leading zeros, or null where there is none. */
    private static byte @Nullable [] uint(byte[] source, int offset, int length) {
        int start = offset;
        while (start < offset + length && source[start] == 0) {
            start++;
        }
        return length == 0 ? null : Arrays.copyOfRange(source, start, offset + length);
    }
}
