// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.Octets;
import org.junit.jupiter.api.Test;

/** Records are found inside messages, and read. */
class WireTest {
    private static final String RECORD = "19" + "fefd" + "0001" + "000000012345" + "10000001" + "0003" + "abcdef";

    @Test
    void aRecordIsReadFieldByField() {
        Octets record = Octets.ofHex(RECORD);

        assertThat(Wire.sequence(record, 0)).isEqualTo(0x12345);
        assertThat(Wire.connectionId(record, 0)).isEqualTo(0x10000001);
    }

    @Test
    void theRecordBeginsBehindTheOptionsOfAMessage() {
        // A token of 2 octets; Uri-Host of 13 octets; then an option with a two-octet delta and a one-octet length.
        String options = "3d00" + "61".repeat(13) + "e1fcf0" + "ff";
        String message = "42020001" + "0102" + options + "ff" + RECORD;

        int offset = Wire.recordOffset(Octets.ofHex(message));

        assertThat(offset).isEqualTo((message.length() - RECORD.length()) / 2);
        assertThat(Wire.sequence(Octets.ofHex(message), offset)).isEqualTo(0x12345);
    }

    @Test
    void whatIsNoRecordIsRefused() {
        assertThatThrownBy(() -> Wire.sequence(Octets.ofHex("17" + RECORD.substring(2)), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("type 23");
    }

    @Test
    void aForgedRecordHasTheHighestNumberAndNothingElseIsOther() {
        Octets forged = Wire.forged(Octets.ofHex(RECORD), 0);

        assertThat(Wire.sequence(forged, 0)).isEqualTo((1L << 48) - 1);
        assertThat(forged.toHex()).isEqualTo(RECORD.replace("000000012345", "ffffffffffff"));
    }

    @Test
    void messagesHavePayloadsOfTheirOwn() {
        assertThat(Wire.request(1)).isNotEqualTo(Wire.request(2));
        assertThat(Wire.response(1).toHex()).isEqualTo("64440001" + "00000001" + "ff" + "0000000000000001");
    }
}
