// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.BothEnds.CLIENT;
import static dev.samd.daemon.BothEnds.SERVER;
import static dev.samd.daemon.BothEnds.protect;
import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static dev.samd.daemon.DurableDaemonTest.assertRefused;
import static dev.samd.daemon.DurableDaemonTest.copy;
import static dev.samd.daemon.DurableDaemonTest.dump;
import static dev.samd.daemon.DurableDaemonTest.get;
import static dev.samd.daemon.DurableDaemonTest.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.samd.daemon.store.StoreSettings;
import dev.samd.sa.SaError;
import dev.samd.v1.Acquire;
import dev.samd.v1.AdminServiceBackupRequest;
import dev.samd.v1.AdminServiceBackupResponse;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.Direction;
import dev.samd.v1.DiscardReason;
import dev.samd.v1.PairRole;
import dev.samd.v1.Policy;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyDirection;
import dev.samd.v1.PolicySelector;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceListRequest;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.SaEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a daemon that is used, and daemons that start from them. */
class BackupSocketTest {
    @TempDir
    Path directory;

    private final List<DaemonFixture> running = new ArrayList<>();
    private DaemonFixture f;
    private Path destination;

    @BeforeEach
    void start() throws Exception {
        f = start(directory);
        destination = directory.resolve("backup");
    }

    private DaemonFixture start(Path place) throws IOException {
        DaemonFixture started = new DaemonFixture(DaemonFixture.config(place).with(StoreSettings.DEFAULT));
        running.add(started);
        return started;
    }

    @AfterEach
    void stop() {
        running.forEach(DaemonFixture::close);
    }

    private void end(DaemonFixture fixture) {
        running.remove(fixture);
        fixture.close();
    }

    private AdminServiceBackupResponse backup() {
        return f.admin()
                .backup(AdminServiceBackupRequest.newBuilder()
                        .setDestination(destination.toString())
                        .build());
    }

    /** A daemon at another place over the backup, with the key file that belongs to it. */
    private DaemonFixture restoredElsewhere() throws IOException {
        Path place = directory.resolve("elsewhere");
        copy(destination, place.resolve("state"));
        Files.copy(directory.resolve("state/kek"), place.resolve("state/kek"));
        return start(place);
    }

    private void addPolicy() {
        f.policies()
                .add(PolicyServiceAddRequest.newBuilder()
                        .setPolicy(Policy.newBuilder()
                                .setName("servers")
                                .setAction(PolicyAction.POLICY_ACTION_PROTECT)
                                .setSelector(PolicySelector.newBuilder()
                                        .setDirection(PolicyDirection.POLICY_DIRECTION_OUTBOUND)
                                        .setPeer("coap://server-*"))
                                .addKmps("ace")
                                .addKmps("manual"))
                        .build());
    }

