// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static dev.samd.coap.CoapMessages.REQUEST;
import static dev.samd.coap.CoapMessages.empty;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.Content;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the option table, for a whole message of either form. */
class OptionRulesTest {
    private final MessageProtector protector = new MessageProtector(OptionNumbers.DEFAULT);

    @ParameterizedTest
    @CsvSource({
        "If-Match, 1, 01",
        "ETag, 4, 01",
        "If-None-Match, 5, ''",
        "Location-Path, 8, 61",
        "Uri-Path, 11, 61",
        "Content-Format, 12, 32",
        "Uri-Path-Abbrev, 13, 01",
        "Max-Age, 14, 3c",
        "Uri-Query, 15, 61",
        "Accept, 17, 32",
        "Q-Block1, 19, 06",
        "Location-Query, 20, 61",
        "Block2, 23, 06",
        "Block1, 27, 06",
        "Size2, 28, 80",
        "Q-Block2, 31, 06",
        "Size1, 60, 80",
        "Echo, 252, 0102",
        "Request-Tag, 292, 01",
        "unknown and elective, 2050, 01",
        "unknown and critical, 2053, 01",
        "above the marker, 65031, 01"
    })
    void optionGoesInside(String name, int number, String value) {
        CoapOption option = new CoapOption(number, Octets.ofHex(value));

        Parts parts = protect(CoapMessages.request(CoapCode.PUT, option));

        assertThat(parts.inner).as(name).containsExactly(option);
        assertThat(parts.outer).as(name).containsExactly(empty(65_025));
    }

