// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static dev.samd.coap.CoapMessages.REQUEST;
import static dev.samd.coap.CoapVectors.finish;
import static dev.samd.coap.CoapVectors.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.Content;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageProtectorTest {
    private final MessageProtector protector = new MessageProtector(OptionNumbers.DEFAULT);

    /** RFC 8613 Appendix C.4: the same parts, with our marker and a protected header of two octets. */
    @Test
    void requestOfRfc8613IsSplitAsThere() {
        CoapMessage original = CoapMessage.parse(hex("44015d1f00003974396c6f63616c686f737483747631"));

        PreparedMessage prepared = protector.prepare(original, Content.MESSAGE, Form.SAMD, null, false);

        assertThat(prepared.plaintext()).isEqualTo(hex("01 01 b3747631"));
        assertThat(finish(prepared, new byte[0])).isEqualTo(hex("44025d1f00003974396c6f63616c686f7374 e0fcf1 ff"));
        assertThat(prepared.observes()).isFalse();
    }

    /** RFC 8613 Appendix C.7. */
    @Test
    void responseOfRfc8613IsSplitAsThere() {
        CoapMessage original = CoapMessage.parse(hex("64455d1f00003974ff48656c6c6f20576f726c6421"));

        PreparedMessage prepared = protector.prepare(original, Content.MESSAGE, Form.DRAFT_EXACT, null, false);

        assertThat(prepared.plaintext()).isEqualTo(hex("01 45 ff48656c6c6f20576f726c6421"));
        assertThat(finish(prepared, new byte[0])).isEqualTo(hex("64455d1f00003974 ff"));
    }

    @ParameterizedTest
    @CsvSource({
        "1, false, 2",
        "2, false, 2",
        "3, false, 2",
        "4, false, 2",
        "5, false, 2",
        "31, false, 2",
        "1, true, 5",
        "5, true, 5"
    })
    void outerCodeOfARequestIsPostOrFetch(int code, boolean observe, int outer) {
        CoapMessage original = observe
                ? CoapMessages.request(code, CoapMessages.empty(CoapOption.OBSERVE))
                : CoapMessages.request(code);

        PreparedMessage prepared = protector.prepare(original, Content.MESSAGE, Form.SAMD, null, false);

        assertThat(finish(prepared, new byte[0])[1]).isEqualTo((byte) outer);
        assertThat(prepared.observes()).isEqualTo(observe);
    }

    @ParameterizedTest
    @CsvSource({
        "0x45, false, 0x44",
        "0x84, false, 0x44",
        "0xa0, false, 0x44",
        "0x43, false, 0x44",
        "0x45, true, 0x45",
        "0x84, true, 0x45"
    })
    void outerCodeOfAResponseIsChangedOrContent(String code, boolean answersObserve, String outer) {
        PreparedMessage prepared = protector.prepare(
                CoapMessages.response(Integer.decode(code)), Content.MESSAGE, Form.SAMD, REQUEST, answersObserve);

        assertThat(finish(prepared, new byte[0])[1] & 0xff).isEqualTo(Integer.decode(outer));
        assertThat(prepared.plaintext()[1] & 0xff).isEqualTo(Integer.decode(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x00", "0x20", "0x3f", "0x60", "0xc0", "0xe0", "0xe1", "0xff"})
    void codeThatIsNeitherRequestNorResponseIsNeverProtected(String code) {
        CoapMessage original =
                CoapMessage.of(CoapType.CON, Integer.decode(code), 1, Octets.EMPTY, List.of(), Octets.EMPTY);

        for (Content content : List.of(Content.MESSAGE, Content.PAYLOAD, Content.RAW)) {
            assertRefused(
                    SaError.NOT_PROTECTABLE,
                    CoapCode.format(Integer.decode(code)),
                    () -> protector.prepare(original, content, Form.SAMD, null, false));
        }
    }

    /** RFC 7252 s5.10: neither is repeatable; 1..255 octets and 0..2. The peer would drop the record without a word to anybody. */
    @Test
    void responseWithAHostOrPortThatNobodyWouldReadIsRefused() {
        CoapOption host = new CoapOption(CoapOption.URI_HOST, Octets.of("server".getBytes(StandardCharsets.US_ASCII)));
        CoapOption port = new CoapOption(CoapOption.URI_PORT, Octets.ofHex("1633"));
        List<List<CoapOption>> bad = List.of(
                List.of(CoapMessages.empty(CoapOption.URI_HOST)),
                List.of(new CoapOption(CoapOption.URI_HOST, Octets.of(new byte[256]))),
                List.of(host, host),
                List.of(port, port),
                List.of(host, new CoapOption(CoapOption.URI_PORT, Octets.ofHex("011633"))));

        for (List<CoapOption> options : bad) {
            CoapMessage response = CoapMessages.response(0x45, options.toArray(new CoapOption[0]));
            assertThatThrownBy(() -> protector.prepare(response, Content.MESSAGE, Form.SAMD, REQUEST, false))
                    .isInstanceOfSatisfying(
                            SaException.class, e -> assertThat(e.error()).isEqualTo(SaError.MALFORMED_COAP));
        }
        CoapMessage good = CoapMessages.response(0x45, host, port);
        assertThat(protector.prepare(good, Content.MESSAGE, Form.SAMD, REQUEST, false))
                .isNotNull();
    }

    @Test
    void rawSaCarriesNoMessage() {
        assertRefused(
                SaError.WRONG_CONTENT,
                "RAW",
                () -> protector.prepare(CoapMessages.request(1), Content.RAW, Form.NONE, null, false));
    }

    @Test
    void plaintextOf16384OctetsIsTheLargest() {
        CoapMessage fits = CoapMessages.withPayload(CoapMessages.request(2), Octets.of(new byte[16_384 - 3]));
        CoapMessage larger = CoapMessages.withPayload(CoapMessages.request(2), Octets.of(new byte[16_384 - 2]));

        assertThat(protector
                        .prepare(fits, Content.MESSAGE, Form.SAMD, null, false)
                        .plaintext())
                .hasSize(MessageProtector.MAX_PLAINTEXT);
        assertRefused(
                SaError.TOO_LARGE, "16385", () -> protector.prepare(larger, Content.MESSAGE, Form.SAMD, null, false));
    }

    @Test
    void messageThatGrowsAboveTheLimitIsTooLarge() {
        CoapOption large = new CoapOption(CoapOption.IF_MATCH, Octets.of(new byte[CoapMessage.MAX_LENGTH - 40]));

        assertRefused(
                SaError.TOO_LARGE,
                "65535",
                () -> protector.prepare(CoapMessages.request(2, large), Content.PAYLOAD, Form.NONE, null, false));
    }

    @ParameterizedTest
    @EnumSource(
            value = Content.class,
            names = {"MESSAGE", "PAYLOAD"})
    void bindingComesWithResponsesAndNeverWithRequests(Content content) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> protector.prepare(CoapMessages.request(2), content, Form.SAMD, REQUEST, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> protector.prepare(CoapMessages.response(0x45), content, Form.SAMD, null, false));
    }

    @Test
    void headroomIsWhatStandsBeforeTheRecord() {
        PreparedMessage prepared = protector.prepare(
                CoapMessages.request(1, CoapOption.ofText(CoapOption.URI_HOST, "h")),
                Content.MESSAGE,
                Form.SAMD,
                null,
                false);
        byte[] message = new byte[prepared.headroom() + 3];
        message[prepared.headroom()] = 0x19;

        prepared.finish(message);

        assertThat(message).isEqualTo(hex("41021234 4a 3168 e0fcf1 ff 190000"));
    }

    @Test
    void proxySeesSchemeAndAuthorityAlone() {
        CoapMessage original = CoapMessages.request(
                CoapCode.GET,
                CoapOption.ofText(CoapOption.PROXY_URI, "coap://example.com/resource?q=1"),
                CoapOption.ofText(CoapOption.URI_PATH, "overruled"),
                CoapOption.ofUint(CoapOption.ACCEPT, 50));

        PreparedMessage prepared = protector.prepare(original, Content.MESSAGE, Form.SAMD, null, false);
        CoapMessage outer = CoapMessage.parse(finish(prepared, new byte[] {1}));

        assertThat(prepared.plaintext()).isEqualTo(hex("0101 b8 7265736f75726365 43 713d31 21 32"));
        assertThat(outer.options())
                .containsExactly(
                        CoapOption.ofText(CoapOption.PROXY_URI, "coap://example.com"), CoapMessages.empty(65_025));
    }

    @Test
    void proxyUriThatCannotBeSplitIsRefused() {
        CoapMessage original =
                CoapMessages.request(CoapCode.GET, CoapOption.ofText(CoapOption.PROXY_URI, "coap://h/%zz"));

        assertRefused(
                SaError.MALFORMED_COAP,
                "Proxy-Uri of 12 octets",
                () -> protector.prepare(original, Content.MESSAGE, Form.SAMD, null, false));
    }

    private static void assertRefused(SaError error, String named, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SaException.class, e -> assertThat(e.error()).isEqualTo(error))
                .hasMessageContaining(named);
    }
}