    @Test
    void aBackupUnderLoadHoldsAllThatWasAcknowledgedBeforeIt() throws Exception {
        addPolicy();
        BothEnds.install(f, "aa", 1);
        AtomicInteger added = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            for (int i = 0; !enough.get(); i++) {
                String spi = String.format("bb%06x", i);
                f.add(parameters(Direction.DIRECTION_OUTBOUND, spi).build(), keys(1000 + i), "");
                added.incrementAndGet();
                assertThat(receive(f, get(f).getCoap()).hasOpened()).isTrue();
            }
        });
        await().until(() -> added.get() > 20);
        int before = added.get();
        long revision = f.admin()
                .info(AdminServiceInfoRequest.getDefaultInstance())
                .getCursor()
                .getRevision();

        AdminServiceBackupResponse made = backup();

        int after = added.get();
        await().until(() -> added.get() > after + 20);
        enough.set(true);
        load.get(20, TimeUnit.SECONDS);
        RecordServiceProtectResponse late = get(f);
        assertThat(made.getRevision()).isGreaterThanOrEqualTo(revision);
        assertThat(made.getDestination()).isEqualTo(destination.toString());
        assertThat(made.getOctets()).isEqualTo(size(destination));
        assertThat(Files.readString(directory.resolve("state/kek"))).contains(made.getKeyEncryptionKey());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(destination)))
                .isEqualTo("rwx------");
        assertThat(directory.resolve("state/checkpoint")).doesNotExist();
        assertThat(directory.resolve("backup.partial")).doesNotExist();

        DaemonFixture restored = restoredElsewhere();

        List<SaEntry> entries = dump(restored);
        assertThat(entries).hasSizeGreaterThanOrEqualTo(4 + before).allMatch(SaEntry::getSuspended);
        assertThat(restored.policies()
                        .list(PolicyServiceListRequest.getDefaultInstance())
                        .getPoliciesList())
                .extracting(Policy::getName)
                .containsExactly("servers");
        assertRefused(
                SaError.KEY_REUSED,
                () -> restored.add(
                        parameters(Direction.DIRECTION_OUTBOUND, "cc01").build(), keys(9_999_999), ""));
        assertThat(receive(restored, late.getCoap()).getDiscarded().getReason())
                .isEqualTo(DiscardReason.DISCARD_REASON_SUSPENDED);
    }

    private static long size(Path of) throws IOException {
        try (Stream<Path> files = Files.walk(of)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void aBackupThatIsPutInPlaceIsRecognisedThoughItsGuardIsThere() throws Exception {
        BothEnds.install(f, "aa", 1);
        backup();
        RecordServiceProtectResponse message = get(f);
        end(f);
        try (Stream<Path> rows = Files.list(directory.resolve("state/sadb"))) {
            for (Path row : (Iterable<Path>) rows::iterator) {
                Files.delete(row);
            }
        }
        Files.delete(directory.resolve("state/sadb"));
        copy(destination.resolve("sadb"), directory.resolve("state/sadb"));

        DaemonFixture restored = start(directory);

        assertThat(dump(restored)).hasSize(4).allMatch(SaEntry::getSuspended);
        assertRefused(SaError.NO_USABLE_SA, () -> get(restored));
        assertThat(receive(restored, message.getCoap()).getDiscarded().getReason())
                .isEqualTo(DiscardReason.DISCARD_REASON_SUSPENDED);
        end(restored);
        // The mark is gone with the first start, what it means is not.
        assertThat(dump(start(directory))).hasSize(4).allMatch(SaEntry::getSuspended);
    }

    @Test
    void aPairThatAKmpMadeIsNegotiatedAnewAndTheSuspendedOneEnds() throws Exception {
        addPolicy();
        KmpClient ace = KmpClient.registered(f, "ace");
        CompletableFuture<RecordServiceProtectResponse> call = protecting(f);
        Acquire acquire = ace.next().getAcquire();
        f.sadb()
                .installPair(ace.answer(acquire, ace.accept(acquire), "aa", 1)
                        .setRole(PairRole.PAIR_ROLE_INITIATOR)
                        .build());
        call.get(20, TimeUnit.SECONDS);
        backup();
        DaemonFixture restored = restoredElsewhere();
        assertThat(dump(restored)).hasSize(2).allMatch(SaEntry::getSuspended);

        KmpClient again = KmpClient.registered(restored, "ace");
        Acquire anew = again.next().getAcquire();

        assertThat(anew.getTarget()).isEqualTo(SERVER);
        assertThat(anew.getLocal()).isEqualTo(CLIENT);
        restored.sadb()
                .installPair(again.answer(anew, again.accept(anew), "bb", 10).build());
        assertThat(get(restored).getCoap().isEmpty()).isFalse();
        assertThat(dump(restored)).hasSize(2).noneMatch(SaEntry::getSuspended);
    }

    private static CompletableFuture<RecordServiceProtectResponse> protecting(DaemonFixture at) {
        CompletableFuture<RecordServiceProtectResponse> done = new CompletableFuture<>();
        RecordServiceGrpc.newStub(at.channel.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY), new Ending<>(done));
        return done;
    }

    @Test
    void aDestinationThatCannotBeIsRefusedAndNothingIsLeft() throws Exception {
        BothEnds.install(f, "aa", 1);
        Files.createDirectory(directory.resolve("there"));
        for (String wrong : List.of(
                "",
                "relative/backup",
                directory + "/a/../b",
                directory.resolve("there").toString(),
                directory.resolve("missing/backup").toString(),
                directory.resolve("state/backup").toString())) {
            assertRefused(SaError.MALFORMED, () -> f.admin()
                    .backup(AdminServiceBackupRequest.newBuilder()
                            .setDestination(wrong)
                            .build()));
        }
        assertThatThrownBy(() -> f.admin()
                        .backup(AdminServiceBackupRequest.newBuilder()
                                .setDestination(directory.resolve("there").toString())
                                .build()))
                .hasMessageContaining(directory.resolve("there") + " exists already");

        // A place where nobody can write, not even root.
        assertRefused(SaError.NO_SPACE, () -> f.admin()
                .backup(AdminServiceBackupRequest.newBuilder()
                        .setDestination("/proc/samd-backup")
                        .build()));

        assertThat(directory.resolve("state/checkpoint")).doesNotExist();
        backup();
        assertThat(get(f).getCoap().isEmpty()).isFalse();
    }

    @Test
    void aBackupWithoutItsKeyCannotBeRead() throws Exception {
        BothEnds.install(f, "aa", 1);
        backup();
        Path place = directory.resolve("thief");
        copy(destination, place.resolve("state"));

        assertThatThrownBy(() -> start(place))
                .hasMessageContaining("key file " + place.resolve("state/kek") + " is missing");
    }

    @Test
    void aDaemonThatKeepsNothingHasNothingToBackUp() throws Exception {
        DaemonFixture memory = new DaemonFixture(directory.resolve("memory"));
        running.add(memory);

        assertRefused(SaError.WRONG_STATE, () -> memory.admin()
                .backup(AdminServiceBackupRequest.newBuilder()
                        .setDestination(destination.toString())
                        .build()));
    }
}
