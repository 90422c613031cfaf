// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CoapMessagePropertyTest {
    private static final Set<SaError> READING = EnumSet.of(SaError.MALFORMED_COAP);
    private static final Set<SaError> PREPARING =
            EnumSet.of(SaError.NOT_PROTECTABLE, SaError.WRONG_CONTENT, SaError.MALFORMED_COAP);

    private final MessageProtector protector = new MessageProtector(OptionNumbers.DEFAULT);
    private final MessageUnprotector unprotector = new MessageUnprotector(OptionNumbers.DEFAULT);

    @Provide
    Arbitrary<CoapMessage> anyMessage() {
        return CoapMessages.messages(Arbitraries.integers().between(1, 255), CoapMessages.optionNumbers());
    }

    @Property
    void whatIsWrittenIsReadAgain(@ForAll("anyMessage") CoapMessage message) {
        CoapMessage read = CoapMessage.parse(message.toOctets());
        CoapMessage written = CoapMessage.of(
                read.type(), read.code(), read.messageId(), read.token(), read.options(), Octets.of(read.payload()));

        assertThat(read).isEqualTo(message);
        assertThat(written).isEqualTo(message);
    }

    /** Random octets, most of them with a header that makes the reader go on to the options. */
    @Provide
    Arbitrary<byte[]> garbage() {
        Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(48);
        return Arbitraries.oneOf(any, any.map(octets -> {
            byte[] message = octets.clone();
            if (message.length > 0) {
                message[0] = (byte) (0x40 | (message[0] & 0x31));
            }
            return message;
        }));
    }

    @Property(tries = 100_000)
    void garbageIsRefusedInOneWayOrReadAndWrittenAgain(@ForAll("garbage") byte[] octets) {
        try {
            CoapMessage message = CoapMessage.parse(octets.clone());

            assertThat(message.toOctets()).isEqualTo(octets);
            message.options();
            message.observes();
        } catch (SaException e) {
            assertThat(READING).contains(e.error());
        }
    }

    @Property(tries = 20_000)
    void garbageFromOutsideGivesValuesOrOneError(@ForAll("garbage") byte[] octets) {
        try {
            if (OuterMessage.read(octets, OptionNumbers.DEFAULT) instanceof OuterMessage outer) {
                outer.addressedTo(Endpoint.parse("coap://example.com"));
                outer.uriHost();
            }
        } catch (SaException e) {
            assertThat(READING).contains(e.error());
        }
    }

    @Property
    void preparingAnyMessageEndsInOneOfTheNamedErrors(
            @ForAll("anyMessage") CoapMessage message, @ForAll Content content, @ForAll boolean samd) {
        RecBind binding = message.isResponse() ? CoapMessages.REQUEST : null;
        try {
            protector.prepare(message, content, samd ? Form.SAMD : Form.DRAFT_EXACT, binding, false);
        } catch (SaException e) {
            assertThat(PREPARING).contains(e.error());
        }
    }

    /** Random plaintexts, most of them with a first octet that makes the reader go on. */
    @Provide
    Arbitrary<byte[]> plaintexts() {
        Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(48);
        return Arbitraries.oneOf(
                any, beginning(any, 0x01, 0x01), beginning(any, 0x91, 0x02), beginning(any, 0xd1, 0x44));
    }

    private static Arbitrary<byte[]> beginning(Arbitrary<byte[]> any, int first, int code) {
        return any.map(octets -> {
            byte[] plaintext = Arrays.copyOf(octets, octets.length + 2);
            plaintext[0] = (byte) first;
            plaintext[1] = (byte) code;
            return plaintext;
        });
    }

    @Property(tries = 100_000)
    void garbageFromInsideGivesValuesOnly(
            @ForAll("plaintexts") byte[] plaintext, @ForAll Shape shape, @ForAll boolean expectsResponse) {
        ExpectedBinding expected =
                expectsResponse ? ExpectedBinding.exactly(CoapMessages.REQUEST, true) : ExpectedBinding.NONE;

        Unprotection result =
                unprotector.rebuild(CoapVectors.outer(shape.octets()), plaintext, shape.content, shape.form, expected);

        if (result instanceof Rebuilt rebuilt) {
            assertThat(CoapMessage.parse(rebuilt.octets()).code()).isEqualTo(plaintext[1] & 0xff);
        }
    }

    enum Shape {
        SAMD_REQUEST("410212344a 3b6578616d706c652e636f6d 421633 e0fced ff 00", Content.MESSAGE, Form.SAMD),
        SAMD_RESPONSE("614412344a e0fcf4 ff 00", Content.MESSAGE, Form.SAMD),
        DRAFT_REQUEST("410112344a 3b6578616d706c652e636f6d ff 00", Content.MESSAGE, Form.DRAFT_EXACT),
        PAYLOAD_REQUEST("410212344a 3161 92fde9 10 ff 00", Content.PAYLOAD, Form.NONE),
        PAYLOAD_RESPONSE("614412344a c2fde9 ff 00", Content.PAYLOAD, Form.NONE);

        private final String hex;
        private final Content content;
        private final Form form;

        Shape(String hex, Content content, Form form) {
            this.hex = hex;
            this.content = content;
            this.form = form;
        }

        byte[] octets() {
            return CoapVectors.hex(hex);
        }
    }
}
