// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.samd.sa.History;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SecurityAssociation;
import dev.samd.sa.Usage;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealerTest {
    private static final byte[] MESSAGE = {1, 2, 3, 4, 5};
    private static final SealResult EXPIRED = new SealResult.Refused(SaError.SA_EXPIRED);

    private final Wear wear = new Wear();

    @Test
    void numbersBeginAtZeroAndGoUpByOne() {
        Sealer sealer = TestSa.ccm8().sealer();

        for (long n = 0; n < 5; n++) {
            assertThat(sealer.nextSequence()).isEqualTo(n);
            assertThat(sequenceOf(seal(sealer))).isEqualTo(n);
        }
    }

    @Test
    void numbersGoOnWhereTheHistoryOfTheKeyEnds() {
        Sealer sealer = TestSa.ccm8().sendingFrom(1024).sealer();

        assertThat(sealer.nextSequence()).isEqualTo(1024);
        assertThat(sequenceOf(seal(sealer))).isEqualTo(1024);
    }

    @Test
    void theHeadroomIsInFrontOfTheRecordAndEmpty() {
        TestSa sa = TestSa.ccm8();
        byte[] alone = TestSa.octetsOf(sa.sealer().seal(MESSAGE, 0, 0, 0));

        SealResult.Sealed sealed = (SealResult.Sealed) sa.sealer().seal(MESSAGE, 0, 17, 0);

        assertThat(sealed.offset()).isEqualTo(17);
        assertThat(Arrays.copyOf(sealed.octets(), 17)).containsOnly(0);
        assertThat(Arrays.copyOfRange(sealed.octets(), 17, sealed.octets().length))
                .isEqualTo(alone);
    }

    @Test
    void aRecordSaysEpochAndNumberOfItsResult() {
        SealResult.Sealed sealed = (SealResult.Sealed) TestSa.ccm8()
                .epoch(0xabcd)
                .sendingFrom(0x1234_5678_9abcL)
                .sealer()
                .seal(MESSAGE, 0, 0, 0);
        RecordView view = new RecordView(sealed.octets());

        assertThat(sealed.epoch()).isEqualTo(0xabcd);
        assertThat(view.epoch()).isEqualTo(0xabcd);
        assertThat(view.sequence()).isEqualTo(sealed.sequence()).isEqualTo(0x1234_5678_9abcL);
    }

    @Test
    void theLastNumberIsUsedAndThenNone() {
        Sealer sealer = sealer(TestSa.ccm8().sendingFrom(History.MAX_SEQUENCE), TestSa.NO_MARK);

        assertThat(sequenceOf(seal(sealer))).isEqualTo(History.MAX_SEQUENCE);
        assertThat(seal(sealer)).isEqualTo(new SealResult.Refused(SaError.SEQ_EXHAUSTED));
        assertThat(seal(sealer)).isEqualTo(new SealResult.Refused(SaError.SEQ_EXHAUSTED));
        assertThat(sealer.nextSequence()).isEqualTo(History.MAX_SEQUENCE + 1);
        assertThat(wear.events()).containsOnlyOnce("hard SEQUENCE");
    }

    @Test
    void aSendMarkAboveAllNumbersDoesNotMoveTheEnd() {
        Sealer sealer = sealer(TestSa.ccm8().sendingFrom(History.MAX_SEQUENCE), Long.MAX_VALUE);
        sealer.raiseSendMark(Long.MAX_VALUE);

        seal(sealer);

        assertThat(seal(sealer)).isEqualTo(new SealResult.Refused(SaError.SEQ_EXHAUSTED));
    }

    @Test
    void noNumberReachesTheSendMarkBeforeItRises() {
        Sealer sealer = sealer(TestSa.ccm8(), 2);

        assertThat(sequenceOf(seal(sealer))).isZero();
        assertThat(sequenceOf(seal(sealer))).isEqualTo(1);
        assertThat(seal(sealer)).isEqualTo(new SealResult.MustWait(2));
        assertThat(sealer.nextSequence()).isEqualTo(2);
        sealer.raiseSendMark(3);
        assertThat(sequenceOf(seal(sealer))).isEqualTo(2);
        assertThat(seal(sealer)).isEqualTo(new SealResult.MustWait(3));
    }

    @Test
    void theSendMarkOnlyRises() {
        Sealer sealer = sealer(TestSa.ccm8(), 10);

        sealer.raiseSendMark(1);

        assertThat(sequenceOf(seal(sealer))).isZero();
        assertThat(sequenceOf(seal(sealer))).isEqualTo(1);
    }

    @Test
    void aSendMarkBelowTheHistoryOfTheKeyLetsNothingPass() {
        Sealer sealer = sealer(TestSa.ccm8().sendingFrom(100), 50);

        assertThat(seal(sealer)).isEqualTo(new SealResult.MustWait(100));
    }

    @Test
    void moreNumbersAreAskedForOncePerMarkWhenHalfOfTheBlockIsLeft() {
        Sealer sealer = sealer(TestSa.ccm8(), 10);

        seal(sealer, 4);
        assertThat(wear.events()).containsExactly("used");
        seal(sealer, 6);
        assertThat(wear.events()).containsExactly("used", "send mark 10");
        seal(sealer, 3);
        assertThat(wear.events()).containsExactly("used", "send mark 10");
        sealer.raiseSendMark(20);
        seal(sealer, 4);
        assertThat(wear.events()).containsExactly("used", "send mark 10");
        seal(sealer, 1);
        assertThat(wear.events()).containsExactly("used", "send mark 10", "send mark 20");
    }

    @Test
    void anEmptyBlockAsksAtOnce() {
        Sealer sealer = sealer(TestSa.ccm8(), 0);

        seal(sealer, 2);

        assertThat(wear.events()).containsExactly("send mark 0");
    }

    @Test
    void plaintextAndItsInnerTypeFitIntoTwoToTheFourteen() {
        Sealer withCid = TestSa.ccm8().sealer();
        Sealer without = TestSa.ccm8().withoutCid().sealer();
        SealResult tooLarge = new SealResult.Refused(SaError.TOO_LARGE);

        assertThat(withCid.seal(new byte[(1 << 14) - 1], 0, 0, 0)).isInstanceOf(SealResult.Sealed.class);
        assertThat(withCid.seal(new byte[1 << 14], 0, 0, 0)).isEqualTo(tooLarge);
        assertThat(withCid.seal(new byte[(1 << 14) - 5], 4, 0, 0)).isInstanceOf(SealResult.Sealed.class);
        assertThat(withCid.seal(new byte[(1 << 14) - 5], 5, 0, 0)).isEqualTo(tooLarge);
        assertThat(withCid.seal(MESSAGE, Integer.MAX_VALUE, 0, 0)).isEqualTo(tooLarge);
        assertThat(without.seal(new byte[1 << 14], 0, 0, 0)).isInstanceOf(SealResult.Sealed.class);
        assertThat(without.seal(new byte[(1 << 14) + 1], 0, 0, 0)).isEqualTo(tooLarge);
        assertThat(withCid.nextSequence())
                .as("nothing too large takes a number")
                .isEqualTo(2);
    }

    @Test
    void paddingNeedsAConnectionIdToStandBehind() {
        Sealer sealer = TestSa.ccm8().withoutCid().sealer();

        assertThatExceptionOfType(SaException.class)
                .isThrownBy(() -> sealer.seal(MESSAGE, 3, 0, 0))
                .withMessageContaining("3 octets")
                .extracting(SaException::error)
                .isEqualTo(SaError.MALFORMED);
        assertThat(sealer.nextSequence()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE})
    void paddingIsNotNegative(int padding) {
        assertThatExceptionOfType(SaException.class)
                .isThrownBy(() -> TestSa.ccm8().sealer().seal(MESSAGE, padding, 0, 0));
    }

    @Test
    void anAlertIsARecordOfItsOwnType() {
        TestSa sa = TestSa.ccm8();

        byte[] record = TestSa.octetsOf(sa.sealer().sealAlert(1, 0, 0, 0));

        OpenResult.Opened opened = (OpenResult.Opened) sa.opener().open(new RecordView(record), TestSa.SOURCE, 0);
        assertThat(opened.contentType()).isEqualTo(ContentType.ALERT);
        assertThat(HexFormat.of().formatHex(opened.plaintext())).isEqualTo("0100");
    }

    @Test
    void anAlertWithoutConnectionIdShowsItsType() {
        TestSa sa = TestSa.ccm8().withoutCid();

        byte[] record = TestSa.octetsOf(sa.sealer().sealAlert(2, 40, 0, 0));

        assertThat(record[0]).isEqualTo((byte) ContentType.ALERT);
        assertThat(sa.opener().open(new RecordView(record), TestSa.SOURCE, 0)).isInstanceOf(OpenResult.Opened.class);
    }

    @Test
    void softAndHardLimitOfRecordsAreToldOnceAndTheHardOneIsExact() {
        Sealer sealer = sealer(TestSa.ccm8().soft(2, 0).hard(4, 0), TestSa.NO_MARK);

        seal(sealer, 1);
        assertThat(wear.events()).containsExactly("used");
        seal(sealer, 2);
        assertThat(wear.events()).containsExactly("used", "soft RECORDS");
        assertThat(sequenceOf(seal(sealer))).isEqualTo(3);
        assertThat(seal(sealer)).isEqualTo(EXPIRED);
        assertThat(seal(sealer)).isEqualTo(EXPIRED);
        assertThat(wear.events()).containsExactly("used", "soft RECORDS", "hard RECORDS");
        assertThat(sealer.nextSequence()).isEqualTo(4);
    }

    @Test
    void recordsAreCountedFromTheInstallation() {
        Sealer sealer = sealer(TestSa.ccm8().sendingFrom(1000).hard(2, 0), TestSa.NO_MARK);

        seal(sealer, 2);

        assertThat(seal(sealer)).isEqualTo(EXPIRED);
        assertThat(sealer.usage().records()).isEqualTo(2);
    }

    @Test
    void neverMoreOctetsThanTheHardLimit() {
        Sealer sealer = sealer(TestSa.ccm8().soft(0, 10).hard(0, 16), TestSa.NO_MARK);

        seal(sealer, 3);
        assertThat(wear.events()).containsExactly("used", "soft OCTETS");
        assertThat(seal(sealer)).as("20 octets").isEqualTo(EXPIRED);
        assertThat(sealer.seal(new byte[1], 0, 0, 0)).as("it has ended").isEqualTo(EXPIRED);
        assertThat(wear.events()).containsExactly("used", "soft OCTETS", "hard OCTETS");
        assertThat(sealer.usage().octets()).isEqualTo(15);
        assertThat(sealer.usage().records()).as("a burned number is no record").isEqualTo(3);
    }

    @Test
    void atTheHardLimitOfOctetsNotEvenAnEmptyRecordIsMade() {
        Sealer sealer = sealer(TestSa.ccm8().hard(0, 5), TestSa.NO_MARK);

        seal(sealer, 1);

        assertThat(wear.events()).containsExactly("used", "hard OCTETS");
        assertThat(sealer.seal(new byte[0], 0, 0, 0)).isEqualTo(EXPIRED);
    }

    @Test
    void raisedLimitsLetItGoOnAndCanBeToldAgain() {
        Sealer sealer = sealer(TestSa.ccm8().soft(1, 0).hard(2, 0), TestSa.NO_MARK);
        seal(sealer, 3);

        sealer.limits(records(4, 5));

        seal(sealer, 3);
        assertThat(seal(sealer)).isEqualTo(EXPIRED);
        assertThat(wear.events())
                .containsExactly("used", "soft RECORDS", "hard RECORDS", "soft RECORDS", "hard RECORDS");
    }

    @Test
    void limitsThatAreMetAlreadyAreToldWithTheNextRecord() {
        Sealer sealer = sealer(TestSa.ccm8(), TestSa.NO_MARK);
        seal(sealer, 3);

        sealer.limits(records(2, 0));
        seal(sealer);
        sealer.limits(records(2, 3));

        assertThat(seal(sealer)).isEqualTo(EXPIRED);
        assertThat(wear.events()).containsExactly("used", "soft RECORDS", "hard RECORDS");
    }

    @Test
    void onceClosedNothingIsSealed() {
        SecurityAssociation sa = TestSa.ccm8().outbound();
        Sealer sealer = new Sealer(sa, TestSa.NO_MARK, wear);

        sealer.close();
        sealer.close();

        assertThat(seal(sealer)).isEqualTo(EXPIRED);
        assertThat(sealer.nextSequence()).isZero();
        assertThat(sa.keys().key().borrow()).isNull();
        assertThat(wear.events()).isEmpty();
    }

    @Test
    void anSaThatSomebodyElseClosedIsNotUsedEither() {
        SecurityAssociation sa = TestSa.ccm8().outbound();
        Sealer sealer = new Sealer(sa, TestSa.NO_MARK, wear);

        sa.keys().iv().close();

        assertThat(seal(sealer)).isEqualTo(EXPIRED);
    }

    @Test
    void usageTellsWhatWasSealedAndWhen() {
        Sealer sealer = TestSa.ccm8().sendingFrom(7).sealer();
        assertThat(sealer.usage().used()).isFalse();

        sealer.seal(MESSAGE, 20, 0, 1000);
        sealer.seal(new byte[0], 0, 0, 3000);

        Usage usage = sealer.usage();
        assertThat(usage.records()).isEqualTo(2);
        assertThat(usage.octets()).as("padding is no plaintext").isEqualTo(5);
        assertThat(usage.firstUsedNanos()).isEqualTo(1000);
        assertThat(usage.lastUsedNanos()).isEqualTo(3000);
        assertThat(usage.nextSequence()).isEqualTo(9);
        assertThat(usage.failedOpenings()).isZero();
        assertThat(usage.discarded()).isEmpty();
    }

    @Test
    void anInboundSaIsRefused() {
        SecurityAssociation inbound = TestSa.ccm8().inbound();

        assertThatIllegalArgumentException().isThrownBy(() -> new Sealer(inbound, 0, WearListener.NONE));
    }

    @Test
    void thePlaintextIsLeftAlone() {
        byte[] plaintext = MESSAGE.clone();

        TestSa.ccm8().sealer().seal(plaintext, 3, 0, 0);

        assertThat(plaintext).isEqualTo(MESSAGE);
    }

    private Sealer sealer(TestSa sa, long sendMark) {
        return new Sealer(sa.outbound(), sendMark, wear);
    }

    private static Lifetime records(long soft, long hard) {
        return new Lifetime(Limits.NONE.withRecords(soft), Limits.NONE.withRecords(hard));
    }

    private static SealResult seal(Sealer sealer) {
        return sealer.seal(MESSAGE, 0, 0, 0);
    }

    private static void seal(Sealer sealer, int times) {
        for (int i = 0; i < times; i++) {
            seal(sealer);
        }
    }

    private static long sequenceOf(SealResult result) {
        assertThat(result).isInstanceOf(SealResult.Sealed.class);
        return ((SealResult.Sealed) result).sequence();
    }
}
