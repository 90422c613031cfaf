// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static dev.samd.coap.CoapMessages.REQUEST;
import static dev.samd.coap.CoapVectors.hex;
import static dev.samd.coap.CoapVectors.outer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageUnprotectorTest {
    private static final String BOUND = "e8fcf8 0001000000000007";
    private static final String SAMD_REQUEST = "41021234 4a e0fcf4 ff 19";
    private static final String SAMD_RESPONSE = "61441234 4a e0fcf4 ff 19";

    private final MessageUnprotector unprotector = new MessageUnprotector(OptionNumbers.DEFAULT);

    @ParameterizedTest
    @ValueSource(strings = {"01", "1f", "02", "10"})
    void everyRequestCodePassesInARequest(String code) {
        assertRebuilt(request("01" + code), "41" + code + "1234 4a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "20", "3f", "40", "45", "60", "7f", "80", "a0", "c0", "e0", "e1", "ff"})
    void everyOtherCodeIsMalformedInARequest(String code) {
        assertDiscarded(request("01" + code), DiscardReason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40", "45", "5f", "80", "9f", "a0", "bf"})
    void everyResponseCodePassesInAResponse(String code) {
        assertRebuilt(response("01" + code + BOUND), "61" + code + "1234 4a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "1f", "20", "3f", "60", "7f", "c0", "e1"})
    void everyOtherCodeIsMalformedInAResponse(String code) {
        assertDiscarded(response("01" + code + BOUND), DiscardReason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "01", "0001", "0201", "0301", "0401", "0501", "8101", "8101b161", "4101", "ff01"})
    void otherProtectedHeaderIsMalformed(String plaintext) {
        assertDiscarded(request(plaintext), DiscardReason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "b161 ff", "f0", "0f", "b2 61", "e0", "e0ffff", "dd"})
    void innerOptionsThatCannotBeReadAreMalformed(String options) {
        assertDiscarded(request("0101" + options), DiscardReason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 9, 16, 21, 35, 39, 65_025})
    void innerOptionOfTheHopIsMalformedInRequestAndResponse(int number) {
        byte[] options = CoapMessages.request(1, CoapMessages.empty(number)).toOctets();
        String inner = Octets.of(options, 5, options.length - 5).toHex();

        assertDiscarded(request("0101" + inner), DiscardReason.MALFORMED);
        assertDiscarded(
                rebuild("61441234 4a e0fcf4 ff 19", "0145" + inner, Form.SAMD, ExpectedBinding.exactly(REQUEST, false)),
                DiscardReason.MALFORMED);
    }

    @ParameterizedTest
    @CsvSource({
        "'', MALFORMED",
        "e8fcf8 0001000000000007 08 0001000000000007, MALFORMED",
        "e7fcf8 00010000000000, MALFORMED",
        "e0fcf8, MALFORMED",
        "edfcf810 0001000000000007 000000000000000000000000000000000000000000, MALFORMED",
        "e8fcf8 0001000000000008, BINDING_MISMATCH",
        "e8fcf8 0002000000000007, BINDING_MISMATCH",
        "eafcf8 0001000000000007 2b01, BINDING_MISMATCH",
        "edfcf80f 0001000000000007 0000000000000000000000000000000000000001, BINDING_MISMATCH"
    })
    void responseIsBoundByExactlyOneRecBind(String options, DiscardReason reason) {
        assertDiscarded(response("0144" + options), reason);
    }

    @Test
    void longFormIsDemandedUnderAPairThatSupersedes() {
        RecBind demanded = new RecBind(1, 7, Octets.ofHex("2b01"));
        ExpectedBinding expected = ExpectedBinding.exactly(demanded, false);

        assertRebuilt(rebuild(SAMD_RESPONSE, "0144 eafcf8 0001000000000007 2b01", Form.SAMD, expected), "61441234 4a");
        assertDiscarded(
                rebuild(SAMD_RESPONSE, "0144 eafcf8 0001000000000007 2b02", Form.SAMD, expected),
                DiscardReason.BINDING_MISMATCH);
        assertDiscarded(rebuild(SAMD_RESPONSE, "0144" + BOUND, Form.SAMD, expected), DiscardReason.BINDING_MISMATCH);
    }

    @Test
    void requestWithRecBindIsMalformed() {
        assertDiscarded(request("0101" + BOUND), DiscardReason.MALFORMED);
    }

    @Test
    void responseWhereARequestIsExpectedLacksItsBinding() {
        assertDiscarded(
                rebuild(SAMD_RESPONSE, "0144" + BOUND, Form.SAMD, ExpectedBinding.NONE), DiscardReason.BINDING_MISSING);
    }

    @Test
    void requestWhereAResponseIsExpectedIsAMismatch() {
        assertDiscarded(
                rebuild(SAMD_REQUEST, "0101", Form.SAMD, ExpectedBinding.exactly(REQUEST, true)),
                DiscardReason.BINDING_MISMATCH);
    }

    @Test
    void requestRecordInAResponseAndResponseRecordInARequestAreMalformed() {
        assertDiscarded(response("0102b178"), DiscardReason.MALFORMED);
        assertDiscarded(request("0145" + BOUND), DiscardReason.MALFORMED);
    }

    @Test
    void notificationToARequestThatDidNotRegisterIsMalformed() {
        assertDiscarded(response("014560 e8fcf2 0001000000000007"), DiscardReason.MALFORMED);
        assertDiscarded(response("014565 0102030405 e8fcf2 0001000000000007"), DiscardReason.MALFORMED);
    }

    @Test
    void answerWithoutObserveToARegistrationIsTheFinalOne() {
        Unprotection result = rebuild(SAMD_RESPONSE, "0145" + BOUND, Form.SAMD, ExpectedBinding.exactly(REQUEST, true));

        assertThat(((Rebuilt) result).observes()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"60, true", "6100, true", "6101, false", "'', false", "61 01 00, false", "60 01 01, true"})
    void registrationIsARequestWithObserve0(String options, boolean observes) {
        assertThat(((Rebuilt) request("0101" + options)).observes()).isEqualTo(observes);
    }

    @Test
    void fromOutsideComeUriHostAndUriPortOnly() {
        CoapMessage message = CoapMessage.of(
                CoapType.NON,
                CoapCode.POST,
                0xabcd,
                Octets.ofHex("0102030405060708"),
                List.of(
                        new CoapOption(CoapOption.IF_MATCH, Octets.ofHex("01")),
                        CoapOption.ofText(CoapOption.URI_HOST, "h"),
                        CoapMessages.empty(CoapOption.OBSERVE),
                        CoapOption.ofUint(CoapOption.URI_PORT, 7),
                        CoapMessages.empty(CoapOption.OSCORE),
                        CoapOption.ofText(CoapOption.URI_PATH, "evil"),
                        CoapOption.ofUint(CoapOption.CONTENT_FORMAT, 50),
                        CoapOption.ofUint(CoapOption.MAX_AGE, 0),
                        CoapOption.ofText(CoapOption.URI_QUERY, "evil"),
                        CoapOption.ofUint(CoapOption.HOP_LIMIT, 3),
                        CoapMessages.empty(CoapOption.EDHOC),
                        CoapOption.ofUint(CoapOption.BLOCK1, 8),
                        new CoapOption(CoapOption.ECHO, Octets.ofHex("01")),
                        CoapOption.ofUint(CoapOption.NO_RESPONSE, 26),
                        CoapMessages.empty(2_053),
                        CoapMessages.empty(65_025)),
                Octets.ofHex("19"));

        Unprotection result = unprotector.rebuild(
                outer(message.toOctets()),
                hex("0103 b3747631 ff 01"),
                Content.MESSAGE,
                Form.SAMD,
                ExpectedBinding.NONE);

        assertRebuilt(result, "5803abcd 0102030405060708 3168 4107 43747631 ff 01");
    }

    /** Inner options stand before, between and behind Uri-Host and Uri-Port. */
    @Test
    void rebuiltOptionsAreInOrder() {
        String outer = "41021234 4a 3168 4107 e0fced ff 19";

        assertRebuilt(
                rebuild(outer, "0102 1101 3102 21 00 5161 ff aa", Form.SAMD, ExpectedBinding.NONE),
                "41021234 4a 1101 2168 1102 2100 1107 4161 ff aa");
        assertRebuilt(rebuild(outer, "0102", Form.SAMD, ExpectedBinding.NONE), "41021234 4a 3168 4107");
    }

    @Test
    void draftExactDemandsTheSameCodeOutside() {
        String get = "41011234 4a ff 17";

        assertRebuilt(rebuild(get, "0101b161", Form.DRAFT_EXACT, ExpectedBinding.NONE), "41011234 4a b161");
        assertDiscarded(rebuild(get, "0102b161", Form.DRAFT_EXACT, ExpectedBinding.NONE), DiscardReason.MALFORMED);
    }

    @Test
    void draftExactResponseNeedsARequestAndCarriesNoRecBind() {
        String content = "61451234 4a ff 17";
        ExpectedBinding expected = ExpectedBinding.exactly(REQUEST, false);

        assertRebuilt(rebuild(content, "0145ff61", Form.DRAFT_EXACT, expected), "61451234 4a ff61");
        assertDiscarded(rebuild(content, "0145" + BOUND, Form.DRAFT_EXACT, expected), DiscardReason.MALFORMED);
        assertDiscarded(
                rebuild(content, "0145ff61", Form.DRAFT_EXACT, ExpectedBinding.NONE), DiscardReason.BINDING_MISSING);
    }

    @Test
    void signsOfAnotherKindAreMalformed() {
        String unmarked = "41021234 4a ff 19";

        assertDiscarded(rebuild(unmarked, "0101", Form.SAMD, ExpectedBinding.NONE), DiscardReason.MALFORMED);
        assertDiscarded(rebuild(SAMD_REQUEST, "0102", Form.DRAFT_EXACT, ExpectedBinding.NONE), DiscardReason.MALFORMED);
        assertDiscarded(
                unprotector.rebuild(
                        outer(hex(SAMD_REQUEST)), hex("0101"), Content.RAW, Form.NONE, ExpectedBinding.NONE),
                DiscardReason.MALFORMED);
        assertDiscarded(
                unprotector.rebuild(
                        outer(hex(SAMD_REQUEST)), hex("8102"), Content.PAYLOAD, Form.NONE, ExpectedBinding.NONE),
                DiscardReason.MALFORMED);
    }

    @Test
    void pathIsGivenBySegments() {
        Rebuilt rebuilt = (Rebuilt) request("0101 b161 03 622f63 00");

        assertThat(rebuilt.uriPath()).containsExactly("a", "b/c", "");
        assertThat(((Rebuilt) request("0101")).uriPath()).isEmpty();
    }

    private Unprotection request(String plaintext) {
        return rebuild(SAMD_REQUEST, plaintext, Form.SAMD, ExpectedBinding.NONE);
    }

    private Unprotection response(String plaintext) {
        return rebuild(SAMD_RESPONSE, plaintext, Form.SAMD, ExpectedBinding.exactly(REQUEST, false));
    }

    private Unprotection rebuild(String outer, String plaintext, Form form, ExpectedBinding expected) {
        return unprotector.rebuild(outer(hex(outer)), hex(plaintext), Content.MESSAGE, form, expected);
    }

    private static void assertRebuilt(Unprotection result, String message) {
        assertThat(result).isInstanceOf(Rebuilt.class);
        assertThat(((Rebuilt) result).octets()).isEqualTo(hex(message));
    }

    private static void assertDiscarded(Unprotection result, DiscardReason reason) {
        assertThat(result).isEqualTo(new DiscardedMessage(reason));
    }
}
