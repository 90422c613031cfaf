// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import java.util.Arrays;

/**
 * The inner options and the payload of a plaintext on their way into the rebuilt message: read, checked and written in
 * one walk. Confined to one message.
 */
final class InnerMessage {
    static final int PROTECTED_HEADER_LENGTH = 2;

    private final OptionNumbers numbers;
    private final OuterMessage outer;
    private final byte[] plaintext;
    private final byte[] target;
    private final OptionWriter writer;
    private boolean hostDue;
    private boolean portDue;
    private int bindings;
    private int bindingOffset;
    private int bindingLength;
    private boolean observe;
    private boolean registers;

    InnerMessage(OptionNumbers numbers, OuterMessage outer, byte[] plaintext) {
        this.numbers = numbers;
        this.outer = outer;
        this.plaintext = plaintext;
        this.hostDue = outer.hostLength() >= 0;
        this.portDue = outer.portLength() >= 0;
        byte[] header = outer.message().lent();
        int headerLength = outer.message().optionsOffset();
        // What is put in between or left out makes no other option longer, see MessageProtector.
        this.target = new byte
                [headerLength
                        + (hostDue ? OptionWriter.MAX_HEAD + outer.hostLength() : 0)
                        + (portDue ? OptionWriter.MAX_HEAD + outer.portLength() : 0)
                        + plaintext.length
                        - PROTECTED_HEADER_LENGTH];
        System.arraycopy(header, 0, target, 0, headerLength);
        target[1] = plaintext[1];
        this.writer = new OptionWriter(target, headerLength);
    }

    /** Reads and writes everything; false if the plaintext is malformed, whatever it would be bound to. */
    boolean merge() {
        OptionCursor option = new OptionCursor(plaintext, PROTECTED_HEADER_LENGTH, plaintext.length);
        while (option.advance()) {
            int number = option.number();
            if (number == numbers.recBind()) {
                bindings++;
                bindingOffset = option.valueOffset();
                bindingLength = option.valueLength();
                continue;
            }
            if (number == numbers.record() || OptionRules.forbiddenInside(number)) {
                return false;
            }
            if (number == CoapOption.OBSERVE && !observe) {
                // The first one counts, as in CoapMessage: whoever reads the message takes no other (RFC 7252 s5.4.5).
                observe = true;
                registers = option.uint() == 0;
            }
            writeOuterBelow(number);
            writer.put(number, plaintext, option.valueOffset(), option.valueLength());
        }
        if (option.fault() != null) {
            return false;
        }
        writeOuterBelow(CoapOption.MAX_NUMBER);
        writer.putPayload(plaintext, option.payloadOffset(), plaintext.length - option.payloadOffset());
        return true;
    }

    /** Writes those of Uri-Host and Uri-Port whose turn it is; the record carries neither. */
    private void writeOuterBelow(int number) {
        if (hostDue && number > CoapOption.URI_HOST) {
            writer.put(CoapOption.URI_HOST, outer.message().lent(), outer.hostOffset(), outer.hostLength());
            hostDue = false;
        }
        if (portDue && number > CoapOption.URI_PORT) {
            writer.put(CoapOption.URI_PORT, outer.message().lent(), outer.portOffset(), outer.portLength());
            portDue = false;
        }
    }

    /** Whether there is no Rec-Bind, as in requests and where nothing is bound by one. */
    boolean isUnbound() {
        return bindings == 0;
    }

    /** Whether there is exactly one Rec-Bind, of either form. */
    boolean isBound() {
        return bindings == 1 && RecBind.isLength(bindingLength);
    }

    boolean isBoundTo(RecBind binding) {
        return binding.matches(plaintext, bindingOffset, bindingLength);
    }

    boolean hasObserve() {
        return observe;
    }

    Rebuilt rebuilt() {
        int length = writer.position();
        boolean observes = outer.isResponse() ? observe : registers;
        return new Rebuilt(length == target.length ? target : Arrays.copyOf(target, length), observes);
    }
}
