// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.aead.FreshThread;
import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.History;
import dev.samd.sa.Octets;
import dev.samd.sa.SaParameters;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordVectorTest {
    static List<RecordVector> vectors() {
        return RecordVector.all();
    }

    @Test
    void thereIsAVectorForEveryAlgorithmWithAndWithoutConnectionId() {
        for (AeadAlgorithm aead : AeadAlgorithm.values()) {
            assertThat(vectors()).anyMatch(v -> v.aead.equals(aead.name()) && v.cid.isEmpty());
            assertThat(vectors()).anyMatch(v -> v.aead.equals(aead.name()) && !v.cid.isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void sealsExactly(RecordVector vector) {
        Sealer sealer = vector.sa().sealer();

        SealResult result = FreshThread.call(() -> sealer.seal(vector.content(), vector.padding, 0, 0));

        assertThat(result).isInstanceOf(SealResult.Sealed.class);
        SealResult.Sealed sealed = (SealResult.Sealed) result;
        assertThat(HexFormat.of().formatHex(sealed.octets())).isEqualTo(vector.record);
        assertThat(sealed.epoch()).isEqualTo(vector.epoch);
        assertThat(sealed.sequence()).isEqualTo(vector.sequence);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void opensToThePlaintext(RecordVector vector) {
        Opener opener = vector.sa().opener();

        OpenResult result = opener.open(new RecordView(vector.octets()), TestSa.SOURCE, 0);

        assertThat(result).isInstanceOf(OpenResult.Opened.class);
        OpenResult.Opened opened = (OpenResult.Opened) result;
        assertThat(HexFormat.of().formatHex(opened.plaintext())).isEqualTo(vector.plaintext);
        assertThat(opened.contentType()).isEqualTo(ContentType.APPLICATION_DATA);
        assertThat(opened.sequence()).isEqualTo(vector.sequence);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void nonceAndAdditionalDataAreThoseOfTheVector(RecordVector vector) {
        SaParameters sa = vector.sa().outbound().parameters();
        int wrapping = vector.cid.isEmpty() ? 0 : 1 + vector.padding;
        byte[] nonce = new byte[AeadAlgorithm.NONCE_LENGTH];
        byte[] additionalData = new byte[Dtls12Codec.additionalDataLength(sa)];
        int type = vector.cid.isEmpty() ? ContentType.APPLICATION_DATA : ContentType.TLS12_CID;

        Nonces.forSealing(
                sa.suite().aead(),
                Octets.ofHex(vector.iv).toArray(),
                Dtls12Codec.epochAndSequence(vector.epoch, vector.sequence),
                new byte[8],
                0,
                nonce);
        Dtls12Codec.writeAdditionalData(sa, type, vector.sequence, vector.content().length + wrapping, additionalData);

        assertThat(HexFormat.of().formatHex(nonce)).isEqualTo(vector.nonce);
        assertThat(HexFormat.of().formatHex(additionalData)).isEqualTo(vector.additionalData);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyFlippedBitIsDiscardedAndLeavesTheWindowAlone(RecordVector vector) {
        byte[] record = vector.octets();
        for (int bit = 0; bit < 8 * record.length; bit++) {
            Opener opener = vector.sa().opener();
            byte[] flipped = record.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);

            OpenResult result = opener.open(new RecordView(flipped), TestSa.SOURCE, 0);

            assertThat(result)
                    .as("bit %d", bit)
                    .isIn(
                            new OpenResult.Discarded(DiscardReason.BAD_TAG),
                            new OpenResult.Discarded(DiscardReason.MALFORMED));
            assertThat(opener.history()).isEqualTo(new History.Fresh());
            assertThat(opener.usage().records()).isZero();
            assertThat(opener.open(new RecordView(record), TestSa.SOURCE, 0)).isInstanceOf(OpenResult.Opened.class);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyShorterAndEveryLongerSliceIsDiscarded(RecordVector vector) {
        Opener opener = vector.sa().opener();
        byte[] record = vector.octets();
        byte[] longer = Arrays.copyOf(record, record.length + 1);

        for (int length = 0; length < record.length; length++) {
            assertThat(opener.open(new RecordView(record, 0, length), TestSa.SOURCE, 0))
                    .isEqualTo(new OpenResult.Discarded(DiscardReason.MALFORMED));
        }
        assertThat(opener.open(new RecordView(longer), TestSa.SOURCE, 0))
                .isEqualTo(new OpenResult.Discarded(DiscardReason.MALFORMED));
        assertThat(opener.usage().failedOpenings()).isZero();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void opensInTheMiddleOfAnArray(RecordVector vector) {
        byte[] record = vector.octets();
        byte[] datagram = new byte[record.length + 20];
        System.arraycopy(record, 0, datagram, 7, record.length);

        OpenResult result = vector.sa().opener().open(new RecordView(datagram, 7, record.length), TestSa.SOURCE, 0);

        assertThat(result).isInstanceOf(OpenResult.Opened.class);
    }
}
