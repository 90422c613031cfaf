// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.Content;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionNumbersTest {
    @ParameterizedTest
    @CsvSource({
        "64997, below the experimental range",
        "65536, above every option",
        "65024, elective",
        "65027, unsafe to forward",
        "65053, no cache key"
    })
    void numberOutsideOfTheRuleIsRefusedInEveryPlace(int number, String why) {
        assertMalformed(() -> new OptionNumbers(number, 65_029, 65_001), number);
        assertMalformed(() -> new OptionNumbers(65_025, number, 65_001), number);
        assertMalformed(() -> new OptionNumbers(65_025, 65_029, number), number);
    }

    @Test
    void oneNumberForTwoOptionsIsRefused() {
        assertMalformed(() -> new OptionNumbers(65_025, 65_025, 65_001), 65_025);
    }

    @Test
    void otherNumbersWorkLikeTheDefaultOnes() {
        OptionNumbers numbers = new OptionNumbers(65_105, 65_101, 65_109);
        RecBind request = CoapMessages.REQUEST;
        CoapMessage response = CoapMessages.withPayload(
                CoapMessages.response(CoapCode.CONTENT, CoapMessages.empty(65_103)), Octets.ofHex("aa"));

        PreparedMessage prepared =
                new MessageProtector(numbers).prepare(response, Content.MESSAGE, Form.SAMD, request, false);
        byte[] message = CoapVectors.finish(prepared, new byte[] {1});
        OuterMessage outer = (OuterMessage) OuterMessage.read(message.clone(), numbers);
        Unprotection rebuilt = new MessageUnprotector(numbers)
                .rebuild(
                        outer,
                        prepared.plaintext(),
                        Content.MESSAGE,
                        Form.SAMD,
                        ExpectedBinding.exactly(request, false));

        assertThat(outer.signs()).isEqualTo(Signs.RECORD_MARKER);
        assertThat(((Rebuilt) rebuilt).octets()).isEqualTo(response.toOctets());
        assertThat(CoapVectors.outer(message).signs()).isEqualTo(Signs.NONE);
    }

    private static void assertMalformed(ThrowingCallable call, int number) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SaException.class, e -> assertThat(e.error()).isEqualTo(SaError.MALFORMED))
                .hasMessageContaining(Integer.toString(number));
    }
}
