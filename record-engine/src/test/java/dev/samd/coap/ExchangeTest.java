// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static dev.samd.coap.CoapVectors.finish;
import static dev.samd.coap.CoapVectors.outer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Whole exchanges, with the messages of the OSCORE interoperability tests and of RFC 7641, RFC 7959 and RFC 9175. The
 * record is left out: its plaintext goes across as it is.
 */
class ExchangeTest {
    private static final CoapOption HOST = CoapOption.ofText(CoapOption.URI_HOST, "server");
    private static final CoapOption TEXT = CoapOption.ofUint(CoapOption.CONTENT_FORMAT, 0);

    private final MessageProtector protector = new MessageProtector(OptionNumbers.DEFAULT);
    private final MessageUnprotector unprotector = new MessageUnprotector(OptionNumbers.DEFAULT);

    private record Exchange(String name, CoapMessage request, CoapMessage response) {}

    /** A message in transit: what everybody sees, and what the record carries. */
    private static final class InTransit {
        private final byte[] octets;
        private final byte[] plaintext;

        InTransit(byte[] octets, byte[] plaintext) {
            this.octets = octets;
            this.plaintext = plaintext;
        }
    }

    @TestFactory
    Stream<DynamicTest> exchangeComesThroughAndShowsNothing() {
        return Stream.of(
                        new Exchange(
                                "GET",
                                request(CoapCode.GET, "", path("hello"), path("1")),
                                response(0x45, "Hello World!", TEXT)),
                        new Exchange(
                                "GET with query, ETag",
                                request(CoapCode.GET, "", path("hello"), path("2"), query("first=1")),
                                response(0x45, "Hello World!", new CoapOption(4, Octets.ofHex("2b")), TEXT)),
                        new Exchange(
                                "GET with Accept, Max-Age",
                                request(CoapCode.GET, "", path("hello"), path("3"), CoapOption.ofUint(17, 0)),
                                response(0x45, "Hello World!", TEXT, CoapOption.ofUint(14, 5))),
                        new Exchange(
                                "GET, 2.03",
                                request(CoapCode.GET, "", path("hello"), new CoapOption(4, Octets.ofHex("2b"))),
                                response(0x43, "", new CoapOption(4, Octets.ofHex("2b")))),
                        new Exchange(
                                "POST with Location-Path",
                                request(CoapCode.POST, "J", path("hello"), path("6"), TEXT),
                                response(0x41, "", CoapOption.ofText(8, "hello"), CoapOption.ofText(20, "n=7"))),
                        new Exchange(
                                "PUT with If-Match",
                                request(
                                        CoapCode.PUT,
                                        "z",
                                        new CoapOption(1, Octets.ofHex("7b")),
                                        path("hello"),
                                        path("7"),
                                        TEXT),
                                response(0x44, "")),
                        new Exchange(
                                "PUT with If-None-Match",
                                request(CoapCode.PUT, "z", CoapMessages.empty(5), path("hello"), path("7"), TEXT),
                                response(0x8c, "")),
                        new Exchange("DELETE", request(CoapCode.DELETE, "", path("test")), response(0x42, "")),
                        new Exchange("not found", request(CoapCode.GET, "", path("no")), response(0x84, "no")),
                        new Exchange(
                                "Block2 of RFC 7959 s3.1",
                                request(CoapCode.GET, "", path("status"), CoapOption.ofUint(23, 0x12)),
                                response(
                                        0x45, "b".repeat(64), CoapOption.ofUint(23, 0x1a), CoapOption.ofUint(28, 300))),
                        new Exchange(
                                "Block1 of RFC 7959 s3.2 with Request-Tag",
                                request(
                                        CoapCode.PUT,
                                        "b".repeat(128),
                                        path("options"),
                                        CoapOption.ofUint(27, 0x0b),
                                        CoapOption.ofUint(60, 600),
                                        new CoapOption(292, Octets.ofHex("01"))),
                                response(0x5f, "", CoapOption.ofUint(27, 0x0b))),
                        new Exchange(
                                "Echo of RFC 9175 s2.3",
                                request(CoapCode.PUT, "on", path("lock")),
                                response(0x81, "", new CoapOption(252, Octets.ofHex("00000009437468756c687521")))),
                        new Exchange(
                                "FETCH of RFC 8132",
                                request(CoapCode.FETCH, "x", path("all"), CoapOption.ofUint(12, 60)),
                                response(0x45, "y", CoapOption.ofUint(12, 60))))
                .map(exchange -> DynamicTest.dynamicTest(exchange.name, () -> comesThrough(exchange)));
    }

    private void comesThrough(Exchange exchange) {
        RecBind number = RecBind.ofNumber(1, 5);

        InTransit request = protect(exchange.request, null, false);
        InTransit response = protect(exchange.response, number, false);

        assertThat(CoapMessage.parse(request.octets).options()).containsExactly(HOST, CoapMessages.empty(65_025));
        assertThat(CoapMessage.parse(request.octets).code()).isEqualTo(CoapCode.POST);
        assertThat(CoapMessage.parse(response.octets).options()).containsExactly(CoapMessages.empty(65_025));
        assertThat(CoapMessage.parse(response.octets).code()).isEqualTo(CoapCode.CHANGED);
        assertThat(rebuilt(request, ExpectedBinding.NONE)).isEqualTo(exchange.request);
        assertThat(rebuilt(response, ExpectedBinding.exactly(number, false))).isEqualTo(exchange.response);
    }

