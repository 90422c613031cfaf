// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Content;
import dev.samd.sa.Form;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a CoAP message what its record carries and what stands before the record (app-layer-sec s3). Immutable.
 *
 * <p>app-layer-sec leaves the outer code and the sign of a protected message open. A payload on a GET must be ignored by
 * CoAP peers and a proxy would cache by the open code, so {@link Form#SAMD} takes the outer codes of RFC 8613 s4.2 and
 * an empty critical option as its sign; {@link Form#DRAFT_EXACT} copies the code and shows no sign.
 */
public final class MessageProtector {
    /** The most octets of plaintext in one record (RFC 6347 s4.1, RFC 5246 s6.2.1). */
    public static final int MAX_PLAINTEXT = 1 << 14;

    /** The most a record adds to its plaintext: header 13, CID 20, explicit nonce 8, inner type 1, tag 16. */
    private static final int MAX_RECORD_EXPANSION = 58;

    private static final int PROTECTED_HEADER_LENGTH = 2;
    private static final byte PROTECTED_VERSION = 1;

    private final OptionNumbers numbers;
    private final PayloadForm payloadForm;

    /** A protector that marks its messages with these numbers. */
    public MessageProtector(OptionNumbers numbers) {
        this.numbers = numbers;
        this.payloadForm = new PayloadForm(numbers);
    }

    /**
     * Prepares a message for the record of an SA.
     *
     * @param content what the SA carries
     * @param form how its messages look; matters for {@link Content#MESSAGE} only
     * @param binding of a response, the record of its request; of a request, null. {@link Form#DRAFT_EXACT} does not
     *     send it.
     * @param answersObserve of a response, whether its request registered an observation
     * @throws SaException {@link SaError#WRONG_CONTENT} if the SA cannot carry the message,
     *     {@link SaError#NOT_PROTECTABLE} for codes and options that are never protected, {@link SaError#TOO_LARGE} if
     *     one record or one message is too small, {@link SaError#MALFORMED_COAP} for a Proxy-Uri or a Content-Format
     *     that cannot be read, and for a Uri-Host or Uri-Port of a response that is repeated or too long,
     *     {@link SaError#MALFORMED_ENDPOINT} for a Uri-Host of a response that is no name, {@link SaError#NO_SA_FOR_REPLY}
     *     for the long form of a binding in a payload
     */
    public PreparedMessage prepare(
            CoapMessage original, Content content, Form form, @Nullable RecBind binding, boolean answersObserve) {
        requireProtectable(original);
        if (binding != null && original.isRequest()) {
            throw new IllegalArgumentException("a binding for request " + original);
        }
        if (original.isResponse()) {
            MessageTarget.requireReadable(original);
        }
        PreparedMessage prepared =
                switch (content) {
                    case MESSAGE -> message(original, form, binding, answersObserve);
                    case PAYLOAD -> payloadForm.prepare(original, binding);
                    case RAW ->
                        throw new SaException(
                                SaError.WRONG_CONTENT,
                                content.name(),
                                "the SA carries RAW; a CoAP message needs another");
                };
        checkSize(prepared);
        return prepared;
    }

    /**
     * Refuses what is never protected: messages that are neither request nor response, and what is protected already.
     *
     * @throws SaException {@link SaError#NOT_PROTECTABLE}
     */
    public void requireProtectable(CoapMessage original) {
        if (!original.isRequest() && !original.isResponse()) {
            String code = CoapCode.format(original.code());
            throw new SaException(SaError.NOT_PROTECTABLE, code, "a message of code " + code + " is never protected");
        }
        if (original.has(CoapOption.OSCORE)) {
            throw protectedAlready(CoapOption.OSCORE);
        }
        if (original.lastOption() < Math.min(numbers.record(), numbers.recBind())) {
            return;
        }
        OptionCursor option = original.cursor();
        while (option.advance()) {
            if (numbers.isOwn(option.number())) {
                throw protectedAlready(option.number());
            }
        }
    }

    private static SaException protectedAlready(int option) {
        return new SaException(
                SaError.NOT_PROTECTABLE,
                "option " + option,
                "a message with option " + option + " is protected already, and is not protected again");
    }

    private PreparedMessage message(
            CoapMessage original, Form form, @Nullable RecBind binding, boolean answersObserve) {
        boolean samd = form == Form.SAMD;
        if (samd && binding == null && original.isResponse()) {
            throw new IllegalArgumentException("no binding for response " + original);
        }
        boolean stale = original.isResponse() && answersObserve;
        CoapMessage split = original.has(CoapOption.PROXY_URI) ? ProxyUri.split(original) : original;

        // An option that goes elsewhere leaves at least as many octets as the next one's delta may grow by, so each
        // sequence is at most as long as the original one and what is added.
        int optionsBound = split.optionsLength();
        int payloadLength = split.payloadLength();
        byte[] inner = new byte
                [PROTECTED_HEADER_LENGTH
                        + optionsBound
                        + (binding == null ? 0 : OptionWriter.MAX_HEAD + RecBind.MAX_LENGTH)
                        + (payloadLength == 0 ? 0 : 1 + payloadLength)];
        byte[] outer = new byte[split.optionsOffset() + optionsBound + 2 * OptionWriter.MAX_HEAD + 1];

        inner[0] = PROTECTED_VERSION;
        inner[1] = (byte) split.code();
        System.arraycopy(split.lent(), 0, outer, 0, split.optionsOffset());
        if (samd) {
            outer[1] = (byte) outerCode(original, answersObserve);
        }
        OptionWriter innerOptions = new OptionWriter(inner, PROTECTED_HEADER_LENGTH);
        OptionWriter outerOptions = new OptionWriter(outer, split.optionsOffset());
        new OptionSplit(numbers, innerOptions, outerOptions)
                .write(split, new OptionSplit.Additions(samd ? binding : null, stale, samd));
        innerOptions.putPayload(split.lent(), split.payloadOffset(), payloadLength);

        int plaintextLength = innerOptions.position();
        byte[] plaintext = plaintextLength == inner.length ? inner : Arrays.copyOf(inner, plaintextLength);
        return prepared(plaintext, outer, outerOptions.position(), original);
    }

    private static int outerCode(CoapMessage original, boolean answersObserve) {
        if (original.isRequest()) {
            return original.has(CoapOption.OBSERVE) ? CoapCode.FETCH : CoapCode.POST;
        }
        return answersObserve ? CoapCode.CONTENT : CoapCode.CHANGED;
    }

    /** Closes the outer message with the payload marker. */
    static PreparedMessage prepared(byte[] plaintext, byte[] outer, int outerLength, CoapMessage original) {
        outer[outerLength] = (byte) 0xff;
        return new PreparedMessage(plaintext, outer, outerLength + 1, original.observes());
    }

    private static void checkSize(PreparedMessage prepared) {
        int plaintext = prepared.plaintext().length;
        if (plaintext > MAX_PLAINTEXT) {
            throw new SaException(
                    SaError.TOO_LARGE,
                    plaintext + " octets",
                    "plaintext of " + plaintext + " octets; a record carries " + MAX_PLAINTEXT
                            + ", more needs block-wise transfer");
        }
        int message = prepared.headroom() + plaintext + MAX_RECORD_EXPANSION;
        if (message > CoapMessage.MAX_LENGTH) {
            throw new SaException(
                    SaError.TOO_LARGE,
                    message + " octets",
                    "protected message of up to " + message + " octets; a message has at most "
                            + CoapMessage.MAX_LENGTH);
        }
    }
}
