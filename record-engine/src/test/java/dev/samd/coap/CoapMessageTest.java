// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static dev.samd.coap.CoapVectors.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoapMessageTest {
    /** RFC 7252 Appendix A, figure 16 and 17. */
    @Test
    void requestOfTheRfcIsRead() {
        CoapMessage message = CoapMessage.parse(hex("41017d35 20 bb 74656d7065726174757265"));

        assertThat(message.type()).isEqualTo(CoapType.CON);
        assertThat(message.code()).isEqualTo(CoapCode.GET);
        assertThat(message.messageId()).isEqualTo(0x7d35);
        assertThat(message.token()).isEqualTo(Octets.ofHex("20"));
        assertThat(message.options()).containsExactly(CoapOption.ofText(CoapOption.URI_PATH, "temperature"));
        assertThat(message.payload()).isEmpty();
        assertThat(message.isRequest()).isTrue();
        assertThat(message.isResponse()).isFalse();
    }

    @Test
    void allOptionsOfANumberGoAndNothingElse() {
        Octets payload = Octets.ofHex("0102");
        CoapOption path = CoapOption.ofText(CoapOption.URI_PATH, "led");
        CoapOption echo = new CoapOption(CoapOption.ECHO, Octets.ofHex("aabb"));
        CoapOption tag = new CoapOption(CoapOption.REQUEST_TAG, Octets.ofHex("01"));
        CoapMessage message = CoapMessage.of(
                CoapType.CON, CoapCode.PUT, 7, Octets.ofHex("20"), List.of(path, echo, echo, tag), payload);

        assertThat(message.without(CoapOption.ECHO))
                .isEqualTo(
                        CoapMessage.of(CoapType.CON, CoapCode.PUT, 7, Octets.ofHex("20"), List.of(path, tag), payload));
        assertThat(message.without(CoapOption.ACCEPT)).isEqualTo(message);
    }

    /** Without the one between, the next option's delta of 12 becomes one of 24, and of 268 one of 280. */
    @ParameterizedTest
    @CsvSource({"1, 2, 14", "12, 24, 36", "12, 280, 292", "268, 280, 292", "12, 40, 300"})
    void nextOptionGrowsByNoMoreThanWhatWent(int first, int gone, int next) {
        CoapOption stays = new CoapOption(first, Octets.EMPTY);
        CoapOption grows = new CoapOption(next, Octets.EMPTY);
        CoapMessage message = CoapMessage.of(
                CoapType.NON,
                CoapCode.GET,
                7,
                Octets.EMPTY,
                List.of(stays, new CoapOption(gone, Octets.EMPTY), grows),
                Octets.EMPTY);

        assertThat(message.without(gone).options()).containsExactly(stays, grows);
        assertThat(message.without(first).options()).containsExactly(new CoapOption(gone, Octets.EMPTY), grows);
    }

    @Test
    void responseOfTheRfcIsRead() {
        CoapMessage message = CoapMessage.parse(hex("61457d35 20 ff 32322e332043"));

        assertThat(message.type()).isEqualTo(CoapType.ACK);
        assertThat(message.code()).isEqualTo(CoapCode.CONTENT);
        assertThat(message.options()).isEmpty();
        assertThat(message.payload()).asString().isEqualTo("22.3 C");
        assertThat(message.payloadLength()).isEqualTo(6);
        assertThat(message.isResponse()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"40001234, CON", "50001234, NON", "60001234, ACK", "70001234, RST"})
    void emptyMessageOfEveryTypeIsRead(String octets, CoapType type) {
        CoapMessage message = CoapMessage.parse(hex(octets));

        assertThat(message.type()).isEqualTo(type);
        assertThat(message.code()).isEqualTo(CoapCode.EMPTY);
        assertThat(message.isRequest() || message.isResponse()).isFalse();
    }

    @Test
    void messageIsWrittenAsTheRfcHasIt() {
        CoapMessage message = CoapMessage.of(
                CoapType.CON,
                CoapCode.GET,
                0x7d35,
                Octets.ofHex("20"),
                List.of(CoapOption.ofText(CoapOption.URI_PATH, "temperature")),
                Octets.EMPTY);

        assertThat(message.toOctets()).isEqualTo(hex("41017d35 20 bb 74656d7065726174757265"));
    }

    @Test
    void optionsAreSortedAndThoseOfOneNumberKeepTheirOrder() {
        CoapMessage message = CoapMessages.request(
                CoapCode.GET,
                CoapOption.ofText(CoapOption.URI_QUERY, "q"),
                CoapOption.ofText(CoapOption.URI_PATH, "b"),
                CoapOption.ofText(CoapOption.URI_PATH, "a"));

        assertThat(message.options())
                .containsExactly(
                        CoapOption.ofText(CoapOption.URI_PATH, "b"),
                        CoapOption.ofText(CoapOption.URI_PATH, "a"),
                        CoapOption.ofText(CoapOption.URI_QUERY, "q"));
        assertThat(message.option(CoapOption.URI_PATH)).contains(Octets.ofHex("62"));
        assertThat(message.option(CoapOption.ACCEPT)).isEmpty();
    }

    /** Every border of nibble, one extra octet and two extra octets, for delta and length alike. */
    @ParameterizedTest
    @CsvSource({"12, c0", "13, d000", "268, d0ff", "269, e00000", "270, e00001", "65535, e0fef2"})
    void deltaIsWrittenInItsOnlyForm(int number, String encoded) {
        CoapMessage message = CoapMessages.request(CoapCode.GET, CoapMessages.empty(number));

        assertThat(message.toOctets()).isEqualTo(hex("41011234 4a" + encoded));
        assertThat(CoapMessage.parse(message.toOctets()).options()).containsExactly(CoapMessages.empty(number));
    }

    @ParameterizedTest
    @CsvSource({"12, 1c", "13, 1d00", "268, 1dff", "269, 1e0000", "270, 1e0001", "65000, 1efcdb"})
    void lengthIsWrittenInItsOnlyForm(int length, String encoded) {
        CoapOption option = new CoapOption(CoapOption.IF_MATCH, Octets.of(new byte[length]));

        CoapMessage message = CoapMessages.request(CoapCode.GET, option);

        assertThat(message.toOctets())
                .startsWith(hex("41011234 4a" + encoded))
                .hasSize(5 + encoded.length() / 2 + length);
        assertThat(message.options()).containsExactly(option);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "40", "410112"})
    void messageShorterThanAHeaderIsRefused(String octets) {
        assertMalformed(() -> CoapMessage.parse(hex(octets)), "header");
    }

    @ParameterizedTest
    @CsvSource({"00011234, version 0", "80011234, version 2", "c0011234, version 3"})
    void otherVersionIsRefused(String octets, String named) {
        assertMalformed(() -> CoapMessage.parse(hex(octets)), named);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 10, 11, 12, 13, 14, 15})
    void reservedTokenLengthIsRefused(int tokenLength) {
        byte[] octets = new byte[40];
        octets[0] = (byte) (0x40 | tokenLength);
        octets[1] = 1;

        assertMalformed(() -> CoapMessage.parse(octets), "token length " + tokenLength);
    }

    @Test
    void tokenThatIsCutOffIsRefused() {
        assertMalformed(() -> CoapMessage.parse(hex("44011234 4a4b4c")), "token of 4 octets where 3 are left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"41001234 4a", "40001234 10", "40001234 ff01"})
    void emptyMessageWithAnythingBehindItIsRefused(String octets) {
        assertMalformed(() -> CoapMessage.parse(hex(octets)), "code 0.00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"40011234 ff", "40011234 10 ff"})
    void payloadMarkerWithoutPayloadIsRefused(String octets) {
        assertMalformed(() -> CoapMessage.parse(hex(octets)), "payload marker without payload");
    }

    @ParameterizedTest
    @ValueSource(strings = {"f0", "f1", "0f", "1f", "fe", "b0 f0", "b0 0f"})
    void nibbleFifteenIsRefused(String options) {
        assertMalformed(() -> CoapMessage.parse(hex("40011234" + options)), "nibble 15");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"d0", "e0", "e000", "0d", "0e", "0e00", "dd00", "de0000", "ed0000", "ee000000", "11", "1d0000"})
    void optionThatIsCutOffIsRefused(String options) {
        assertMalformed(() -> CoapMessage.parse(hex("40011234" + options)), "longer than the octets that are left");
    }

    @Test
    void lengthOfAnAttackerAllocatesNothing() {
        assertMalformed(() -> CoapMessage.parse(hex("40011234 1effff 00")), "longer than the octets that are left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"e0fef3", "e0ffff", "e0fef2 10", "e0fef2 e0ffff", "e08000 e08000"})
    void optionNumberAbove65535IsRefused(String options) {
        assertMalformed(() -> CoapMessage.parse(hex("40011234" + options)), "above 65535");
    }

    @Test
    void faultIsNamedWithItsPlace() {
        assertMalformed(() -> CoapMessage.parse(hex("41011234 4a b0 f0")), "at octet 6");
    }

    @Test
    void largestMessageIsReadAndOneOctetMoreIsTooLarge() {
        byte[] largest = new byte[CoapMessage.MAX_LENGTH];
        largest[0] = 0x40;
        largest[1] = 2;
        largest[4] = (byte) 0xff;
        byte[] larger = Arrays.copyOf(largest, CoapMessage.MAX_LENGTH + 1);

        assertThat(CoapMessage.parse(largest).payloadLength()).isEqualTo(CoapMessage.MAX_LENGTH - 5);
        assertThatThrownBy(() -> CoapMessage.parse(larger))
                .isInstanceOfSatisfying(
                        SaException.class, e -> assertThat(e.error()).isEqualTo(SaError.TOO_LARGE))
                .hasMessageContaining("65536");
    }

    @Test
    void messageOfTooManyOrTooLongPartsIsTooLarge() {
        List<CoapOption> many = new ArrayList<>(Collections.nCopies(70_000, CoapMessages.empty(11)));
        Octets long32k = Octets.of(new byte[33_000]);

        assertThatThrownBy(() -> CoapMessage.of(CoapType.CON, 1, 1, Octets.EMPTY, many, Octets.EMPTY))
                .isInstanceOfSatisfying(
                        SaException.class, e -> assertThat(e.error()).isEqualTo(SaError.TOO_LARGE));
        assertThatThrownBy(() ->
                        CoapMessage.of(CoapType.CON, 2, 1, Octets.EMPTY, List.of(new CoapOption(11, long32k)), long32k))
                .isInstanceOfSatisfying(
                        SaException.class, e -> assertThat(e.error()).isEqualTo(SaError.TOO_LARGE));
    }

    @Test
    void partsThatNoHeaderHoldsAreRefused() {
        Octets nine = Octets.of(new byte[9]);

        assertMalformed(() -> CoapMessage.of(CoapType.CON, 1, 1, nine, List.of(), Octets.EMPTY), "token length 9");
        assertMalformed(() -> CoapMessage.of(CoapType.CON, 256, 1, Octets.EMPTY, List.of(), Octets.EMPTY), "code 256");
        assertMalformed(() -> CoapMessage.of(CoapType.CON, 1, 0x10000, Octets.EMPTY, List.of(), Octets.EMPTY), "65536");
        assertThatIllegalArgumentException().isThrownBy(() -> CoapMessages.empty(0x10000));
        assertThatIllegalArgumentException().isThrownBy(() -> CoapMessages.empty(-1));
    }

    @ParameterizedTest
    @CsvSource({"0, ''", "1, 01", "255, ff", "256, 0100", "65001, fde9", "4294967295, ffffffff"})
    void uintHasNoLeadingZeros(long value, String octets) {
        assertThat(CoapOption.ofUint(14, value).value()).isEqualTo(Octets.ofHex(octets));
    }

    @Test
    void criticalOptionIsTheOneWithAnOddNumber() {
        assertThat(CoapMessages.empty(CoapOption.URI_PATH).isCritical()).isTrue();
        assertThat(CoapMessages.empty(CoapOption.CONTENT_FORMAT).isCritical()).isFalse();
    }

    @Test
    void observationIsARegistrationOrANotification() {
        CoapOption register = CoapOption.ofUint(CoapOption.OBSERVE, 0);
        CoapOption deregister = CoapOption.ofUint(CoapOption.OBSERVE, 1);

        assertThat(CoapMessages.request(CoapCode.GET, register).observes()).isTrue();
        assertThat(CoapMessages.request(CoapCode.GET, deregister).observes()).isFalse();
        assertThat(CoapMessages.request(CoapCode.GET).observes()).isFalse();
        assertThat(CoapMessages.response(CoapCode.CONTENT, deregister).observes())
                .isTrue();
        assertThat(CoapMessages.response(CoapCode.CONTENT).observes()).isFalse();
    }

    @Test
    void textShowsNeitherOptionsNorPayload() {
        CoapMessage message = CoapMessage.parse(hex("41021234 4a b4 63616e61 ff 7279"));

        assertThat(message).hasToString("CON 0.02 mid=4660 token=4a options=5 payload=2");
    }

    @Test
    void messagesAreEqualByTheirOctets() {
        CoapMessage one = CoapMessage.parse(hex("41021234 4a b161"));
        CoapMessage same = CoapMessages.request(CoapCode.POST, CoapOption.ofText(CoapOption.URI_PATH, "a"));
        CoapMessage other = CoapMessages.request(CoapCode.POST, CoapOption.ofText(CoapOption.URI_PATH, "b"));

        assertThat(one)
                .isEqualTo(same)
                .hasSameHashCodeAs(same)
                .isNotEqualTo(other)
                .isNotEqualTo(null);
        assertThat(one.length()).isEqualTo(7);
    }

    @Test
    void arraysThatAreGivenOutAreCopies() {
        CoapMessage message = CoapMessage.parse(hex("41021234 4a ff 61"));

        message.toOctets()[0] = 0;
        message.payload()[0] = 0;

        assertThat(message.toOctets()).isEqualTo(hex("41021234 4a ff 61"));
    }

    private static void assertMalformed(ThrowingCallable call, String named) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SaException.class, e -> assertThat(e.error()).isEqualTo(SaError.MALFORMED_COAP))
                .hasMessageContaining(named);
    }
}
