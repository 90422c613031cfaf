// SPDX-License-Identifier: Apache-2.0
package dev.samd.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldWireTest {
    @Test
    void instantComesBackAsItWent() {
        Instant instant = Instant.ofEpochSecond(1_795_000_000L, 123_456_789);

        assertThat(FieldWire.instant("added", FieldWire.timestamp(instant))).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE, (1L << 40) + 1, -(1L << 40) - 1})
    void secondsBeyondEveryCalendarAreRefused(long seconds) {
        assertThatThrownBy(() -> FieldWire.instant(
                        "added", Timestamp.newBuilder().setSeconds(seconds).build()))
                .isInstanceOf(SaException.class)
                .hasMessage("added is " + seconds + " s and 0 ns, which is no time");
    }

    @Test
    void saIdIsPositive() {
        assertThat(FieldWire.saId("sa_id", 7)).isEqualTo(new SaId(7));
        assertThatThrownBy(() -> FieldWire.saId("sa_id", 0)).hasMessage("sa_id is missing");
        assertThatThrownBy(() -> FieldWire.saId("sa_id", -1))
                .hasMessage("sa_id is 18446744073709551615; less than 2^63 expected");
    }
}
