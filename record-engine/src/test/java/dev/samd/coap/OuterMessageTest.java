// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static dev.samd.coap.CoapVectors.hex;
import static dev.samd.coap.CoapVectors.outer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OuterMessageTest {
    private static final CoapOption MARKER = CoapMessages.empty(65_025);
    private static final CoapOption PAYLOAD_FORMAT = CoapOption.ofUint(CoapOption.CONTENT_FORMAT, 65_001);

    @Test
    void markerAloneMakesAWholeMessage() {
        OuterMessage outer = read(CoapCode.POST, MARKER);

        assertThat(outer.signs()).isEqualTo(Signs.RECORD_MARKER);
        assertFitsOnly(outer, Content.MESSAGE, Form.SAMD);
    }

    @Test
    void markerPrevailsOverAContentFormat() {
        assertThat(read(CoapCode.POST, MARKER, PAYLOAD_FORMAT).signs()).isEqualTo(Signs.RECORD_MARKER);
        assertThat(read(CoapCode.POST, MARKER, PAYLOAD_FORMAT, PAYLOAD_FORMAT).signs())
                .isEqualTo(Signs.RECORD_MARKER);
    }

    @Test
    void contentFormatAloneMakesAProtectedPayload() {
        OuterMessage outer = read(CoapCode.POST, PAYLOAD_FORMAT);

        assertThat(outer.signs()).isEqualTo(Signs.PAYLOAD_FORMAT);
        assertFitsOnly(outer, Content.PAYLOAD, Form.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "32", "fde8", "fdea", "e9", "fde900"})
    void otherContentFormatIsNoSign(String value) {
        CoapOption format = new CoapOption(CoapOption.CONTENT_FORMAT, Octets.ofHex(value));

        OuterMessage outer = read(CoapCode.POST, format);

        assertThat(outer.signs()).isEqualTo(Signs.NONE);
        assertFitsOnly(outer, Content.MESSAGE, Form.DRAFT_EXACT);
    }

    @Test
    void strippedMarkerDoesNotFitItsSa() {
        assertThat(read(CoapCode.POST).fits(Content.MESSAGE, Form.SAMD)).isFalse();
    }

    @Test
    void markerWithAValueOrTwiceIsMalformed() {
        assertMalformed(CoapCode.POST, new CoapOption(65_025, Octets.ofHex("00")));
        assertMalformed(CoapCode.POST, MARKER, MARKER);
    }

    @Test
    void recBindOutsideIsMalformed() {
        CoapOption binding = new CoapOption(65_029, Octets.of(CoapMessages.REQUEST.toOctets()));

        assertMalformed(CoapCode.CHANGED, MARKER, binding);
        assertMalformed(CoapCode.CHANGED, PAYLOAD_FORMAT, binding);
        assertMalformed(CoapCode.CHANGED, binding);
    }

    @ParameterizedTest
    @ValueSource(ints = {CoapOption.OSCORE, CoapOption.EDHOC})
    void oscoreAndEdhocAreMalformedAroundAPayloadAndIgnoredAroundAMessage(int number) {
        assertMalformed(CoapCode.POST, PAYLOAD_FORMAT, CoapMessages.empty(number));
        assertThat(read(CoapCode.POST, MARKER, CoapMessages.empty(number)).signs())
                .isEqualTo(Signs.RECORD_MARKER);
    }

    @Test
    void secondContentFormatBesideAPayloadIsMalformed() {
        assertMalformed(CoapCode.POST, PAYLOAD_FORMAT, CoapMessages.empty(CoapOption.CONTENT_FORMAT));
        assertMalformed(CoapCode.POST, PAYLOAD_FORMAT, PAYLOAD_FORMAT);
    }

    @Test
    void messageWithoutPayloadIsMalformed() {
        byte[] octets = CoapMessages.request(CoapCode.POST, MARKER).toOctets();

        assertThat(OuterMessage.read(octets, OptionNumbers.DEFAULT)).isEqualTo(DiscardedMessage.MALFORMED);
        assertThat(OuterMessage.read(hex("40001234"), OptionNumbers.DEFAULT)).isEqualTo(DiscardedMessage.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x20", "0x3f", "0x60", "0x7f", "0xc0", "0xe0", "0xe1", "0xff"})
    void codeOfAnotherClassIsMalformed(String code) {
        assertMalformed(Integer.decode(code), MARKER);
    }

    @ParameterizedTest
    @CsvSource({"0x01, false", "0x1f, false", "0x40, true", "0x5f, true", "0x80, true", "0xbf, true"})
    void classOfTheCodeSaysRequestOrResponse(String code, boolean response) {
        assertThat(read(Integer.decode(code), MARKER).isResponse()).isEqualTo(response);
    }

    @Test
    void octetsThatAreNoMessageAreTheCallersFault() {
        assertThatThrownBy(() -> OuterMessage.read(hex("c0011234"), OptionNumbers.DEFAULT))
                .isInstanceOfSatisfying(
                        SaException.class, e -> assertThat(e.error()).isEqualTo(SaError.MALFORMED_COAP));
    }

    @Test
    void hostAndPortThatNameNobodyAreMalformed() {
        CoapOption host = CoapOption.ofText(CoapOption.URI_HOST, "h");
        CoapOption port = CoapOption.ofUint(CoapOption.URI_PORT, 7);

        assertMalformed(CoapCode.POST, MARKER, host, host);
        assertMalformed(CoapCode.POST, MARKER, port, port);
        assertMalformed(CoapCode.POST, MARKER, CoapMessages.empty(CoapOption.URI_HOST));
        assertMalformed(CoapCode.POST, MARKER, CoapOption.ofText(CoapOption.URI_HOST, "a".repeat(256)));
        assertMalformed(CoapCode.POST, MARKER, CoapOption.ofUint(CoapOption.URI_PORT, 65_536));
    }

    @Test
    void hostAndPortAreGivenAsTheyName() {
        OuterMessage both = read(
                CoapCode.POST,
                MARKER,
                CoapOption.ofText(CoapOption.URI_HOST, "EXAMPLE.com"),
                CoapOption.ofUint(CoapOption.URI_PORT, 7_777));
        OuterMessage neither = read(CoapCode.POST, MARKER);

        assertThat(both.uriHost()).contains("example.com");
        assertThat(both.uriPort()).hasValue(7_777);
        assertThat(neither.uriHost()).isEmpty();
        assertThat(neither.uriPort()).isEmpty();
    }

    /** Columns: Uri-Host, Uri-Port, local endpoint, whether it is addressed. */
    @ParameterizedTest
    @CsvSource({
        ",,coap://example.com,true",
        "example.com,,coap://example.com,true",
        "EXAMPLE.com,,coap://example.com,true",
        "example.com,5683,coap://example.com,true",
        "example.com,,coap://example.com:7777,true",
        "example.com,7777,coap://example.com:7777,true",
        ",7777,coap://example.com:7777,true",
        "[2001:DB8::1],,coap://[2001:db8::1],true",
        "2001:db8::1,61616,coap://[2001:db8::1]:61616,true",
        "a b,,coap://a%20b,true",
        "192.0.2.1,,coap://192.0.2.1,true",
        "evil,,coap://example.com,false",
        "example.co,,coap://example.com,false",
        "example.com.evil,,coap://example.com,false",
        "xample.com,,coap://example.com,false",
        "example.com,5684,coap://example.com,false",
        "example.com,0,coap://example.com,false",
        ",7778,coap://example.com:7777,false",
        "example.com:7777,,coap://example.com:7777,false",
        "[2001:db8::1]:61616,,coap://[2001:db8::1]:61616,false",
        "[2001:db8::2],,coap://[2001:db8::1],false",
        "a%20b,,coap://a%20b,false"
    })
    void localEndpointIsCompared(String host, Integer port, String local, boolean addressed) {
        List<CoapOption> options = new ArrayList<>(List.of(MARKER));
        if (host != null) {
            options.add(CoapOption.ofText(CoapOption.URI_HOST, host));
        }
        if (port != null) {
            options.add(CoapOption.ofUint(CoapOption.URI_PORT, port));
        }

        OuterMessage outer = read(CoapCode.POST, options.toArray(new CoapOption[0]));

        assertThat(outer.addressedTo(Endpoint.parse(local)).isEmpty()).isEqualTo(addressed);
        assertThat(outer.addressedTo(Endpoint.HOST_WIDE)).isEmpty();
    }

    @Test
    void anotherEndpointIsWrongEndpoint() {
        OuterMessage outer = read(CoapCode.POST, MARKER, CoapOption.ofText(CoapOption.URI_HOST, "evil"));

        assertThat(outer.addressedTo(Endpoint.parse("coap://example.com"))).contains(DiscardReason.WRONG_ENDPOINT);
    }

    @Test
    void proxyOptionsAreForAProxyWhoeverTheyName() {
        CoapOption uri = CoapOption.ofText(CoapOption.PROXY_URI, "coap://example.com");
        CoapOption scheme = CoapOption.ofText(CoapOption.PROXY_SCHEME, "coap");
        Endpoint local = Endpoint.parse("coap://example.com");

        for (CoapOption option : List.of(uri, scheme)) {
            for (CoapOption sign : List.of(MARKER, PAYLOAD_FORMAT)) {
                OuterMessage outer = read(CoapCode.POST, sign, option);

                assertThat(outer.hasProxyOptions()).isTrue();
                assertThat(outer.addressedTo(local)).contains(DiscardReason.WRONG_ENDPOINT);
                assertThat(outer.addressedTo(Endpoint.HOST_WIDE)).contains(DiscardReason.WRONG_ENDPOINT);
            }
        }
    }

    private static OuterMessage read(int code, CoapOption... options) {
        return outer(octets(code, options));
    }

    private static void assertMalformed(int code, CoapOption... options) {
        assertThat(OuterMessage.read(octets(code, options), OptionNumbers.DEFAULT))
                .isEqualTo(new DiscardedMessage(DiscardReason.MALFORMED));
    }

    private static byte[] octets(int code, CoapOption... options) {
        return CoapMessage.of(CoapType.CON, code, 1, Octets.EMPTY, Arrays.asList(options), Octets.ofHex("19fefd"))
                .toOctets();
    }

    private static void assertFitsOnly(OuterMessage outer, Content content, Form form) {
        assertThat(outer.fits(Content.MESSAGE, Form.SAMD)).isEqualTo(form == Form.SAMD);
        assertThat(outer.fits(Content.MESSAGE, Form.DRAFT_EXACT)).isEqualTo(form == Form.DRAFT_EXACT);
        assertThat(outer.fits(Content.PAYLOAD, Form.NONE)).isEqualTo(content == Content.PAYLOAD);
        assertThat(outer.fits(Content.RAW, Form.NONE)).isFalse();
    }
}
