// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.DiscardReason;
import dev.samd.sa.History;
import dev.samd.sa.Usage;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Looking at a record without accepting it (T46). */
class InspectionTest {
    private final TestSa sa = TestSa.ccm8();

    private byte[] record(long number) {
        return ForgedRecord.of(sa, ContentType.TLS12_CID, number, new byte[] {'h', 'i', ContentType.APPLICATION_DATA});
    }

    private static Inspection inspect(Opener opener, byte[] record) {
        return opener.inspect(new RecordView(record), TestSa.SOURCE, 0);
    }

    private static OpenResult open(Opener opener, byte[] record) {
        return opener.open(new RecordView(record), TestSa.SOURCE, 0);
    }

    private static byte[] damaged(byte[] record) {
        record[record.length - 1] ^= 1;
        return record;
    }

    @Test
    void whatIsLookedAtIsNotAccepted() {
        Opener opener = sa.opener();
        History before = opener.history();
        byte[] record = record(7);

        Inspection first = inspect(opener, record);
        Inspection second = inspect(opener, record);

        assertThat(first.refusal()).isEmpty();
        assertThat(first.authentic()).isTrue();
        assertThat(first.content()).map(OpenResult.Opened::plaintext).contains(new byte[] {'h', 'i'});
        assertThat(second.refusal()).isEmpty();
        assertThat(opener.history()).isEqualTo(before);
        assertThat(opener.usage().records()).isZero();
        assertThat(opener.usage().discarded()).isEmpty();
        assertThat(open(opener, record)).isInstanceOf(OpenResult.Opened.class);
    }

    @Test
    void acceptedBeforeIsStillToldApartFromForged() {
        Opener opener = sa.opener();
        open(opener, record(0));
        open(opener, record(100));

        Inspection seen = inspect(opener, record(100));
        Inspection old = inspect(opener, record(1));
        Inspection forged = inspect(opener, damaged(record(100)));

        assertThat(seen.refusal()).contains(DiscardReason.REPLAY);
        assertThat(seen.authentic()).isTrue();
        assertThat(old.refusal()).contains(DiscardReason.TOO_OLD);
        assertThat(old.authentic()).isTrue();
        assertThat(forged.refusal()).contains(DiscardReason.REPLAY);
        assertThat(forged.authentic()).isFalse();
    }

    @Test
    void badTagCountsAsAForgery() {
        Opener opener = sa.opener();

        Inspection forged = inspect(opener, damaged(record(5)));

        Usage usage = opener.usage();
        assertThat(forged).isEqualTo(new Inspection(Optional.of(DiscardReason.BAD_TAG), false, Optional.empty()));
        assertThat(usage.failedOpenings()).isEqualTo(1);
        assertThat(usage.discarded()).containsEntry(DiscardReason.BAD_TAG, 1L);
    }

    @Test
    void forgeriesStopTheSaAsOnArrival() {
        TestSa limited = sa.failedOpenings(0, 2);
        Opener opener = limited.opener();
        byte[] good = record(9);

        inspect(opener, damaged(record(5)));
        inspect(opener, damaged(record(6)));

        assertThat(inspect(opener, good)).isEqualTo(Inspection.closed(DiscardReason.FORGERY_LIMIT));
        assertThat(open(opener, good)).isEqualTo(new OpenResult.Discarded(DiscardReason.FORGERY_LIMIT));
    }

    @Test
    void tagIsNotTriedWithoutKeysOrWhereTheHeaderDoesNotFit() {
        Opener opener = sa.opener();
        byte[] otherEpoch = TestSa.octetsOf(sa.epoch(2).sealer().seal(new byte[3], 0, 0, 0));

        assertThat(inspect(opener, otherEpoch)).isEqualTo(Inspection.closed(DiscardReason.MALFORMED));
        opener.close();
        assertThat(inspect(opener, record(0))).isEqualTo(Inspection.closed(DiscardReason.SA_EXPIRED));
        assertThat(opener.usage().failedOpenings()).isZero();
    }

    @Test
    void recordBeyondTheHardLimitWouldNotBeAccepted() {
        TestSa limited = sa.hard(1, 0);
        Opener opener = limited.opener();
        open(opener, record(0));

        Inspection next = inspect(opener, record(1));

        assertThat(next.refusal()).contains(DiscardReason.SA_EXPIRED);
    }

    @Test
    void authenticRecordOfAnUnknownTypeIsMalformed() {
        byte[] handshake = ForgedRecord.of(sa, ContentType.TLS12_CID, 0, new byte[] {'h', 'i', 22});
        byte[] zeros = ForgedRecord.of(sa, ContentType.TLS12_CID, 1, new byte[3]);

        assertThat(inspect(sa.opener(), handshake))
                .isEqualTo(new Inspection(Optional.of(DiscardReason.MALFORMED), true, Optional.empty()));
        assertThat(inspect(sa.opener(), zeros))
                .isEqualTo(new Inspection(Optional.of(DiscardReason.MALFORMED), true, Optional.empty()));
    }

    @Test
    void numberAboveTheMarkWouldBeAcceptedOnceThatIsRaised() {
        Opener opener = new Opener(sa.inbound(), 5, WearListener.NONE);

        assertThat(inspect(opener, record(7)).refusal()).isEmpty();
        assertThat(open(opener, record(7))).isEqualTo(new OpenResult.MustWait(7));
    }
}
