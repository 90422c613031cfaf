// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.DiscardReason;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RecordPropertyTest {
    @Property
    void whatIsSealedIsWhatIsOpened(
            @ForAll("sas") TestSa sa,
            @ForAll @Size(max = 1100) byte[] message,
            @ForAll @IntRange(max = 64) int padding,
            @ForAll @IntRange(max = 40) int headroom) {
        int padded = sa.spi().isEmpty() ? 0 : padding;

        SealResult.Sealed sealed = (SealResult.Sealed) sa.sealer().seal(message, padded, headroom, 0);
        RecordView view = new RecordView(sealed.octets(), sealed.offset(), sealed.octets().length - sealed.offset());
        OpenResult.Opened opened = (OpenResult.Opened) sa.opener().open(view, TestSa.SOURCE, 0);

        assertThat(opened.plaintext()).isEqualTo(message);
        assertThat(opened.contentType()).isEqualTo(ContentType.APPLICATION_DATA);
        assertThat(opened.sequence()).isEqualTo(sealed.sequence());
    }

    @Property
    void aRecordShowsNothingOfItsPlaintextButTheLength(
            @ForAll("sas") TestSa sa, @ForAll @Size(min = 24, max = 100) byte[] message) {
        byte[] record = TestSa.octetsOf(sa.sealer().seal(message, 0, 0, 0));
        int overhead =
                13 + sa.aead().overhead() + (sa.spi().isEmpty() ? 0 : sa.spi().length() + 1);

        assertThat(record).hasSize(message.length + overhead);
        for (int at = 0; at + message.length <= record.length; at++) {
            assertThat(Arrays.equals(record, at, at + message.length, message, 0, message.length))
                    .isFalse();
        }
    }

    @Property
    void anythingAtAllIsDiscarded(@ForAll("sas") TestSa sa, @ForAll @Size(max = 200) byte[] rubbish) {
        OpenResult result = sa.opener().open(new RecordView(rubbish), TestSa.SOURCE, 0);

        assertThat(result).isInstanceOf(OpenResult.Discarded.class);
    }

    @Property
    void aRecordUnderAnyOtherKeyIsAForgery(@ForAll("sas") TestSa sa, @ForAll @Size(max = 100) byte[] message) {
        TestSa other = TestSa.of(sa.aead()).keys(TestSa.of(sa.aead()).key(), sa.iv());
        byte[] record = TestSa.octetsOf(
                other.cid(sa.spi().toHex()).epoch(sa.epoch()).sealer().seal(message, 0, 0, 0));

        assertThat(sa.opener().open(new RecordView(record), TestSa.SOURCE, 0))
                .isEqualTo(new OpenResult.Discarded(DiscardReason.BAD_TAG));
    }

    /** Every algorithm, with connection IDs of any length and without; every one of them with a key of its own. */
    @Provide
    Arbitrary<TestSa> sas() {
        Arbitrary<AeadAlgorithm> aeads = Arbitraries.of(AeadAlgorithm.class);
        Arbitrary<Integer> cidLengths = Arbitraries.integers().between(0, 20);
        Arbitrary<Integer> epochs = Arbitraries.integers().between(1, 0xffff);
        Arbitrary<Long> numbers = Arbitraries.longs().between(0, (1L << 48) - 1);
        return Combinators.combine(aeads, cidLengths, epochs, numbers)
                .as((aead, cid, epoch, number) ->
                        TestSa.of(aead).cid("7f".repeat(cid)).epoch(epoch).sendingFrom(number));
    }
}
