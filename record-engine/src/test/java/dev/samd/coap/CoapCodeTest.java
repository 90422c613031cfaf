// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoapCodeTest {
    @Test
    void requestsAre001To031() {
        assertThat(IntStream.rangeClosed(0, 255).filter(CoapCode::isRequest))
                .containsExactly(IntStream.rangeClosed(1, 31).boxed().toArray(Integer[]::new));
    }

    @Test
    void responsesAreOfClass2And4And5() {
        assertThat(IntStream.rangeClosed(0, 255).filter(CoapCode::isResponse))
                .containsExactly(IntStream.concat(IntStream.rangeClosed(0x40, 0x5f), IntStream.rangeClosed(0x80, 0xbf))
                        .boxed()
                        .toArray(Integer[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "0x01, false",
        "0x02, true",
        "0x03, true",
        "0x04, false",
        "0x05, true",
        "0x06, true",
        "0x07, true",
        "0x08, false",
        "0x41, true",
        "0x43, false",
        "0x45, true",
        "0x84, true",
        "0xa0, true",
        "0x00, false",
        "0xe1, false"
    })
    void payloadMayComeWithPostPutFetchPatchAndResponsesButValid(String code, boolean mayCarry) {
        assertThat(CoapCode.mayCarryPayload(Integer.decode(code))).isEqualTo(mayCarry);
    }

    @ParameterizedTest
    @CsvSource({"0x01, 0.01", "0x45, 2.05", "0x84, 4.04", "0x8d, 4.13", "0xff, 7.31"})
    void codeIsWrittenAsDocumentsDo(String code, String text) {
        assertThat(CoapCode.format(Integer.decode(code))).isEqualTo(text);
    }
}