    /** RFC 7641 Appendix A: registration, notifications, final answer. */
    @Test
    void observationIsBoundToItsRegistrationToTheEnd() {
        RecBind registration = RecBind.ofNumber(1, 5);
        ExpectedBinding expected = ExpectedBinding.exactly(registration, true);
        CoapMessage request = request(CoapCode.GET, "", path("temperature"), CoapMessages.empty(CoapOption.OBSERVE));

        InTransit register = protect(request, null, false);
        InTransit first = protect(
                response(0x45, "22.9 Cel", CoapOption.ofUint(6, 9), CoapOption.ofUint(14, 15)), registration, true);
        InTransit later = protect(
                response(0x45, "22.8 Cel", CoapOption.ofUint(6, 16), CoapOption.ofUint(14, 15)), registration, true);
        InTransit last = protect(response(0x84, ""), registration, true);

        assertThat(rebuilt(register, ExpectedBinding.NONE)).isEqualTo(request);
        assertThat(CoapMessage.parse(register.octets).code()).isEqualTo(CoapCode.FETCH);
        assertThat(rebuilt(first, expected).payload()).asString().isEqualTo("22.9 Cel");
        assertThat(rebuilt(later, expected).payload()).asString().isEqualTo("22.8 Cel");
        assertThat(rebuilt(later, expected).option(CoapOption.MAX_AGE)).contains(Octets.ofHex("0f"));
        assertThat(rebuilt(later, expected).observes()).isTrue();
        assertThat(rebuilt(last, expected).observes()).isFalse();
        for (InTransit notification : List.of(first, later, last)) {
            CoapMessage outer = CoapMessage.parse(notification.octets);

            assertThat(outer.code()).isEqualTo(CoapCode.CONTENT);
            assertThat(outer.option(CoapOption.MAX_AGE)).contains(Octets.EMPTY);
        }
    }

    @Test
    void notificationOfAnEarlierRegistrationIsDropped() {
        InTransit late = protect(response(0x45, "old", CoapOption.ofUint(6, 9)), RecBind.ofNumber(1, 5), true);

        assertThat(rebuild(late, ExpectedBinding.exactly(RecBind.ofNumber(1, 6), true)))
                .isEqualTo(new DiscardedMessage(DiscardReason.BINDING_MISMATCH));
    }

    @Test
    void answersOfTwoOutstandingRequestsCannotBeSwapped() {
        RecBind one = RecBind.ofNumber(1, 5);
        RecBind two = RecBind.ofNumber(1, 6);
        InTransit toOne = protect(response(0x45, "locked", TEXT), one, false);
        InTransit toTwo = protect(response(0x45, "open", TEXT), two, false);

        assertThat(rebuild(toTwo, ExpectedBinding.exactly(one, false)))
                .isEqualTo(new DiscardedMessage(DiscardReason.BINDING_MISMATCH));
        assertThat(rebuild(toOne, ExpectedBinding.exactly(two, false)))
                .isEqualTo(new DiscardedMessage(DiscardReason.BINDING_MISMATCH));
        assertThat(rebuilt(toOne, ExpectedBinding.exactly(one, false)).payload())
                .asString()
                .isEqualTo("locked");
    }

    private InTransit protect(CoapMessage message, RecBind binding, boolean answersObserve) {
        PreparedMessage prepared = protector.prepare(message, Content.MESSAGE, Form.SAMD, binding, answersObserve);
        return new InTransit(finish(prepared, new byte[] {0x19}), prepared.plaintext());
    }

    private Unprotection rebuild(InTransit message, ExpectedBinding expected) {
        return unprotector.rebuild(
                outer(message.octets.clone()), message.plaintext, Content.MESSAGE, Form.SAMD, expected);
    }

    private CoapMessage rebuilt(InTransit message, ExpectedBinding expected) {
        return CoapMessage.parse(((Rebuilt) rebuild(message, expected)).octets());
    }

    private static CoapMessage request(int code, String payload, CoapOption... options) {
        CoapMessage message = CoapMessages.with(CoapMessages.request(code, options), HOST);
        return CoapMessages.withPayload(message, Octets.of(payload.getBytes(StandardCharsets.UTF_8)));
    }

    private static CoapMessage response(int code, String payload, CoapOption... options) {
        return CoapMessages.withPayload(
                CoapMessages.response(code, options), Octets.of(payload.getBytes(StandardCharsets.UTF_8)));
    }

    private static CoapOption path(String segment) {
        return CoapOption.ofText(CoapOption.URI_PATH, segment);
    }

    private static CoapOption query(String argument) {
        return CoapOption.ofText(CoapOption.URI_QUERY, argument);
    }
}
