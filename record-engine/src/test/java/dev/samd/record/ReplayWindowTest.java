// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.samd.record.ReplayWindow.Verdict;
import dev.samd.sa.History;
import dev.samd.sa.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {
    @Test
    void everyNumberIsNewInTheBeginning() {
        ReplayWindow window = new ReplayWindow(64, new History.Fresh());

        assertThat(window.edge()).isEqualTo(-1);
        assertThat(window.check(0)).isEqualTo(Verdict.OK);
        assertThat(window.check(History.MAX_SEQUENCE)).isEqualTo(Verdict.OK);
    }

    @Test
    void aNumberIsAcceptedOnce() {
        ReplayWindow window = new ReplayWindow(64, new History.Fresh());

        window.accept(5);

        assertThat(window.check(5)).isEqualTo(Verdict.REPLAY);
        assertThat(window.check(4)).isEqualTo(Verdict.OK);
        assertThat(window.check(6)).isEqualTo(Verdict.OK);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 128, 192, 1024, 4096})
    void theWindowHasExactlyItsSize(int size) {
        ReplayWindow window = new ReplayWindow(size, new History.Fresh());

        window.accept(10_000);

        assertThat(window.check(10_000 - size + 1)).isEqualTo(Verdict.OK);
        assertThat(window.check(10_000 - size)).isEqualTo(Verdict.TOO_OLD);
        window.accept(10_000 - size + 1);
        assertThat(window.check(10_000 - size + 1)).isEqualTo(Verdict.REPLAY);
        window.accept(10_001);
        assertThat(window.check(10_000 - size + 1)).isEqualTo(Verdict.TOO_OLD);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 63, 64, 65, 127, 128, 129, 1L << 40})
    void aJumpForgetsWhatItJumpsOver(long jump) {
        ReplayWindow window = new ReplayWindow(128, new History.Fresh());
        for (long n = 0; n < 128; n++) {
            window.accept(n);
        }

        window.accept(127 + jump);

        assertThat(window.check(127 + jump)).isEqualTo(Verdict.REPLAY);
        for (long n = Math.max(128, jump); n < 127 + jump && n < 300; n++) {
            assertThat(window.check(n)).as("number %d", n).isEqualTo(Verdict.OK);
        }
    }

    @Test
    void theLastNumberOfAnEpochCanBeAccepted() {
        ReplayWindow window = new ReplayWindow(64, new History.Fresh());

        window.accept(History.MAX_SEQUENCE);

        assertThat(window.check(History.MAX_SEQUENCE)).isEqualTo(Verdict.REPLAY);
        assertThat(window.check(0)).isEqualTo(Verdict.TOO_OLD);
    }

    @Test
    void everythingBelowTheStatedNumberCountsAsSeen() {
        ReplayWindow window = new ReplayWindow(64, History.everythingSeenBelow(1000));

        assertThat(window.edge()).isEqualTo(999);
        for (long n = 0; n < 1000; n++) {
            assertThat(window.check(n)).as("number %d", n).isNotEqualTo(Verdict.OK);
        }
        assertThat(window.check(1000)).isEqualTo(Verdict.OK);
    }

    @Test
    void resumesFromABitmapAndCountsWhatLiesBeyondItAsSeen() {
        // Bit 0 is the edge, 100; bits 1 and 3 are set as well: 99 and 97.
        ReplayWindow window = new ReplayWindow(64, new History.ResumeAccepting(100, Octets.of((byte) 0b0000_1011)));

        assertThat(window.check(100)).isEqualTo(Verdict.REPLAY);
        assertThat(window.check(99)).isEqualTo(Verdict.REPLAY);
        assertThat(window.check(98)).isEqualTo(Verdict.OK);
        assertThat(window.check(97)).isEqualTo(Verdict.REPLAY);
        assertThat(window.check(93)).isEqualTo(Verdict.OK);
        assertThat(window.check(92)).isEqualTo(Verdict.REPLAY);
    }

    @Test
    void theEdgeCountsAsSeenEvenWhereABitmapDeniesIt() {
        ReplayWindow window = new ReplayWindow(64, new History.ResumeAccepting(100, Octets.of((byte) 0)));

        assertThat(window.check(100)).isEqualTo(Verdict.REPLAY);
        assertThat(window.check(99)).isEqualTo(Verdict.OK);
    }

    @Test
    void nothingAcceptedIsAFreshHistory() {
        assertThat(new ReplayWindow(64, new History.Fresh()).history()).isEqualTo(new History.Fresh());
    }

    @Test
    void theHistoryTellsEdgeAndBitmap() {
        ReplayWindow window = new ReplayWindow(64, new History.Fresh());
        window.accept(3);
        window.accept(9);
        window.accept(8);

        assertThat(window.history()).isEqualTo(new History.ResumeAccepting(9, Octets.ofHex("4300000000000000")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -64, 63, 100})
    void refusesASizeThatIsNotWholeWords(int size) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ReplayWindow(size, new History.Fresh()));
    }
}
