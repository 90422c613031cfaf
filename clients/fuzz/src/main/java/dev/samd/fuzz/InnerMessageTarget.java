// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.ExpectedBinding;
import dev.samd.coap.MessageProtector;
import dev.samd.coap.MessageUnprotector;
import dev.samd.coap.OptionNumbers;
import dev.samd.coap.OuterMessage;
import dev.samd.coap.PreparedMessage;
import dev.samd.coap.Rebuilt;
import dev.samd.coap.RecBind;
import dev.samd.sa.Content;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a peer with the keys may put into a record, under an outer message of its own: whole messages, those of the draft's form,
 * and payloads. The input is {@code kind:1 | outer_length:2 | outer | plaintext}.
 */
final class InnerMessageTarget implements FuzzTarget {
    private static final RecBind SHORT = RecBind.ofNumber(1, 5);
    private static final RecBind LONG = new RecBind(1, 5, Octets.ofHex("c1d2"));
    private static final int HEAD = 3;

    private final MessageProtector protector = new MessageProtector(OptionNumbers.DEFAULT);
    private final MessageUnprotector unprotector = new MessageUnprotector(OptionNumbers.DEFAULT);

    /** How the input is to be read: two bits of content and form, two of binding, one of observation. */
    private record Kind(int octet) {
        Content content() {
            return (octet & 3) == 2 ? Content.PAYLOAD : Content.MESSAGE;
        }

        Form form() {
            return content() == Content.PAYLOAD ? Form.NONE : (octet & 3) == 1 ? Form.DRAFT_EXACT : Form.SAMD;
        }

        ExpectedBinding binding() {
            boolean observing = (octet & 16) != 0;
            return switch (octet >> 2 & 3) {
                case 0 -> ExpectedBinding.NONE;
                case 1 -> ExpectedBinding.exactly(LONG, observing);
                default -> ExpectedBinding.exactly(SHORT, observing);
            };
        }
    }

    @Override
    public boolean run(byte[] input) {
        if (input.length < HEAD) {
            return false;
        }
        int outerLength = (input[1] & 0xff) << 8 | (input[2] & 0xff);
        if (outerLength > input.length - HEAD) {
            return false;
        }
        Kind kind = new Kind(input[0]);
        byte[] plaintext = Arrays.copyOfRange(input, HEAD + outerLength, input.length);
        byte[] outerOctets = Arrays.copyOfRange(input, HEAD, HEAD + outerLength);
        try {
            return OuterMessage.read(outerOctets, OptionNumbers.DEFAULT) instanceof OuterMessage outer
                    && rebuild(outer, plaintext, kind);
        } catch (SaException refused) {
            return false; // the outer octets are no message
        }
    }

    private boolean rebuild(OuterMessage outer, byte[] plaintext, Kind kind) {
        ExpectedBinding binding = kind.binding();
        if (!(unprotector.rebuild(outer, plaintext, kind.content(), kind.form(), binding) instanceof Rebuilt rebuilt)) {
            return false;
        }
        CoapMessage inside;
        try {
            inside = CoapMessage.parse(rebuilt.octets());
        } catch (SaException e) {
            throw new Finding("what was rebuilt is no message: " + e.getMessage());
        }
        Finding.unless(inside.token().equals(outer.message().token()), "the token changed");
        Finding.unless(inside.isResponse() == outer.isResponse(), "a request became a response, or the reverse");
        Finding.unless(
                inside.observes() == rebuilt.observes() || kind.content() == Content.PAYLOAD,
                "it is not what it says of its observation");
        Finding.unless(
                !inside.hasProxyOptions() || kind.content() == Content.PAYLOAD, "an option of a hop came inside");
        rebuilt.uriPath();
        protectAgain(inside, kind, binding);
        return true;
    }

    /** What came out may go in again, or is refused with a reason. */
    private void protectAgain(CoapMessage inside, Kind kind, ExpectedBinding binding) {
        try {
            PreparedMessage prepared =
                    protector.prepare(inside, kind.content(), kind.form(), binding.binding(), binding.observing());
            prepared.finish(new byte[prepared.headroom()]);
        } catch (SaException refused) {
            // Options that no program of ours would be allowed to protect.
        }
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        Messages.originals().forEach((name, message) -> {
            seeds.put("samd-" + name, seed(0, message));
            seeds.put("draft-" + name, seed(1, message));
            if (message.payloadLength() > 0) {
                seeds.put("payload-" + name, seed(2, message));
            }
        });
        seeds.put("samd-notification", seed(16 | 8, Messages.notification()));
        seeds.put("samd-late-notification", seed(16 | 4, Messages.notification()));
        seeds.put("draft-notification", seed(16 | 8 | 1, Messages.notification()));
        seeds.put("payload-notification", seed(16 | 8 | 2, Messages.notification()));
        return seeds;
    }

    private byte[] seed(int octet, CoapMessage message) {
        Kind kind = new Kind(octet);
        PreparedMessage prepared = protector.prepare(
                message,
                kind.content(),
                kind.form(),
                kind.binding().binding(),
                kind.binding().observing());
        // The record itself is not looked at here; a message without payload is none of ours.
        byte[] outer = new byte[prepared.headroom() + 1];
        prepared.finish(outer);
        byte[] seed = new byte[HEAD + outer.length + prepared.plaintext().length];
        seed[0] = (byte) octet;
        seed[1] = (byte) (outer.length >> 8);
        seed[2] = (byte) outer.length;
        System.arraycopy(outer, 0, seed, HEAD, outer.length);
        System.arraycopy(prepared.plaintext(), 0, seed, HEAD + outer.length, prepared.plaintext().length);
        return seed;
    }
}
