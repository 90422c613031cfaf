// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Messages to test with: short ways to write one, and arbitrary ones. */
final class CoapMessages {
    static final RecBind REQUEST = RecBind.ofNumber(1, 7);

    private CoapMessages() {}

    static CoapMessage request(int code, CoapOption... options) {
        return CoapMessage.of(CoapType.CON, code, 0x1234, Octets.ofHex("4a"), Arrays.asList(options), Octets.EMPTY);
    }

    static CoapMessage response(int code, CoapOption... options) {
        return CoapMessage.of(CoapType.ACK, code, 0x1234, Octets.ofHex("4a"), Arrays.asList(options), Octets.EMPTY);
    }

    static CoapMessage withPayload(CoapMessage message, Octets payload) {
        return CoapMessage.of(
                message.type(), message.code(), message.messageId(), message.token(), message.options(), payload);
    }

    /** The same message with one more option. */
    static CoapMessage with(CoapMessage message, CoapOption option) {
        List<CoapOption> options = new ArrayList<>(message.options());
        options.add(option);
        return CoapMessage.of(
                message.type(),
                message.code(),
                message.messageId(),
                message.token(),
                options,
                Octets.of(message.payload()));
    }

    static CoapOption empty(int number) {
        return new CoapOption(number, Octets.EMPTY);
    }

    static Arbitrary<Octets> octets(int maxLength) {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(maxLength).map(Octets::of);
    }

    /** Numbers around every border of the encoding, and any. */
    static Arbitrary<Integer> optionNumbers() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, 300),
                Arbitraries.of(12, 13, 14, 268, 269, 270, 65_000, 65_030, CoapOption.MAX_NUMBER),
                Arbitraries.integers().between(0, CoapOption.MAX_NUMBER));
    }

    static Arbitrary<CoapOption> options(Arbitrary<Integer> numbers) {
        Arbitrary<Octets> values = Arbitraries.oneOf(octets(20), octets(20), octets(20), octets(300));
        return Combinators.combine(numbers, values).as(CoapOption::new);
    }

    static Arbitrary<CoapMessage> messages(Arbitrary<Integer> codes, Arbitrary<Integer> optionNumbers) {
        return Combinators.combine(
                        Arbitraries.of(CoapType.class),
                        codes,
                        Arbitraries.integers().between(0, 0xffff),
                        octets(8),
                        options(optionNumbers).list().ofMaxSize(8),
                        octets(80))
                .as(CoapMessage::of);
    }
}
