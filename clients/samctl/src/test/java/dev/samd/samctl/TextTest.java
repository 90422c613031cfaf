// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TextTest {
    @ParameterizedTest
    @CsvSource({"90s, 90", "15m, 900", "2h, 7200", "7D, 604800", "45, 45", "PT1M30S, 90", "0, 0"})
    void durationsAreReadAsPeopleWriteThem(String text, long seconds) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "1w", "-5", "1.5h", "99999999999", "soon"})
    void otherWordsAreNoDurations(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "' is no duration");
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "59, 59s", "61, 1m1s", "3605, 1h0m", "90000, 1d1h", "-5, 0s"})
    void durationsAreShownInTheirTwoLargestUnits(long seconds, String shown) {
        assertThat(Durations.show(Duration.ofSeconds(seconds))).isEqualTo(shown);
    }

    @Test
    void jsonEscapesWhatATerminalOrAParserWouldMistake() {
        Json json = new Json()
                .with("text", "a\"b\\c\n\r\t\u001b\u00e9")
                .with("number", Long.MAX_VALUE)
                .with("truth", true)
                .with("list", List.of(1, "x", new Json()));

        assertThat(json)
                .hasToString("{\"text\":\"a\\\"b\\\\c\\n\\r\\t\\u001b\\u00e9\",\"number\":9223372036854775807,"
                        + "\"truth\":true,\"list\":[1,\"x\",{}]}");
    }
}