    @ParameterizedTest
    @CsvSource({
        "Uri-Host, 3, 61",
        "Uri-Port, 7, 1633",
        "Hop-Limit, 16, 10",
        "EDHOC, 21, ''",
        "Proxy-Scheme, 39, 636f6170"
    })
    void optionGoesOutside(String name, int number, String value) {
        CoapOption option = new CoapOption(number, Octets.ofHex(value));

        Parts parts = protect(CoapMessages.request(CoapCode.PUT, option));

        assertThat(parts.inner).as(name).isEmpty();
        assertThat(parts.outer).as(name).containsExactly(option, empty(65_025));
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 65_025, 65_029})
    void messageThatIsProtectedAlreadyIsRefused(int number) {
        CoapMessage message = CoapMessages.request(CoapCode.PUT, empty(number));

        assertThatThrownBy(() -> protect(message))
                .isInstanceOfSatisfying(
                        SaException.class, e -> assertThat(e.error()).isEqualTo(SaError.NOT_PROTECTABLE))
                .hasMessageContaining("option " + number);
        assertThatThrownBy(() -> protector.prepare(message, Content.PAYLOAD, Form.NONE, null, false))
                .isInstanceOfSatisfying(
                        SaException.class, e -> assertThat(e.error()).isEqualTo(SaError.NOT_PROTECTABLE));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 9, 16, 21, 35, 39})
    void optionOfTheHopIsForbiddenInside(int number) {
        assertThat(OptionRules.forbiddenInside(number)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void observeOfARequestIsTheSameInsideAndOutside(long value) {
        CoapOption observe = CoapOption.ofUint(CoapOption.OBSERVE, value);

        Parts parts = protect(CoapMessages.request(CoapCode.GET, observe));

        assertThat(parts.inner).containsExactly(observe);
        assertThat(parts.outer).containsExactly(observe, empty(65_025));
        assertThat(parts.code).isEqualTo(CoapCode.FETCH);
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"SAMD", "DRAFT_EXACT"})
    void observeOfANotificationHasNoValueInside(Form form) {
        CoapOption observe = CoapOption.ofUint(CoapOption.OBSERVE, 99);

        Parts parts = protect(CoapMessages.response(CoapCode.CONTENT, observe), form, true);

        assertThat(parts.inner).first().isEqualTo(empty(CoapOption.OBSERVE));
        assertThat(parts.outer).startsWith(observe, empty(CoapOption.MAX_AGE));
        assertThat(parts.code).isEqualTo(CoapCode.CONTENT);
    }

    @Test
    void maxAgeOfANotificationIsRealInsideAndZeroOutside() {
        CoapOption maxAge = CoapOption.ofUint(CoapOption.MAX_AGE, 60);
        CoapOption hopLimit = CoapOption.ofUint(CoapOption.HOP_LIMIT, 3);

        Parts parts = protect(CoapMessages.response(CoapCode.CONTENT, maxAge, hopLimit), Form.SAMD, true);

        assertThat(parts.inner).startsWith(maxAge);
        assertThat(parts.outer).containsExactly(empty(CoapOption.MAX_AGE), hopLimit, empty(65_025));
    }

    @Test
    void maxAgeOfAnyOtherResponseStaysInside() {
        CoapOption maxAge = CoapOption.ofUint(CoapOption.MAX_AGE, 60);

        Parts parts = protect(CoapMessages.response(CoapCode.CONTENT, maxAge), Form.SAMD, false);

        assertThat(parts.inner).startsWith(maxAge);
        assertThat(parts.outer).containsExactly(empty(65_025));
    }

    @ParameterizedTest
    @CsvSource({"26, true", "2, false", "8, false", "16, false", "0, false"})
    void onlyNoResponseAtAllIsCopiedOutside(int value, boolean copied) {
        CoapOption noResponse = CoapOption.ofUint(CoapOption.NO_RESPONSE, value);

        Parts parts = protect(CoapMessages.request(CoapCode.PUT, noResponse));

        assertThat(parts.inner).containsExactly(noResponse);
        assertThat(parts.outer.contains(noResponse)).isEqualTo(copied);
    }

    @Test
    void recBindStandsBetweenItsNeighbours() {
        CoapOption below = empty(65_027);
        CoapOption above = empty(65_031);

        Parts parts = protect(CoapMessages.response(CoapCode.CONTENT, below, above), Form.SAMD, false);

        assertThat(parts.inner).containsExactly(below, new CoapOption(65_029, Octets.of(REQUEST.toOctets())), above);
    }

    @Test
    void draftExactAddsNothing() {
        CoapOption path = CoapOption.ofText(CoapOption.URI_PATH, "a");
        CoapOption host = CoapOption.ofText(CoapOption.URI_HOST, "h");

        Parts request = protect(CoapMessages.request(CoapCode.PUT, path, host), Form.DRAFT_EXACT, false);
        Parts response = protect(CoapMessages.response(CoapCode.CONTENT), Form.DRAFT_EXACT, false);

        assertThat(request.inner).containsExactly(path);
        assertThat(request.outer).containsExactly(host);
        assertThat(request.code).isEqualTo(CoapCode.PUT);
        assertThat(response.inner).isEmpty();
        assertThat(response.outer).isEmpty();
        assertThat(response.code).isEqualTo(CoapCode.CONTENT);
    }

    private record Parts(int code, List<CoapOption> inner, List<CoapOption> outer) {}

    private Parts protect(CoapMessage message) {
        return protect(message, Form.SAMD, false);
    }

    private Parts protect(CoapMessage message, Form form, boolean answersObserve) {
        RecBind binding = message.isResponse() ? REQUEST : null;
        PreparedMessage prepared = protector.prepare(message, Content.MESSAGE, form, binding, answersObserve);
        CoapMessage outer = CoapMessage.parse(CoapVectors.finish(prepared, new byte[] {1}));
        byte[] plaintext = prepared.plaintext();
        byte[] inner = new byte[plaintext.length + 2];
        inner[0] = 0x40;
        inner[1] = plaintext[1];
        System.arraycopy(plaintext, 2, inner, 4, plaintext.length - 2);
        assertThat(plaintext[0]).isEqualTo((byte) 1);
        assertThat(plaintext[1] & 0xff).isEqualTo(message.code());
        return new Parts(outer.code(), CoapMessage.parse(inner).options(), outer.options());
    }
}
