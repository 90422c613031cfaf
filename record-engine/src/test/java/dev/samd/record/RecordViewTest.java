// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordViewTest {
    private static final byte[] WITH_CID = HexFormat.of().parseHex("19fefd0001000000000005c1d2e30000");

    @Test
    void seesNumbersAndWhereTheConnectionIdBegins() {
        byte[] datagram = new byte[WITH_CID.length + 9];
        System.arraycopy(WITH_CID, 0, datagram, 4, WITH_CID.length);

        RecordView view = new RecordView(datagram, 4, WITH_CID.length);

        assertThat(view.kind()).isEqualTo(RecordView.Kind.CONNECTION_ID);
        assertThat(view.epoch()).isEqualTo(1);
        assertThat(view.sequence()).isEqualTo(5);
        assertThat(view.offset()).isEqualTo(4);
        assertThat(view.length()).isEqualTo(WITH_CID.length);
        assertThat(view.afterSequence()).isEqualTo(4 + 11);
        assertThat(view.end()).isEqualTo(4 + WITH_CID.length);
        assertThat(view.buffer()).isSameAs(datagram);
    }

    @Test
    void seesTheLargestNumbers() {
        RecordView view = new RecordView(HexFormat.of().parseHex("17fefdffffffffffffffff0000"));

        assertThat(view.epoch()).isEqualTo(0xffff);
        assertThat(view.sequence()).isEqualTo((1L << 48) - 1);
    }

    @Test
    void tellsTheKindByTheFirstOctet() {
        for (int first = 0; first < 256; first++) {
            byte[] record = WITH_CID.clone();
            record[0] = (byte) first;
            RecordView.Kind expected = RecordView.Kind.UNKNOWN;
            if (first == 25) {
                expected = RecordView.Kind.CONNECTION_ID;
            } else if (first >= 20 && first <= 23) {
                expected = RecordView.Kind.PLAIN;
            } else if (first >= 32 && first <= 63) {
                expected = RecordView.Kind.DTLS13;
            }

            assertThat(new RecordView(record).kind())
                    .as("first octet %d", first)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 12})
    void whatIsTooShortForAHeaderIsUnknown(int length) {
        RecordView view = new RecordView(WITH_CID, 0, length);

        assertThat(view.kind()).isEqualTo(RecordView.Kind.UNKNOWN);
        assertThatIllegalStateException().isThrownBy(view::epoch);
    }

    @Test
    void aRecordOfDtls13ShowsNoNumbers() {
        RecordView view = new RecordView(HexFormat.of().parseHex("3f2b01b1b8001c422a3220c9cfdc60"));

        assertThat(view.kind()).isEqualTo(RecordView.Kind.DTLS13);
        assertThatIllegalStateException().isThrownBy(view::epoch);
        assertThatIllegalStateException().isThrownBy(view::sequence);
        assertThatIllegalStateException().isThrownBy(view::afterSequence);
    }

    @Test
    void refusesASliceOutsideOfTheArray() {
        assertThatThrownBy(() -> new RecordView(WITH_CID, 4, WITH_CID.length))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new RecordView(WITH_CID, -1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void printsNoOctets() {
        assertThat(new RecordView(WITH_CID)).hasToString("RecordView[CONNECTION_ID, 16 octets]");
    }
}
