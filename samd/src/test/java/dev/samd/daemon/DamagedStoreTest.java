// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static dev.samd.daemon.DurableDaemonTest.assertRefused;
import static dev.samd.daemon.DurableDaemonTest.dump;
import static dev.samd.daemon.DurableDaemonTest.get;
import static dev.samd.daemon.DurableDaemonTest.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.samd.daemon.store.StoreSettings;
import dev.samd.daemon.store.StoredRows;
import dev.samd.sa.SaError;
import dev.samd.v1.Direction;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.ResumeSending;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SadbServiceAddRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** One bit of one row is wrong: what cannot be read is set aside and told, the rest serves, and no key goes back. */
class DamagedStoreTest {
    private static final SadbServiceAddRequest ADDED = SadbServiceAddRequest.newBuilder()
            .setParameters(parameters(Direction.DIRECTION_OUTBOUND, "bb01"))
            .setKeys(keys(70))
            .setPairName("named")
            .setRequestId(DaemonFixture.hex("0102030405060708"))
            .build();

    @TempDir
    Path directory;

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.samd.daemon.store");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final List<DaemonFixture> running = new ArrayList<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(logged);
        running.forEach(DaemonFixture::close);
    }

    private DaemonFixture start() throws IOException {
        DaemonFixture started =
                new DaemonFixture(DaemonFixture.config(directory).with(StoreSettings.DEFAULT));
        running.add(started);
        return started;
    }

    private void end(DaemonFixture fixture) {
        running.remove(fixture);
        fixture.close();
    }

    private Path state() {
        return directory.resolve("state");
    }

    /** A store of five SAs, two of which were used, and one answer; ended in order. */
    private void fill() throws IOException {
        DaemonFixture first = start();
        BothEnds.install(first, "aa", 1);
        first.sadb().add(ADDED);
        for (int i = 0; i < 5; i++) {
            assertThat(receive(first, get(first).getCoap()).hasOpened()).isTrue();
        }
        end(first);
    }

    private void damage(String family, boolean all) throws Exception {
        try (StoredRows rows = StoredRows.open(state())) {
            rows.damage(family, all);
        }
    }

    private int setAside() throws Exception {
        try (StoredRows rows = StoredRows.open(state())) {
            return rows.count("damaged");
        }
    }

    private void assertTold(String family) {
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("damaged and set aside") && line.contains("family=" + family + " "));
    }

    /**
     * How many SAs are there afterwards, and how many rows were set aside: an SA goes with what belongs to it. Of keys all are
     * damaged, since some are of two SAs and some of one.
     */
    @ParameterizedTest
    @CsvSource({
        "sa, 4, 1",
        "keys, 4, 2",
        "pair, 3, 3",
        "key, 0, 8",
        "mark, 4, 2",
        "usage, 5, 1",
        "note, 5, 1",
        "answer, 5, 1"
    })
    void theRestServes(String family, int left, int asideWithIt) throws Exception {
        fill();
        damage(family, family.equals("key"));

        DaemonFixture next = start();

        List<SaEntry> entries = dump(next);
        assertThat(entries).hasSize(left).noneMatch(SaEntry::getSuspended);
        assertTold(family);
        next.add(fromNumberOn("dd01"), keys(500), "");
        assertThat(dump(next)).hasSize(left + 1);
        end(next);
        assertThat(setAside()).isEqualTo(asideWithIt);
        // Set aside once: the next start has nothing to say.
        logged.list.clear();
        DaemonFixture third = start();
        assertThat(dump(third)).hasSize(left + 1);
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(line -> line.contains("damaged"));
    }

    /** Numbers that are said: these go even where fresh keys are no longer believed. */
    private static SaParameters fromNumberOn(String spi) {
        return parameters(Direction.DIRECTION_OUTBOUND, spi)
                .setResumeSending(ResumeSending.newBuilder().setNextSequence(0))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "mark"})
    void aStoreThatLostWhatItKnewOfAKeyTrustsNoFreshOneByHand(String family) throws Exception {
        fill();
        damage(family, false);

        DaemonFixture next = start();

        assertRefused(SaError.KEY_REUSED, () -> next.add(Direction.DIRECTION_OUTBOUND, "dd01"));
        end(next);
        DaemonFixture third = start();
        assertRefused(SaError.KEY_REUSED, () -> third.add(Direction.DIRECTION_OUTBOUND, "dd01"));
    }

    @Test
    void theKeyOfAnSaThatCannotBeReadStaysAtItsMark() throws Exception {
        DaemonFixture first = start();
        BothEnds.install(first, "aa", 1);
        RecordServiceProtectResponse last = get(first);
        end(first);
        damage("sa", true);

        DaemonFixture next = start();

        assertThat(dump(next)).isEmpty();
        assertThat(last.getCoap().isEmpty()).isFalse();
        assertRefused(SaError.KEY_REUSED, () -> next.add(outboundAgain(-1), keys(1), ""));
        assertRefused(SaError.KEY_REUSED, () -> next.add(outboundAgain(1), keys(1), ""));
        assertThat(next.add(outboundAgain(1L << 20), keys(1), "").getSaId()).isPositive();
    }

    /** The client's outbound SA, beginning at a number, or fresh for a negative one. */
    private static SaParameters outboundAgain(long number) {
        SaParameters.Builder again = parameters(Direction.DIRECTION_OUTBOUND, "aa01")
                .setLocal(BothEnds.CLIENT)
                .setPeer(BothEnds.SERVER);
        return number < 0
                ? again.build()
                : again.setResumeSending(ResumeSending.newBuilder().setNextSequence(number))
                        .build();
    }

    @Test
    void aRepeatedRequestWhoseAnswerIsLostIsRefusedAndNotDoneTwice() throws Exception {
        fill();
        damage("answer", true);

        DaemonFixture next = start();

        assertRefused(SaError.SA_EXISTS, () -> next.sadb().add(ADDED));
        assertThat(dump(next)).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secrets", "life", "counters", "clean", "policies"})
    void aRowAtTheRootThatCannotBeReadStopsTheStart(String name) throws Exception {
        fill();
        try (StoredRows rows = StoredRows.open(state())) {
            rows.damageMeta(name);
        }

        assertThatThrownBy(this::start)
                .hasMessageContaining("the store in " + state() + " is damaged: " + name + " cannot be read");
    }
}
