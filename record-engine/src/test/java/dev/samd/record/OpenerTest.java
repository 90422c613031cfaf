// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.History;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.SecurityAssociation;
import dev.samd.sa.Usage;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenerTest {
    private static final byte[] MESSAGE = {1, 2, 3, 4, 5};

    private final Wear wear = new Wear();
    private final TestSa sa = TestSa.ccm8();

    @Test
    void aRecordIsOpenedOnce() {
        Opener opener = sa.opener();
        byte[] record = record(0);

        assertThat(sequenceOf(open(opener, record))).isZero();
        assertThat(open(opener, record)).isEqualTo(discarded(DiscardReason.REPLAY));
    }

    @Test
    void lateRecordsAreOpenedInsideTheWindowOnly() {
        Opener opener = sa.opener();

        open(opener, record(100));

        assertThat(sequenceOf(open(opener, record(37)))).isEqualTo(37);
        assertThat(open(opener, record(36))).isEqualTo(discarded(DiscardReason.TOO_OLD));
    }

    @Test
    void theRecordIsLeftAlone() {
        byte[] record = record(0);
        byte[] before = record.clone();

        open(sa.opener(), record);

        assertThat(record).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void theExplicitNonceIsTheOneOnTheWire(AeadAlgorithm algorithm) {
        TestSa other = TestSa.of(algorithm);
        byte[] inner = {'h', 'i', ContentType.APPLICATION_DATA};
        byte[] record = ForgedRecord.of(other, ContentType.TLS12_CID, 9, 0x0102_0304_0506_0708L, inner);

        OpenResult result = open(other.opener(), record);

        if (algorithm.explicitNonceLength() == 0) {
            assertThat(result).isEqualTo(discarded(DiscardReason.BAD_TAG));
        } else {
            assertThat(sequenceOf(result)).isEqualTo(9);
        }
    }

    // Header

    @Test
    void aRecordOfAnotherEpochIsMalformed() {
        assertMalformed(sa, TestSa.octetsOf(sa.epoch(2).sealer().seal(MESSAGE, 0, 0, 0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"feff", "fefc", "0303", "0000"})
    void aRecordOfAnotherVersionIsMalformed(String version) {
        byte[] record = record(0);
        System.arraycopy(HexFormat.of().parseHex(version), 0, record, 1, 2);

        assertMalformed(sa, record);
    }

    @Test
    void aRecordWithoutConnectionIdIsMalformedForAnSaWithOne() {
        assertMalformed(sa, TestSa.octetsOf(sa.withoutCid().sealer().seal(MESSAGE, 0, 0, 0)));
    }

    @Test
    void aRecordWithConnectionIdIsMalformedForAnSaWithoutOne() {
        assertMalformed(sa.withoutCid(), record(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"c1d2e3f5", "c1d2e3", "c1d2e3f4a5", "00d2e3f4"})
    void aRecordWithAnotherConnectionIdIsMalformed(String cid) {
        assertMalformed(sa, TestSa.octetsOf(sa.cid(cid).sealer().seal(MESSAGE, 0, 0, 0)));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 22})
    void withoutConnectionIdOtherTypesAreMalformed(int type) {
        TestSa plain = sa.withoutCid();

        assertMalformed(plain, ForgedRecord.of(plain, type, 0, MESSAGE));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 24, 26, 47, 255})
    void whatIsNoRecordOfDtls12IsMalformed(int firstOctet) {
        byte[] record = record(0);
        record[0] = (byte) firstOctet;

        assertMalformed(sa, record);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, -1, 1, 2, 1000})
    void aLengthThatDoesNotFillTheSliceIsMalformed(int wrong) {
        byte[] record = record(0);
        record[15] = (byte) ((record.length - 17 + wrong) >> 8);
        record[16] = (byte) (record.length - 17 + wrong);

        assertMalformed(sa, record);
    }

    @Test
    void trailingOctetsAndASecondRecordAreMalformed() {
        byte[] record = record(0);
        byte[] two = Arrays.copyOf(record, 2 * record.length);
        System.arraycopy(record(1), 0, two, record.length, record.length);

        assertMalformed(sa, Arrays.copyOf(record, record.length + 1));
        assertMalformed(sa, two);
    }

    @Test
    void aFragmentLargerThanAnyIsMalformed() {
        assertMalformed(sa, stated(new byte[17 + (1 << 14) + 2049]));
        assertMalformed(sa, stated(new byte[17 + (1 << 14) + 2048]));
    }

    @Test
    void aFragmentThatNoPlaintextFitsIntoIsMalformed() {
        byte[] withoutInnerType = new byte[17 + 8 + 8];
        byte[] beyondTheLargestPlaintext = new byte[17 + 8 + (1 << 14) + 1 + 8];

        assertMalformed(sa, stated(withoutInnerType));
        assertMalformed(sa, stated(beyondTheLargestPlaintext));
    }

    /** Makes the array look like a record of the SA from outside. */
    private byte[] stated(byte[] array) {
        System.arraycopy(record(0), 0, array, 0, 15);
        array[15] = (byte) ((array.length - 17) >> 8);
        array[16] = (byte) (array.length - 17);
        return array;
    }

    private static void assertMalformed(TestSa sa, byte[] record) {
        Opener opener = sa.opener();

        assertThat(open(opener, record)).isEqualTo(discarded(DiscardReason.MALFORMED));
        assertThat(opener.usage().failedOpenings()).as("no forgery").isZero();
        assertThat(opener.history()).as("no number consumed").isEqualTo(new History.Fresh());
        assertThat(opener.usage().discarded()).containsEntry(DiscardReason.MALFORMED, 1L);
    }

    // What is inside

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300})
    void paddingIsTakenAway(int padding) {
        byte[] record = TestSa.octetsOf(sa.sealer().seal(MESSAGE, padding, 0, 0));

        OpenResult.Opened opened = (OpenResult.Opened) open(sa.opener(), record);

        assertThat(opened.plaintext()).isEqualTo(MESSAGE);
    }

    @Test
    void zerosAtTheEndOfTheContentAreNoPadding() {
        byte[] content = {1, 0, 0, 0};
        byte[] record = TestSa.octetsOf(sa.sealer().seal(content, 2, 0, 0));

        OpenResult.Opened opened = (OpenResult.Opened) open(sa.opener(), record);

        assertThat(opened.plaintext()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 40})
    void nothingButZerosIsMalformedAndConsumesTheNumber(int length) {
        assertMalformedInside(ForgedRecord.of(sa, ContentType.TLS12_CID, 3, new byte[length]));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 22, 24, 25, 26, 1, 255})
    void anotherInnerTypeIsMalformedAndConsumesTheNumber(int type) {
        assertMalformedInside(ForgedRecord.of(sa, ContentType.TLS12_CID, 3, new byte[] {7, 7, (byte) type, 0}));
    }

    private void assertMalformedInside(byte[] record) {
        Opener opener = sa.opener();

        assertThat(open(opener, record)).isEqualTo(discarded(DiscardReason.MALFORMED));
        assertThat(open(opener, record)).isEqualTo(discarded(DiscardReason.REPLAY));
        assertThat(opener.usage().records()).isEqualTo(1);
        assertThat(opener.usage().failedOpenings()).as("no forgery").isZero();
    }

    // Accept mark

    @Test
    void nothingIsAcceptedAtOrAboveTheAcceptMark() {
        Opener opener = new Opener(sa.inbound(), 2, wear);

        assertThat(sequenceOf(open(opener, record(1)))).isEqualTo(1);
        assertThat(open(opener, record(2))).isEqualTo(new OpenResult.MustWait(2));
        assertThat(open(opener, record(2))).isEqualTo(new OpenResult.MustWait(2));
        assertThat(opener.usage().records()).isEqualTo(1);
        assertThat(opener.usage().discarded()).isEmpty();

        opener.raiseAcceptMark(3);

        assertThat(sequenceOf(open(opener, record(2)))).isEqualTo(2);
        assertThat(open(opener, record(2))).isEqualTo(discarded(DiscardReason.REPLAY));
    }

    @Test
    void theAcceptMarkOnlyRises() {
        Opener opener = new Opener(sa.inbound(), 5, wear);

        opener.raiseAcceptMark(1);

        assertThat(sequenceOf(open(opener, record(4)))).isEqualTo(4);
    }

    @Test
    void aForgedNumberAboveTheAcceptMarkMakesNobodyWait() {
        Opener opener = new Opener(sa.inbound(), 2, wear);

        assertThat(open(opener, forged(History.MAX_SEQUENCE))).isEqualTo(discarded(DiscardReason.BAD_TAG));
    }

    // Forgeries

    @Test
    void onlyWhatReachedTheAeadAndFailedIsAForgery() {
        Opener opener = sa.opener();
        byte[] record = record(9);
        open(opener, record);

        open(opener, record);
        open(opener, new byte[20]);
        open(opener, forged(10));

        assertThat(opener.usage().failedOpenings()).isEqualTo(1);
        assertThat(opener.usage().discarded())
                .containsOnly(
                        Map.entry(DiscardReason.REPLAY, 1L),
                        Map.entry(DiscardReason.MALFORMED, 1L),
                        Map.entry(DiscardReason.BAD_TAG, 1L));
        assertThat(opener.usage().records()).isEqualTo(1);
    }

    @Test
    void afterABurstForgeriesAreDroppedUnopened() {
        Opener opener = sa.opener();

        for (int i = 0; i < 64; i++) {
            assertThat(open(opener, forged(i))).isEqualTo(discarded(DiscardReason.BAD_TAG));
        }

        assertThat(open(opener, forged(64))).isEqualTo(discarded(DiscardReason.THROTTLED));
        assertThat(open(opener, record(64))).isEqualTo(discarded(DiscardReason.THROTTLED));
        assertThat(opener.usage().failedOpenings()).isEqualTo(64);
        assertThat(opener.open(new RecordView(record(64)), TestSa.SOURCE, 1_000_000_000L))
                .isInstanceOf(OpenResult.Opened.class);
    }

    @Test
    void aFloodFromElsewhereDoesNotShutOutTheSourceOfTheNewestRecord() {
        Opener opener = sa.opener();
        open(opener, record(0), "home");

        for (int i = 1; i < 200; i++) {
            open(opener, forged(i), "elsewhere " + i);
        }

        assertThat(open(opener, record(1), "elsewhere")).isEqualTo(discarded(DiscardReason.THROTTLED));
        assertThat(open(opener, record(1), "home")).isInstanceOf(OpenResult.Opened.class);
        assertThat(opener.usage().failedOpenings()).isEqualTo(64);
    }

    @Test
    void forgeriesUnderTheKnownSourceLeaveTheOthersTheirTokens() {
        Opener opener = sa.opener();
        open(opener, record(0), "home");

        for (int i = 1; i < 200; i++) {
            open(opener, forged(i), "home");
        }

        assertThat(open(opener, record(1), "home")).isEqualTo(discarded(DiscardReason.THROTTLED));
        assertThat(open(opener, record(1), "new home")).isInstanceOf(OpenResult.Opened.class);
    }

    @Test
    void onlyANewerRecordMovesTheKnownSource() {
        Opener opener = sa.opener();
        open(opener, record(10), "home");

        open(opener, record(9), "held back elsewhere");

        for (int i = 11; i < 200; i++) {
            open(opener, forged(i), "elsewhere");
        }
        assertThat(open(opener, record(8), "held back elsewhere")).isEqualTo(discarded(DiscardReason.THROTTLED));
        assertThat(open(opener, record(8), "home")).isInstanceOf(OpenResult.Opened.class);
    }

    @Test
    void movingTheKnownSourceFillsNoBucket() {
        Opener opener = sa.opener();
        open(opener, record(0), "a");
        for (int i = 0; i < 64; i++) {
            open(opener, forged(500), "a");
        }

        open(opener, record(1), "b");

        assertThat(open(opener, record(2), "b")).isEqualTo(discarded(DiscardReason.THROTTLED));
    }

    @Test
    void sixtyFourForgeriesRaiseOneAlarmForShortTags() {
        Opener opener = new Opener(sa.inbound(), TestSa.NO_MARK, wear);

        for (int i = 0; i < 200; i++) {
            opener.open(new RecordView(forged(i)), TestSa.SOURCE, i * 1_000_000_000L);
        }

        assertThat(wear.events()).containsExactly("alarm 64");
    }

    @Test
    void longTagsRaiseNoAlarm() {
        TestSa ccm = TestSa.of(AeadAlgorithm.AES_128_CCM);
        Opener opener = new Opener(ccm.inbound(), TestSa.NO_MARK, wear);

        for (int i = 0; i < 64; i++) {
            byte[] record = TestSa.octetsOf(ccm.sendingFrom(i).sealer().seal(MESSAGE, 0, 0, 0));
            record[record.length - 1] ^= 1;
            open(opener, record);
        }

        assertThat(opener.usage().failedOpenings()).isEqualTo(64);
        assertThat(wear.events()).isEmpty();
    }

    @Test
    void atItsForgeryLimitAnSaOpensNothingMore() {
        TestSa limited = sa.failedOpenings(3, 5);
        Opener opener = new Opener(limited.inbound(), TestSa.NO_MARK, wear);

        for (int i = 0; i < 3; i++) {
            open(opener, forged(i));
        }
        assertThat(wear.events()).containsExactly("soft FORGERY");
        open(opener, record(3));
        open(opener, forged(4));
        open(opener, forged(5));

        assertThat(open(opener, record(6))).isEqualTo(discarded(DiscardReason.FORGERY_LIMIT));
        assertThat(open(opener, forged(7))).isEqualTo(discarded(DiscardReason.FORGERY_LIMIT));
        assertThat(opener.usage().failedOpenings()).isEqualTo(5);
        assertThat(wear.events()).containsExactly("soft FORGERY", "used", "hard FORGERY");
    }

    @Test
    void theForgeryLimitOfShortTagsTakesHoursToReach() {
        Opener opener = new Opener(sa.inbound(), TestSa.NO_MARK, wear);
        byte[] forged = forged(0);
        long now = 0;

        // A thousand attempts in every second of an hour.
        for (int second = 0; second < 3600; second++) {
            for (int i = 0; i < 1000; i += 100) {
                opener.open(new RecordView(forged), "attacker " + i, now + i * 1_000_000L);
            }
            now += 1_000_000_000L;
        }

        assertThat(opener.usage().failedOpenings()).isBetween(3600L, 3600L + 64);
        assertThat(wear.events()).containsExactly("alarm 64");
    }

    // Limits of use

    @Test
    void softAndHardLimitOfRecordsAreToldOnceAndTheHardOneIsExact() {
        Opener opener = new Opener(sa.soft(2, 0).hard(3, 0).inbound(), TestSa.NO_MARK, wear);

        open(opener, record(0));
        assertThat(wear.events()).containsExactly("used");
        open(opener, record(1));
        assertThat(wear.events()).containsExactly("used", "soft RECORDS");
        open(opener, record(2));

        assertThat(open(opener, record(3))).isEqualTo(discarded(DiscardReason.SA_EXPIRED));
        assertThat(wear.events()).containsExactly("used", "soft RECORDS", "hard RECORDS");
        assertThat(opener.usage().records()).isEqualTo(3);
    }

    @Test
    void neverMoreOctetsThanTheHardLimit() {
        Opener opener = new Opener(sa.hard(0, 12).inbound(), TestSa.NO_MARK, wear);
        open(opener, record(0));
        open(opener, record(1));

        assertThat(open(opener, record(2))).isEqualTo(discarded(DiscardReason.SA_EXPIRED));

        assertThat(opener.usage().octets()).isEqualTo(10);
        assertThat(opener.usage().nextSequence())
                .as("the number is not consumed")
                .isEqualTo(2);
        assertThat(wear.events()).containsExactly("used", "hard OCTETS");
    }

    @Test
    void raisedLimitsLetItGoOn() {
        Opener opener = new Opener(sa.hard(1, 0).inbound(), TestSa.NO_MARK, wear);
        open(opener, record(0));

        opener.limits(new Lifetime(Limits.NONE, Limits.NONE.withRecords(2)));

        assertThat(open(opener, record(1))).isInstanceOf(OpenResult.Opened.class);
        assertThat(open(opener, record(2))).isEqualTo(discarded(DiscardReason.SA_EXPIRED));
        assertThat(wear.events()).containsExactly("used", "hard RECORDS", "hard RECORDS");
    }

    @Test
    void loweredLimitsHoldForTheNextRecord() {
        Opener opener = new Opener(sa.inbound(), TestSa.NO_MARK, wear);
        open(opener, record(0));
        open(opener, record(1));

        opener.limits(new Lifetime(Limits.NONE, Limits.NONE.withRecords(1)));

        assertThat(open(opener, record(2))).isEqualTo(discarded(DiscardReason.SA_EXPIRED));
        assertThat(wear.events()).containsExactly("used", "hard RECORDS");
    }

    @Test
    void onceClosedNothingIsOpened() {
        SecurityAssociation inbound = sa.inbound();
        Opener opener = new Opener(inbound, TestSa.NO_MARK, wear);

        opener.close();

        assertThat(open(opener, record(0))).isEqualTo(discarded(DiscardReason.SA_EXPIRED));
        assertThat(inbound.keys().iv().borrow()).isNull();
    }

    @Test
    void anSaThatSomebodyElseClosedIsNotUsedEither() {
        SecurityAssociation inbound = sa.inbound();
        Opener opener = new Opener(inbound, TestSa.NO_MARK, wear);

        inbound.keys().iv().close();

        assertThat(open(opener, record(0))).isEqualTo(discarded(DiscardReason.SA_EXPIRED));
    }

    // Order of the doors

    @Test
    void theFirstDoorThatIsShutNamesTheReason() {
        Opener opener = new Opener(sa.failedOpenings(0, 65).inbound(), TestSa.NO_MARK, wear);
        byte[] accepted = record(0);
        open(opener, accepted, "home");
        for (int i = 1; i <= 64; i++) {
            open(opener, forged(i), "elsewhere");
        }

        assertThat(open(opener, new byte[30], "elsewhere")).isEqualTo(discarded(DiscardReason.MALFORMED));
        assertThat(open(opener, accepted, "elsewhere"))
                .as("throttle before window")
                .isEqualTo(discarded(DiscardReason.THROTTLED));
        assertThat(open(opener, accepted, "home")).isEqualTo(discarded(DiscardReason.REPLAY));
        open(opener, forged(70), "home");
        assertThat(open(opener, accepted, "elsewhere"))
                .as("state before throttle")
                .isEqualTo(discarded(DiscardReason.FORGERY_LIMIT));
        opener.close();
        assertThat(open(opener, accepted, "elsewhere")).isEqualTo(discarded(DiscardReason.SA_EXPIRED));
    }

    // History and usage

    @Test
    void aSuccessorAcceptsNothingTwice() {
        Opener opener = sa.opener();
        open(opener, record(3));
        open(opener, record(7));

        Opener successor = sa.history(opener.history()).opener();

        assertThat(open(successor, record(3))).isEqualTo(discarded(DiscardReason.REPLAY));
        assertThat(open(successor, record(7))).isEqualTo(discarded(DiscardReason.REPLAY));
        assertThat(open(successor, record(5))).isInstanceOf(OpenResult.Opened.class);
        assertThat(open(successor, record(8))).isInstanceOf(OpenResult.Opened.class);
    }

    @Test
    void usageTellsWhatWasAcceptedAndWhen() {
        Opener opener = sa.opener();
        assertThat(opener.usage().used()).isFalse();
        assertThat(opener.usage().nextSequence()).isZero();

        opener.open(new RecordView(record(6)), TestSa.SOURCE, 1000);
        opener.open(new RecordView(record(4)), TestSa.SOURCE, 2000);
        opener.open(new RecordView(record(4)), TestSa.SOURCE, 3000);

        Usage usage = opener.usage();
        assertThat(usage.records()).isEqualTo(2);
        assertThat(usage.octets()).isEqualTo(10);
        assertThat(usage.nextSequence()).isEqualTo(7);
        assertThat(usage.firstUsedNanos()).isEqualTo(1000);
        assertThat(usage.lastUsedNanos()).as("a replay is no use").isEqualTo(2000);
        assertThat(usage.discarded()).containsOnlyKeys(DiscardReason.REPLAY);
    }

    @Test
    void anOutboundSaIsRefused() {
        SecurityAssociation outbound = sa.outbound();

        assertThatIllegalArgumentException().isThrownBy(() -> new Opener(outbound, 0, WearListener.NONE));
    }

    private byte[] record(long sequence) {
        return TestSa.octetsOf(sa.sendingFrom(sequence).sealer().seal(MESSAGE, 0, 0, 0));
    }

    private byte[] forged(long sequence) {
        byte[] record = record(sequence);
        record[record.length - 1] ^= 1;
        return record;
    }

    private static OpenResult open(Opener opener, byte[] record) {
        return open(opener, record, TestSa.SOURCE);
    }

    private static OpenResult open(Opener opener, byte[] record, String source) {
        return opener.open(new RecordView(record), source, 0);
    }

    private static OpenResult discarded(DiscardReason reason) {
        return new OpenResult.Discarded(reason);
    }

    private static long sequenceOf(OpenResult result) {
        assertThat(result).isInstanceOf(OpenResult.Opened.class);
        return ((OpenResult.Opened) result).sequence();
    }
}
