// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.BothEnds.CLIENT;
import static dev.samd.daemon.BothEnds.SERVER;
import static dev.samd.daemon.BothEnds.protect;
import static dev.samd.daemon.BothEnds.unprotect;
import static dev.samd.daemon.DaemonFixture.hex;
import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.samd.daemon.store.StoreSettings;
import dev.samd.sa.SaError;
import dev.samd.v1.Direction;
import dev.samd.v1.DiscardReason;
import dev.samd.v1.Opened;
import dev.samd.v1.Policy;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceListRequest;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceUnprotectResponse;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceAddResponse;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceDumpRequest;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.v1.Usage;
import dev.samd.wire.ErrorWire;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A daemon that ends, and the next one over what it left. A crash is a copy of the disk made while the daemon lives: nothing
 * that it still holds in memory is in there.
 */
class DurableDaemonTest {
    @TempDir
    Path directory;

    private final List<DaemonFixture> running = new ArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(DaemonFixture::close);
    }

    private DaemonFixture start(Path place) throws IOException {
        DaemonFixture started = new DaemonFixture(DaemonFixture.config(place).with(StoreSettings.DEFAULT));
        running.add(started);
        return started;
    }

    private void end(DaemonFixture fixture) {
        running.remove(fixture);
        fixture.close();
    }

    /** The next daemon after a crash of this one. */
    private DaemonFixture afterCrash(String name) throws IOException {
        return afterCrash(directory, name);
    }

    private DaemonFixture afterCrash(Path from, String name) throws IOException {
        Path to = directory.resolve(name);
        copy(from.resolve("state"), to.resolve("state"));
        copy(from.resolve("state.guard"), to.resolve("state.guard"));
        return start(to);
    }

    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    static List<SaEntry> dump(DaemonFixture f) {
        List<SaEntry> entries = new ArrayList<>();
        f.sadb().dump(SadbServiceDumpRequest.getDefaultInstance()).forEachRemaining(item -> {
            if (item.hasEntry()) {
                entries.add(item.getEntry());
            }
        });
        return entries;
    }

    /** What a listing says of an SA that no crash may change. */
    static List<SaEntry> lasting(DaemonFixture f) {
        return dump(f).stream()
                .map(entry -> entry.toBuilder().clearUsage().clearRevision().build())
                .toList();
    }

    /** Records, octets, and where the numbers stand. */
    private static List<List<Long>> counts(List<SaEntry> entries) {
        return entries.stream()
                .map(SaEntry::getUsage)
                .map(usage -> List.of(usage.getRecords(), usage.getOctets(), usage.getNextSequence()))
                .toList();
    }

    static RecordServiceProtectResponse get(DaemonFixture f) {
        return f.records().protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY));
    }

    static RecordServiceUnprotectResponse receive(DaemonFixture f, ByteString coap) {
        return f.records().unprotect(unprotect(coap, SERVER, ByteString.EMPTY));
    }

    /** The sequence number in the record of a protected message: six octets after type, version and epoch. */
    private static long sequence(RecordServiceProtectResponse message) {
        byte[] coap = message.getCoap().toByteArray();
        for (int i = 0; i < coap.length - 11; i++) {
            if (coap[i] == (byte) 0xff
                    && coap[i + 1] == 25
                    && coap[i + 2] == (byte) 0xfe
                    && coap[i + 3] == (byte) 0xfd) {
                return ByteString.copyFrom(coap, i + 6, 6)
                                        .asReadOnlyByteBuffer()
                                        .getShort()
                                * (1L << 32)
                        + Integer.toUnsignedLong(ByteString.copyFrom(coap, i + 8, 4)
                                .asReadOnlyByteBuffer()
                                .getInt());
            }
        }
        throw new AssertionError("no record in " + message);
    }

    static void assertRefused(SaError error, ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(failure).isNotNull();
        assertThat(ErrorWire.fromStatus(failure).orElseThrow().error()).isEqualTo(error);
    }

    @Test
    void everySaThatWasAcknowledgedIsThereAfterACrash() throws Exception {
        DaemonFixture first = start(directory);
        BothEnds.install(first, "aa", 50);
        first.add(Direction.DIRECTION_OUTBOUND, "bb01");
        first.add(parameters(Direction.DIRECTION_INBOUND, "bb02").build(), keys(70), "named");
        first.sadb()
                .getSpi(SadbServiceGetSpiRequest.newBuilder()
                        .setPeer(DaemonFixture.PEER)
                        .build());
        long deleted = first.add(parameters(Direction.DIRECTION_INBOUND, "bb03").build(), keys(71), "")
                .getSaId();
        first.sadb()
                .delete(SadbServiceDeleteRequest.newBuilder()
                        .setSa(byId(deleted))
                        .build());

        DaemonFixture second = afterCrash("next");

        assertThat(lasting(second))
                .containsExactlyInAnyOrderElementsOf(lasting(first))
                .hasSize(7);
    }

    @Test
    void noNumberIsUsedTwiceAndNoRecordAcceptedTwiceAfterACrash() throws Exception {
        DaemonFixture first = start(directory);
        BothEnds.install(first, "aa", 1);
        List<ByteString> accepted = new ArrayList<>();
        long last = -1;
        for (int i = 0; i < 40; i++) {
            RecordServiceProtectResponse message = get(first);
            last = sequence(message);
            assertThat(receive(first, message.getCoap()).hasOpened()).isTrue();
            accepted.add(message.getCoap());
        }
        RecordServiceProtectResponse underWay = get(first);
        long atTheCrash = sequence(underWay);
        assertThat(atTheCrash).isEqualTo(last + 1);

        DaemonFixture second = afterCrash("next");

        RecordServiceProtectResponse message = get(second);
        assertThat(sequence(message)).isGreaterThan(atTheCrash);
        for (ByteString replayed : accepted) {
            assertThat(receive(second, replayed).getDiscarded().getReason())
                    .isIn(DiscardReason.DISCARD_REASON_REPLAY, DiscardReason.DISCARD_REASON_TOO_OLD);
        }
        assertThat(receive(second, message.getCoap()).hasOpened()).isTrue();
    }

    @Test
    void octetsThatACrashMayHaveHiddenAreCountedAsThoseBefore() throws Exception {
        DaemonFixture first = start(directory);
        BothEnds.install(first, "aa", 1);
        long last = 0;
        // Beyond the first block of numbers: the mark has risen, and what was used by then was kept with it.
        while (last < 1_100) {
            last = sequence(get(first));
        }
        Usage used = busiest(first);
        long size = used.getOctets() / used.getRecords();

        Usage kept = busiest(afterCrash("next"));

        assertThat(used.getRecords()).isEqualTo(last + 1);
        assertThat(kept.getRecords()).isGreaterThanOrEqualTo(used.getRecords());
        assertThat(kept.getOctets()).isEqualTo(kept.getRecords() * size);
    }

    private static Usage busiest(DaemonFixture f) {
        return dump(f).stream()
                .map(SaEntry::getUsage)
                .max(Comparator.comparingLong(Usage::getNextSequence))
                .orElseThrow();
    }

    @Test
    void aCleanStopSkipsNothingAndForgetsNothing() throws Exception {
        DaemonFixture first = start(directory);
        BothEnds.install(first, "aa", 1);
        RecordServiceProtectResponse seen = get(first);
        RecordServiceProtectResponse late = get(first);
        RecordServiceProtectResponse newest = get(first);
        assertThat(receive(first, seen.getCoap()).hasOpened()).isTrue();
        assertThat(receive(first, newest.getCoap()).hasOpened()).isTrue();
        List<SaEntry> before = dump(first);
        end(first);

        DaemonFixture second = start(directory);

        assertThat(counts(dump(second))).isEqualTo(counts(before));
        assertThat(receive(second, seen.getCoap()).getDiscarded().getReason())
                .isEqualTo(DiscardReason.DISCARD_REASON_REPLAY);
        assertThat(receive(second, newest.getCoap()).getDiscarded().getReason())
                .isEqualTo(DiscardReason.DISCARD_REASON_REPLAY);
        assertThat(receive(second, late.getCoap()).hasOpened()).isTrue();
        assertThat(sequence(get(second))).isEqualTo(sequence(newest) + 1);
    }

    @Test
    void theNotesOfACleanStopAreGoodForOneStart() throws Exception {
        DaemonFixture first = start(directory);
        BothEnds.install(first, "aa", 1);
        end(first);
        DaemonFixture second = start(directory);
        RecordServiceProtectResponse message = get(second);
        assertThat(receive(second, message.getCoap()).hasOpened()).isTrue();

        DaemonFixture third = afterCrash("next");

        assertThat(sequence(get(third))).isGreaterThan(sequence(message));
        assertThat(receive(third, message.getCoap()).hasDiscarded()).isTrue();
    }

    @Test
    void anAnswerToARequestOfAnEarlierLifeIsStillAnswered() throws Exception {
        DaemonFixture first = start(directory);
        BothEnds.install(first, "aa", 1);
        RecordServiceProtectResponse request = get(first);
        Opened received = receive(first, request.getCoap()).getOpened();

        DaemonFixture second = afterCrash("next");

        RecordServiceProtectResponse response =
                second.records().protect(protect(Messages.CONTENT, SERVER, "", received.getReference()));
        assertThat(second.records()
                        .unprotect(unprotect(response.getCoap(), CLIENT, request.getReference()))
                        .getOpened()
                        .getCoap())
                .isEqualTo(Messages.CONTENT);
    }

    @Test
    void aKeyIsKnownForEver() throws Exception {
        DaemonFixture first = start(directory);
        long id = first.add(parameters(Direction.DIRECTION_OUTBOUND, "bb01").build(), keys(7), "")
                .getSaId();
        first.sadb()
                .delete(SadbServiceDeleteRequest.newBuilder().setSa(byId(id)).build());
        end(first);

        DaemonFixture second = start(directory);

        assertRefused(
                SaError.KEY_REUSED,
                () -> second.add(
                        parameters(Direction.DIRECTION_OUTBOUND, "bb02").build(), keys(7), ""));
    }

    @Test
    void aRepeatedRequestGetsItsFirstAnswerAfterACrash() throws Exception {
        DaemonFixture first = start(directory);
        SadbServiceAddRequest request = SadbServiceAddRequest.newBuilder()
                .setParameters(parameters(Direction.DIRECTION_OUTBOUND, "bb01"))
                .setKeys(keys(7))
                .setRequestId(hex("0102030405060708"))
                .build();
        SadbServiceAddResponse answer = first.sadb().add(request);

        DaemonFixture second = afterCrash("next");

        assertThat(second.sadb().add(request).getSaId()).isEqualTo(answer.getSaId());
        assertThat(dump(second)).hasSize(1);
        assertRefused(SaError.REQUEST_ID_REUSED, () -> second.sadb()
                .add(request.toBuilder().setKeys(keys(8)).build()));
    }

    @Test
    void policiesThatWereSetStandAfterACrash() throws Exception {
        DaemonFixture first = start(directory);
        first.policies()
                .add(PolicyServiceAddRequest.newBuilder()
                        .setPolicy(Policy.newBuilder().setName("closed").setAction(PolicyAction.POLICY_ACTION_DISCARD))
                        .build());

        DaemonFixture second = afterCrash("next");

        assertThat(second.policies()
                        .list(PolicyServiceListRequest.getDefaultInstance())
                        .getPoliciesList())
                .extracting(Policy::getName)
                .containsExactly("closed");
    }

    @Test
    void aStoreThatWentBackIsRecognisedAndItsSasAreSuspended() throws Exception {
        DaemonFixture first = start(directory);
        SadbServiceInstallPairResponse pair = BothEnds.install(first, "aa", 1);
        end(first);
        copy(directory.resolve("state"), directory.resolve("backup/state"));
        DaemonFixture second = start(directory);
        RecordServiceProtectResponse message = get(second);
        end(second);
        Files.copy(directory.resolve("state.guard"), directory.resolve("backup/state.guard"));

        DaemonFixture restored = start(directory.resolve("backup"));

        assertThat(dump(restored)).hasSize(4).allMatch(SaEntry::getSuspended);
        assertRefused(SaError.NO_USABLE_SA, () -> get(restored));
        assertThat(receive(restored, message.getCoap()).getDiscarded().getReason())
                .isEqualTo(DiscardReason.DISCARD_REASON_SUSPENDED);
        assertRefused(SaError.KEY_REUSED, () -> restored.add(Direction.DIRECTION_OUTBOUND, "bb01"));
        restored.sadb()
                .delete(SadbServiceDeleteRequest.newBuilder()
                        .setSa(byId(pair.getOutboundSaId()))
                        .build());
        assertThat(dump(restored)).hasSize(3);
        end(restored);

        // Once suspended, for ever: a second start does not make numbers good.
        assertThat(dump(start(directory.resolve("backup")))).hasSize(3).allMatch(SaEntry::getSuspended);
    }

    @Test
    void aStoreWithoutItsGuardIsACopy() throws Exception {
        DaemonFixture first = start(directory);
        BothEnds.install(first, "aa", 1);
        end(first);
        copy(directory.resolve("state"), directory.resolve("copy/state"));

        assertThat(dump(start(directory.resolve("copy")))).hasSize(4).allMatch(SaEntry::getSuspended);
    }

    @Test
    void forgeriesThatACrashMayHaveHiddenAreCountedOnceAndNotAtEveryCrash() throws Exception {
        DaemonFixture first = start(directory);
        BothEnds.install(first, "aa", 1);
        byte[] forged = get(first).getCoap().toByteArray();
        forged[forged.length - 1] ^= 1;
        assertThat(receive(first, ByteString.copyFrom(forged)).getDiscarded().getReason())
                .isEqualTo(DiscardReason.DISCARD_REASON_BAD_TAG);
        // What is noted for nobody who waits is on the disk before what comes after it.
        first.add(parameters(Direction.DIRECTION_INBOUND, "bb03").build(), keys(71), "");

        DaemonFixture second = afterCrash("next");
        long counted = failedOpenings(second);
        assertThat(counted).isGreaterThan(1);
        assertThat(receive(second, get(second).getCoap()).hasOpened()).isTrue();

        DaemonFixture third = afterCrash(directory.resolve("next"), "after");
        assertThat(failedOpenings(third)).isEqualTo(counted);
    }

    private static long failedOpenings(DaemonFixture f) {
        return dump(f).stream()
                .mapToLong(entry -> entry.getUsage().getFailedOpenings())
                .sum();
    }

    private static SaSelector byId(long id) {
        return SaSelector.newBuilder().setSaId(id).build();
    }
}
