// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.crashtest.Entry.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker finds every kind of violation, and nothing where there is none. */
class CheckerTest {
    private static final long KEY = 0x10000001L;
    private static final long SA = 77;

    @TempDir
    private Path directory;

    private Journal journal;

    @BeforeEach
    void begin() {
        journal = new Journal(directory.resolve("journal"));
    }

    @AfterEach
    void end() {
        journal.close();
    }

    private void sealed(long number) {
        journal.add(Kind.SEALED, 0, KEY, number);
    }

    private void released(long number) {
        journal.add(Kind.RELEASED, 1, KEY, number);
    }

    private void listing(long... lifetimes) {
        journal.add(Kind.LISTING, 0);
        for (long lifetime : lifetimes) {
            journal.add(Kind.LISTED, 0, SA, lifetime);
        }
        journal.add(Kind.LISTING_ENDS, 0);
    }

    private void found(String words) {
        assertThat(journal.violation().map(Violation::words))
                .hasValueSatisfying(text -> assertThat(text).contains(words));
    }

    private void nothingFound() {
        assertThat(journal.violation()).isEmpty();
    }

    @Test
    void aNumberThatIsReturnedTwice() {
        sealed(5);
        sealed(6);
        nothingFound();

        sealed(5);

        found("record 10000001/5 was returned twice");
    }

    @Test
    void aRecordThatIsReleasedTwice() {
        sealed(5);
        released(5);
        journal.add(Kind.REFUSED, 1, KEY, 5);
        nothingFound();

        released(5);

        found("record 10000001/5 was released twice");
    }

    @Test
    void aRecordThatNobodyMade() {
        sealed(5);

        released(6);

        found("record 10000001/6 was released, and nobody ever made it");
    }

    @Test
    void equalNumbersOfTwoKeysAreNoViolation() {
        sealed(5);
        journal.add(Kind.SEALED, 1, KEY + 1, 5);

        nothingFound();
    }

    @Test
    void anAcknowledgedSaThatIsLost() {
        journal.add(Kind.INSTALLED, 0, SA, 10);
        listing(10);
        nothingFound();

        listing();

        found("SA 77 of samd 0 was acknowledged, and is lost");
    }

    @Test
    void anSaOfTheOtherDaemonIsNotMissed() {
        journal.add(Kind.INSTALLED, 1, SA, 10);

        listing();

        nothingFound();
    }

    @Test
    void aDeletedSaThatCameBack() {
        journal.add(Kind.INSTALLED, 0, SA, 10);
        journal.add(Kind.DELETE_ASKED, 0, SA, 0);
        journal.add(Kind.DELETED, 0, SA, 0);
        listing();
        nothingFound();

        listing(10);

        found("SA 77 of samd 0 was deleted, and came back");
    }

    @Test
    void aDeletionWithoutAnAnswerMayHaveHappenedOrNot() {
        journal.add(Kind.INSTALLED, 0, SA, 10);
        journal.add(Kind.DELETE_ASKED, 0, SA, 0);

        listing(10);
        listing();

        nothingFound();
    }

    @Test
    void aReservationThatIsLost() {
        journal.add(Kind.RESERVED, 0, SA, 0);
        listing(0);
        nothingFound();

        listing();

        found("SA 77 of samd 0 was acknowledged, and is lost");
    }

    @Test
    void aReservationMayEndByItselfWhenItIsOld() {
        journal.add(Kind.RESERVED, 0, SA, Reservation.YOUNG_MILLIS + 1);

        listing();

        nothingFound();
    }

    @Test
    void aReservationThatWasCompletedDoesNotEndByItself() {
        journal.add(Kind.RESERVED, 0, SA, Reservation.YOUNG_MILLIS + 1);
        journal.add(Kind.LIFETIME_ASKED, 0, SA, 10);
        listing(0);
        listing(10);
        journal.add(Kind.LIFETIME_CHANGED, 0, SA, 10);
        nothingFound();

        listing();

        found("SA 77 of samd 0 was acknowledged, and is lost");
    }

    @Test
    void aReservationThatWasCompletedAndHasNoKeysAgain() {
        journal.add(Kind.RESERVED, 0, SA, 0);
        journal.add(Kind.LIFETIME_ASKED, 0, SA, 10);
        journal.add(Kind.LIFETIME_CHANGED, 0, SA, 10);

        listing(0);

        found("SA 77 of samd 0 has the lifetime of 0 s, and was acknowledged with [10]");
    }

    @Test
    void anIdThatIsGivenTwice() {
        journal.add(Kind.INSTALLED, 0, SA, 10);

        journal.add(Kind.INSTALLED, 0, SA, 10);

        found("SA 77 of samd 0 was given as an id a second time");
    }

    @Test
    void anIdThatIsGivenAgainAfterItsDeletion() {
        journal.add(Kind.INSTALLED, 0, SA, 10);
        journal.add(Kind.DELETED, 0, SA, 0);

        journal.add(Kind.INSTALLED, 0, SA, 10);

        found("SA 77 of samd 0 was given as an id a second time");
    }

    @Test
    void aChangeThatIsForgotten() {
        journal.add(Kind.INSTALLED, 0, SA, 10);
        journal.add(Kind.LIFETIME_ASKED, 0, SA, 20);
        listing(10);
        listing(20);
        journal.add(Kind.LIFETIME_CHANGED, 0, SA, 20);
        nothingFound();

        listing(10);

        found("SA 77 of samd 0 has the lifetime of 10 s, and was acknowledged with [20]");
    }

    @Test
    void theTraceHasTheRecordsEntriesAndWhatBecameOfTheDaemons() {
        sealed(4);
        sealed(5);
        journal.add(Kind.KILLED, 0);
        sealed(5);

        List<String> trace = journal.trace(journal.violation().orElseThrow());

        assertThat(trace).hasSize(3);
        assertThat(trace.get(0)).startsWith("*").contains("samd 0 returned record 10000001/5");
        assertThat(trace.get(1)).startsWith(" ").contains("samd 0 is killed");
        assertThat(trace.get(2)).startsWith("*").contains("samd 0 returned record 10000001/5");
    }

    @Test
    void theJournalGivesBackWhatWentIn() {
        int count = 10_000;
        for (int i = 0; i < count; i++) {
            sealed(i);
        }

        List<Entry> entries = new ArrayList<>();
        journal.read(entries::add);

        assertThat(entries).hasSize(count);
        assertThat(entries.get(count - 1).kind()).isEqualTo(Kind.SEALED);
        assertThat(entries).extracting(Entry::number).doesNotHaveDuplicates();
    }

    @Test
    void numbersThatWereLeftOutAreCounted() {
        sealed(0);
        sealed(1);
        sealed(1024);

        assertThat(journal.figures(Checker::skippedNumbers)).isEqualTo(1022);
        assertThat(journal.figures(Checker::sealedRecords)).isEqualTo(3);
    }
}
