// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.coap.CoapType;
import dev.samd.coap.MessageProtector;
import dev.samd.coap.OptionNumbers;
import dev.samd.coap.PreparedMessage;
import dev.samd.coap.RecBind;
import dev.samd.engine.Discarded;
import dev.samd.engine.UnprotectResult;
import dev.samd.engine.Unprotected;
import dev.samd.record.SealResult;
import dev.samd.record.Sealer;
import dev.samd.record.WearListener;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All doors of unprotect at once. The first octet of the input says who speaks: 0 a stranger, whose octets are the message; 1 a
 * peer whose octets are the plaintext of its request, properly sealed; 2 the same, of its answer to a request that observes.
 */
final class UnprotectTarget implements FuzzTarget {
    private static final int STRANGER = 0;
    private static final int REQUEST = 1;
    private static final int RESPONSE = 2;
    private static final int CHANGED = 0x44;

    /** The plaintext of the one record that a stranger has seen, of a GET without options. */
    private static final byte[] SEEN = {1, Messages.GET};

    private static final byte[] RECORD = record(SEEN);

    private static final CoapMessage OBSERVATION = Messages.of(
            Messages.GET,
            "",
            CoapOption.ofUint(CoapOption.OBSERVE, 0),
            CoapOption.ofText(CoapOption.URI_HOST, "device-1"),
            CoapOption.ofText(CoapOption.URI_PATH, "temp"));

    @Override
    public boolean run(byte[] input) {
        if (input.length == 0 || input[0] < STRANGER || input[0] > RESPONSE) {
            return false;
        }
        byte[] octets = Arrays.copyOfRange(input, 1, input.length);
        EnginePair pair = new EnginePair();
        return switch (input[0]) {
            case STRANGER -> stranger(pair, octets);
            case REQUEST -> request(pair, octets);
            default -> response(pair, octets);
        };
    }

    private static boolean stranger(EnginePair pair, byte[] octets) {
        try {
            UnprotectResult result = pair.unprotect(octets.clone());
            // The outer message is anybody's to write; the record is not.
            boolean sealed = Arrays.equals(CoapMessage.parse(octets).payload(), RECORD);
            Finding.unless(result instanceof Discarded || sealed, "a stranger got through: " + result);
            return true;
        } catch (SaException refused) {
            return false; // no CoAP message
        }
    }

    private static boolean request(EnginePair pair, byte[] plaintext) {
        if (!(pair.unprotect(sealed(Messages.POST, plaintext)) instanceof Unprotected request)) {
            return false;
        }
        CoapMessage message = CoapMessage.parse(request.coap());
        Finding.unless(message.isRequest(), "what came as a request is none");
        CoapMessage answer = CoapMessage.of(
                CoapType.ACK, Messages.CONTENT, 1, message.token(), List.of(), Octets.of(new byte[] {1}));
        pair.engine.protect(pair.call(answer.toOctets(), request.reference()), 1);
        return true;
    }

    private static boolean response(EnginePair pair, byte[] plaintext) {
        byte[] asked = pair.asked(OBSERVATION);
        return pair.unprotect(sealed(CHANGED, plaintext), asked) instanceof Unprotected response
                && CoapMessage.parse(response.coap()).isResponse();
    }

    private static byte[] sealed(int code, byte[] plaintext) {
        return CoapMessage.of(
                        CoapType.CON,
                        code,
                        7,
                        Octets.ofHex("70"),
                        List.of(new CoapOption(OptionNumbers.DEFAULT.record(), Octets.EMPTY)),
                        Octets.of(record(plaintext)))
                .toOctets();
    }

    private static byte[] record(byte[] plaintext) {
        try (Sealer sealer =
                new Sealer(EnginePair.INBOUND.end(Direction.OUTBOUND), RecordTarget.NO_MARK, WearListener.NONE)) {
            if (!(sealer.seal(plaintext, 0, 0, 1) instanceof SealResult.Sealed record)) {
                throw new IllegalStateException("a plaintext of " + plaintext.length + " octets was not sealed");
            }
            return record.octets();
        }
    }

    @Override
    public Map<String, byte[]> seeds() {
        MessageProtector protector = new MessageProtector(OptionNumbers.DEFAULT);
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        Messages.originals().forEach((name, message) -> {
            PreparedMessage prepared = protector.prepare(message, Content.MESSAGE, Form.SAMD, null, false);
            seeds.put("request-" + name, with(REQUEST, prepared.plaintext()));
        });
        PreparedMessage notification = protector.prepare(
                Messages.notification(), Content.MESSAGE, Form.SAMD, RecBind.ofNumber(FuzzSa.EPOCH, 0), true);
        seeds.put("response", with(RESPONSE, notification.plaintext()));
        seeds.put("stranger", with(STRANGER, sealed(Messages.POST, SEEN)));
        return seeds;
    }

    private static byte[] with(int who, byte[] octets) {
        return ByteBuffer.allocate(1 + octets.length)
                .put((byte) who)
                .put(octets)
                .array();
    }
}
