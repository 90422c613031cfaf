// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.coap.ExpectedBinding;
import dev.samd.coap.MessageProtector;
import dev.samd.coap.MessageTarget;
import dev.samd.coap.MessageUnprotector;
import dev.samd.coap.OptionNumbers;
import dev.samd.coap.OuterMessage;
import dev.samd.coap.OuterReading;
import dev.samd.coap.PathPattern;
import dev.samd.coap.PreparedMessage;
import dev.samd.coap.Rebuilt;
import dev.samd.coap.RecBind;
import dev.samd.coap.Unprotection;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CoAP messages of programs and of strangers: each is refused or is its only encoding, and what can be protected comes back out of
 * its record.
 */
final class CoapMessageTarget implements FuzzTarget {
    private static final RecBind BINDING = RecBind.ofNumber(1, 5);
    private static final PathPattern PATTERN = PathPattern.parse("/a/*/c/**");

    private final MessageProtector protector = new MessageProtector(OptionNumbers.DEFAULT);
    private final MessageUnprotector unprotector = new MessageUnprotector(OptionNumbers.DEFAULT);

    @Override
    public boolean run(byte[] input) {
        CoapMessage message;
        try {
            message = CoapMessage.parse(input.clone());
        } catch (SaException refused) {
            return false;
        }
        Finding.unless(Arrays.equals(message.toOctets(), input), "a message is not its octets");
        CoapMessage again = CoapMessage.of(
                message.type(),
                message.code(),
                message.messageId(),
                message.token(),
                message.options(),
                Octets.of(message.payload()));
        Finding.unless(again.equals(message), "a message has a second encoding");
        message.options().stream().limit(2).map(CoapOption::number).forEach(number -> {
            Finding.unless(message.without(number).option(number).isEmpty(), "an option stays that was taken out");
        });
        OuterMessage.read(input.clone(), OptionNumbers.DEFAULT);
        PATTERN.fits(message);
        if (hasTarget(message)) {
            protect(message, Content.MESSAGE, Form.SAMD);
            protect(message, Content.MESSAGE, Form.DRAFT_EXACT);
            protect(message, Content.PAYLOAD, Form.NONE);
        }
        return true;
    }

    /** Whether a request has a target that the engine would take; a response has none. */
    private static boolean hasTarget(CoapMessage message) {
        boolean named = message.option(CoapOption.URI_HOST).isPresent()
                || message.option(CoapOption.URI_PORT).isPresent()
                || message.option(CoapOption.PROXY_URI).isPresent();
        if (!named || message.isResponse()) {
            return true;
        }
        try {
            Endpoint target = MessageTarget.of(message, Endpoint.HOST_WIDE, MessageTarget.DEFAULT_SCHEME);
            Finding.unless(Endpoint.parse(target.uri()).equals(target), "a target is not in canonical form");
            return true;
        } catch (SaException refused) {
            return false;
        }
    }

    /** What can be protected is rebuilt from it, and what is rebuilt is protected to the same record. */
    private void protect(CoapMessage message, Content content, Form form) {
        RecBind binding = message.isResponse() ? BINDING : null;
        PreparedMessage prepared;
        try {
            prepared = protector.prepare(message, content, form, binding, message.observes());
        } catch (SaException refused) {
            return;
        }
        Rebuilt rebuilt = rebuilt(prepared, content, form, binding, message.observes());
        CoapMessage inside = CoapMessage.parse(rebuilt.octets());
        Finding.unless(inside.code() == message.code(), "the code changed on the way");
        Finding.unless(Arrays.equals(inside.payload(), message.payload()), "the payload changed on the way");
        rebuilt.uriPath();
        PreparedMessage twice = protector.prepare(inside, content, form, binding, message.observes());
        Finding.unless(Arrays.equals(twice.plaintext(), prepared.plaintext()), "protecting is not stable");
    }

    private Rebuilt rebuilt(
            PreparedMessage prepared, Content content, Form form, @Nullable RecBind binding, boolean observing) {
        byte[] octets = new byte[prepared.headroom() + prepared.plaintext().length];
        prepared.finish(octets);
        System.arraycopy(prepared.plaintext(), 0, octets, prepared.headroom(), prepared.plaintext().length);
        OuterReading outer = OuterMessage.read(octets, OptionNumbers.DEFAULT);
        Finding.unless(outer instanceof OuterMessage, "a protected message is malformed outside");
        ExpectedBinding expected = binding == null ? ExpectedBinding.NONE : ExpectedBinding.exactly(binding, observing);
        Unprotection result = unprotector.rebuild((OuterMessage) outer, prepared.plaintext(), content, form, expected);
        Finding.unless(result instanceof Rebuilt, content + " in form " + form + " does not come back: " + result);
        return (Rebuilt) result;
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        Messages.originals().forEach((name, message) -> seeds.put(name, message.toOctets()));
        seeds.put("notification", Messages.notification().toOctets());
        seeds.put("empty", new byte[] {0x40, 0, 0x12, 0x34});
        return seeds;
    }
}
