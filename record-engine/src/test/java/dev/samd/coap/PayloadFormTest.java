// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static dev.samd.coap.CoapMessages.REQUEST;
import static dev.samd.coap.CoapVectors.finish;
import static dev.samd.coap.CoapVectors.hex;
import static dev.samd.coap.CoapVectors.outer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadFormTest {
    private static final String REQUEST_OUTSIDE = "41021234 4a c2fde9 ff 19";
    private static final String RESPONSE_OUTSIDE = "61451234 4a c2fde9 ff 19";

    private final MessageProtector protector = new MessageProtector(OptionNumbers.DEFAULT);
    private final MessageUnprotector unprotector = new MessageUnprotector(OptionNumbers.DEFAULT);

    @ParameterizedTest
    @CsvSource({
        "'', 8102",
        "c0, 9102 00",
        "c100, 9102 00",
        "c20000, 9102 00",
        "c132, 9102 32",
        "c20032, 9102 32",
        "c2fde8, a102 fde8"
    })
    void contentFormatGoesInsideInAsFewOctetsAsItNeeds(String option, String header) {
        PreparedMessage prepared = prepare("41021234 4a" + option + "ff aabb", null);

        assertThat(prepared.plaintext()).isEqualTo(hex(header + "aabb"));
        assertThat(finish(prepared, hex("19"))).isEqualTo(hex(REQUEST_OUTSIDE));
    }

    @Test
    void everyOtherOptionStaysOutsideInOrder() {
        CoapOption host = CoapOption.ofText(CoapOption.URI_HOST, "h");
        CoapOption path = CoapOption.ofText(CoapOption.URI_PATH, "a");
        CoapOption format = CoapOption.ofUint(CoapOption.CONTENT_FORMAT, 50);
        CoapOption query = CoapOption.ofText(CoapOption.URI_QUERY, "q");
        CoapOption block = CoapOption.ofUint(CoapOption.BLOCK1, 8);

        PreparedMessage prepared = protector.prepare(
                CoapMessages.request(CoapCode.PUT, host, path, format, query, block),
                Content.PAYLOAD,
                Form.NONE,
                null,
                false);

        assertThat(prepared.plaintext()).isEqualTo(hex("9103 32"));
        assertThat(CoapMessage.parse(finish(prepared, hex("19"))).options())
                .containsExactly(host, path, CoapOption.ofUint(CoapOption.CONTENT_FORMAT, 65_001), query, block);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "04", "08", "1f", "43"})
    void codeWithoutPayloadIsRefused(String code) {
        CoapMessage original = CoapMessage.parse(hex("41" + code + "1234 4a"));
        RecBind binding = original.isResponse() ? REQUEST : null;

        assertRefused(SaError.WRONG_CONTENT, original, binding);
    }

    @ParameterizedTest
    @ValueSource(strings = {"02", "03", "05", "06", "07"})
    void everyRequestWithPayloadGoesThroughAndBack(String code) {
        byte[] original = hex("41" + code + "1234 4a b161 11 32 ff aabb");

        PreparedMessage prepared =
                protector.prepare(CoapMessage.parse(original), Content.PAYLOAD, Form.NONE, null, false);
        Unprotection result = unprotector.rebuild(
                outer(finish(prepared, hex("19"))),
                prepared.plaintext(),
                Content.PAYLOAD,
                Form.NONE,
                ExpectedBinding.NONE);

        assertRebuilt(result, original);
    }

    @ParameterizedTest
    @ValueSource(strings = {"41", "44", "45", "5f", "84", "a0"})
    void everyResponseButValidGoesThroughAndBack(String code) {
        byte[] original = hex("61" + code + "1234 4a 41aa 81 00 21 05 ff aabb");

        PreparedMessage prepared =
                protector.prepare(CoapMessage.parse(original), Content.PAYLOAD, Form.NONE, REQUEST, false);
        Unprotection result = unprotector.rebuild(
                outer(finish(prepared, hex("19"))),
                prepared.plaintext(),
                Content.PAYLOAD,
                Form.NONE,
                ExpectedBinding.exactly(REQUEST, false));

        assertThat(prepared.plaintext()).startsWith(hex("d1" + code + "0001000000000007 00"));
        assertRebuilt(result, hex("61" + code + "1234 4a 41aa 80 21 05 ff aabb"));
    }

    @Test
    void messageWithoutPayloadHasNoneAfterwards() {
        PreparedMessage prepared = prepare("41021234 4a b161", null);

        assertThat(prepared.plaintext()).isEqualTo(hex("8102"));
        assertRebuilt(rebuild("41021234 4a b161 12fde9 ff 19", "8102", ExpectedBinding.NONE), hex("41021234 4a b161"));
    }

    @Test
    void proxyUriStaysWhole() {
        CoapOption uri = CoapOption.ofText(CoapOption.PROXY_URI, "coap://h/a?b");

        PreparedMessage prepared =
                protector.prepare(CoapMessages.request(2, uri), Content.PAYLOAD, Form.NONE, null, false);

        assertThat(CoapMessage.parse(finish(prepared, hex("19"))).option(CoapOption.PROXY_URI))
                .contains(uri.value());
    }

    @Test
    void longBindingIsRefusedSinceObservationsEndWithThePair() {
        CoapMessage original = CoapMessages.response(CoapCode.CONTENT);

        assertRefused(SaError.NO_SA_FOR_REPLY, original, new RecBind(1, 7, Octets.ofHex("2b01")));
    }

    @Test
    void edhocAndUnreadableContentFormatsAreRefused() {
        CoapOption format = CoapOption.ofUint(CoapOption.CONTENT_FORMAT, 50);

        assertRefused(SaError.NOT_PROTECTABLE, CoapMessages.request(2, CoapMessages.empty(CoapOption.EDHOC)), null);
        assertRefused(SaError.MALFORMED_COAP, CoapMessages.request(2, format, format), null);
        assertRefused(
                SaError.MALFORMED_COAP,
                CoapMessages.request(2, CoapOption.ofUint(CoapOption.CONTENT_FORMAT, 65_536)),
                null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "81",
                "b102 000000 aa",
                "0102 aa",
                "0102b161",
                "8002 aa",
                "8202 aa",
                "8302 aa",
                "8502 aa",
                "8902 aa",
                "c102 0001000000000007 aa",
                "9102",
                "a102 00",
                "8101 aa",
                "8103 aa",
                "8145 aa",
                "c145 0001000000000007 aa"
            })
    void requestPlaintextThatIsNotItsKindIsMalformed(String plaintext) {
        assertDiscarded(rebuild(REQUEST_OUTSIDE, plaintext, ExpectedBinding.NONE), DiscardReason.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({
        "c145 0001000000000008 aa, BINDING_MISMATCH",
        "c145 0002000000000007 aa, BINDING_MISMATCH",
        "c145 00010000000000, MALFORMED",
        "d145 0001000000000007, MALFORMED",
        "8145 aa, MALFORMED",
        "c144 0001000000000007 aa, MALFORMED",
        "c102 0001000000000007 aa, MALFORMED",
        "f145 0001000000000007 000000 aa, MALFORMED"
    })
    void responsePlaintextIsOfItsKindAndBound(String plaintext, DiscardReason reason) {
        assertDiscarded(rebuild(RESPONSE_OUTSIDE, plaintext, ExpectedBinding.exactly(REQUEST, false)), reason);
    }

    @Test
    void responseNeedsARequestAndTheShortForm() {
        String plaintext = "c145 0001000000000007 aa";
        RecBind demandedLong = new RecBind(1, 7, Octets.ofHex("2b01"));

        assertRebuilt(
                rebuild(RESPONSE_OUTSIDE, plaintext, ExpectedBinding.exactly(REQUEST, false)),
                hex("61451234 4a ff aa"));
        assertDiscarded(rebuild(RESPONSE_OUTSIDE, plaintext, ExpectedBinding.NONE), DiscardReason.BINDING_MISSING);
        assertDiscarded(
                rebuild(RESPONSE_OUTSIDE, plaintext, ExpectedBinding.exactly(demandedLong, false)),
                DiscardReason.BINDING_MISMATCH);
    }

    @Test
    void validAndGetAreMalformedInside() {
        assertDiscarded(rebuild("41011234 4a c2fde9 ff 19", "8101 aa", ExpectedBinding.NONE), DiscardReason.MALFORMED);
        assertDiscarded(
                rebuild(
                        "61431234 4a c2fde9 ff 19",
                        "c143 0001000000000007 aa",
                        ExpectedBinding.exactly(REQUEST, false)),
                DiscardReason.MALFORMED);
    }

    @Test
    void otherOptionsAreHandedUpAsTheyCame() {
        assertRebuilt(
                rebuild(
                        "41021234 4a 3168 86 616263646566 12fde9 3161 11 05 ff 19",
                        "a102 0032 aa",
                        ExpectedBinding.NONE),
                hex("41021234 4a 3168 86 616263646566 11 32 3161 1105 ff aa"));
    }

    private PreparedMessage prepare(String original, RecBind binding) {
        return protector.prepare(CoapMessage.parse(hex(original)), Content.PAYLOAD, Form.NONE, binding, false);
    }

    private Unprotection rebuild(String outer, String plaintext, ExpectedBinding expected) {
        return unprotector.rebuild(outer(hex(outer)), hex(plaintext), Content.PAYLOAD, Form.NONE, expected);
    }

    private void assertRefused(SaError error, CoapMessage original, RecBind binding) {
        assertThatThrownBy(() -> protector.prepare(original, Content.PAYLOAD, Form.NONE, binding, false))
                .isInstanceOfSatisfying(
                        SaException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private static void assertRebuilt(Unprotection result, byte[] message) {
        assertThat(result).isInstanceOf(Rebuilt.class);
        assertThat(((Rebuilt) result).octets()).isEqualTo(message);
    }

    private static void assertDiscarded(Unprotection result, DiscardReason reason) {
        assertThat(result).isEqualTo(new DiscardedMessage(reason));
    }
}
