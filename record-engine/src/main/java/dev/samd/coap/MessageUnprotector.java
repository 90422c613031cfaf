// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Form;

/**
 * Rebuilds a message from its opened record (app-layer-sec s3). Immutable.
 *
 * <p>The number of the record is consumed whatever comes out. From the outer message come type, token and message ID,
 * and of its options Uri-Host and Uri-Port alone, by allow-list: every other one may be a proxy's.
 */
public final class MessageUnprotector {
    private static final int PROTECTED_VERSION = 1;

    private final OptionNumbers numbers;
    private final PayloadForm payloadForm;

    /** An unprotector of messages that are marked with these numbers. */
    public MessageUnprotector(OptionNumbers numbers) {
        this.numbers = numbers;
        this.payloadForm = new PayloadForm(numbers);
    }

    /**
     * Rebuilds the message.
     *
     * @param plaintext what the record carried, lent for the call
     * @param content what the SA carries
     * @param form how its messages look; matters for {@link Content#MESSAGE} only
     * @param expected the request that a response must name; {@link Form#DRAFT_EXACT} names none, and still needs one
     * @return {@link Rebuilt}, or why not: {@link DiscardReason#MALFORMED} for signs, plaintext, codes or inner options
     *     that must not be, {@link DiscardReason#BINDING_MISSING} for a response where a request is expected,
     *     {@link DiscardReason#BINDING_MISMATCH} for a response to another request, or a request where a response is
     *     expected
     */
    public Unprotection rebuild(
            OuterMessage outer, byte[] plaintext, Content content, Form form, ExpectedBinding expected) {
        if (!outer.fits(content, form)) {
            return DiscardedMessage.MALFORMED;
        }
        RecBind binding = expected.binding();
        if (outer.isResponse() && binding == null) {
            return new DiscardedMessage(DiscardReason.BINDING_MISSING);
        }
        if (!outer.isResponse() && binding != null) {
            return new DiscardedMessage(DiscardReason.BINDING_MISMATCH);
        }
        return content == Content.PAYLOAD
                ? payloadForm.rebuild(outer.message(), plaintext, binding)
                : rebuildMessage(outer, plaintext, form, expected);
    }

    private Unprotection rebuildMessage(OuterMessage outer, byte[] plaintext, Form form, ExpectedBinding expected) {
        if (plaintext.length < InnerMessage.PROTECTED_HEADER_LENGTH || plaintext[0] != PROTECTED_VERSION) {
            return DiscardedMessage.MALFORMED;
        }
        int code = plaintext[1] & 0xff;
        boolean response = outer.isResponse();
        boolean sameClass = response ? CoapCode.isResponse(code) : CoapCode.isRequest(code);
        if (!sameClass || (form == Form.DRAFT_EXACT && code != outer.message().code())) {
            return DiscardedMessage.MALFORMED;
        }
        InnerMessage inner = new InnerMessage(numbers, outer, plaintext);
        RecBind demanded = form == Form.SAMD ? expected.binding() : null;
        if (!inner.merge() || !(demanded == null ? inner.isUnbound() : inner.isBound())) {
            return DiscardedMessage.MALFORMED;
        }
        if (demanded != null && !inner.isBoundTo(demanded)) {
            return new DiscardedMessage(DiscardReason.BINDING_MISMATCH);
        }
        if (response && inner.hasObserve() && !expected.observing()) {
            return DiscardedMessage.MALFORMED; // RFC 8613 s4.1.3.5.2: nobody asked for notifications
        }
        return inner.rebuilt();
    }
}
