// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.samd.client.FakeDaemon;
import dev.samd.client.FakeKmp;
import dev.samd.client.FakeSadb;
import dev.samd.client.SaFilter;
import dev.samd.client.SamdClient;
import dev.samd.kmp.InstalledPair;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.v1.Direction;
import dev.samd.v1.Fresh;
import dev.samd.v1.KmpServiceRecallResponse;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SaParameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver's words to the daemon, on a real socket. */
@Timeout(60)
class DaemonKeysTest {
    @TempDir
    Path directory;

    private final FakeKmp kmp = new FakeKmp();
    private final FakeSadb sadb = new FakeSadb();
    private FakeDaemon daemon;
    private SamdClient client;
    private DaemonKeys keys;

    @BeforeEach
    void start() {
        Path socket = directory.resolve("samd.sock");
        daemon = FakeDaemon.start(socket, kmp, sadb);
        client = SamdClient.connect(socket);
        keys = new DaemonKeys(client);
    }

    @AfterEach
    void stop() {
        keys.close();
        client.close();
        daemon.close();
    }

    @Test
    void unconfirmedPairIsDeletedAsAWhole() throws Exception {
        stands(3, true);
        stands(4, true);

        delete(3);

        assertThat(ids()).containsExactly(8L, 9L);
    }

    @Test
    void pairThatWasConfirmedMeanwhileStays() throws Exception {
        stands(3, false);

        delete(3);

        assertThat(ids()).containsExactly(6L, 7L);
    }

    @Test
    void pairThatIsNoMoreOrAnotherKmpsIsNothingToDelete() throws Exception {
        sadb.put(entry(20, 10, true, Direction.DIRECTION_INBOUND));

        delete(10);
        delete(99);

        assertThat(ids()).containsExactly(20L);
    }

    @Test
    void recalledPairSaysWhatItReplaces() throws Exception {
        stands(3, true);

        List<InstalledPair> pairs = keys.recall("toy").toCompletableFuture().get(20, TimeUnit.SECONDS);

        assertThat(pairs).hasSize(1);
        InstalledPair pair = pairs.get(0);
        assertThat(pair.id()).isEqualTo(new PairId(3));
        assertThat(pair.supersedes()).isEqualTo(new PairId(2));
        assertThat(pair.unconfirmed()).isTrue();
        assertThat(pair.role()).isEqualTo(PairRole.RESPONDER);
        try (KeyMaterial given = pair.kmpPrivate()) {
            assertThat(given.length()).isEqualTo(3);
        }
    }

    private void delete(long pair) throws Exception {
        keys.deleteUnconfirmed("toy", new PairId(pair)).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private List<Long> ids() {
        List<Long> ids = new ArrayList<>();
        client.sadb().dump(SaFilter.ALL, entry -> ids.add(entry.id().value()));
        return ids;
    }

    private void stands(long pair, boolean unconfirmed) {
        SaEntry inbound = entry(2 * pair, pair, unconfirmed, Direction.DIRECTION_INBOUND);
        SaEntry outbound = entry(2 * pair + 1, pair, unconfirmed, Direction.DIRECTION_OUTBOUND);
        sadb.put(inbound);
        sadb.put(outbound);
        kmp.put(KmpServiceRecallResponse.InstalledPair.newBuilder()
                .setPairId(pair)
                .setInbound(inbound)
                .setOutbound(outbound)
                .setKmpPrivate(ByteString.copyFrom(new byte[] {1, 2, 3}))
                .build());
    }

    private static SaEntry entry(long id, long pair, boolean unconfirmed, Direction direction) {
        SaParameters parameters = SaParameters.newBuilder()
                .setDirection(direction)
                .setSpi(ByteString.copyFrom(new byte[] {1, (byte) id}))
                .setPeer("coap://device-1")
                .setLocal("coap://sensor-1")
                .setSuite(0xc0a4)
                .setEpoch(1)
                .setFresh(Fresh.getDefaultInstance())
                .build();
        return FakeSadb.entry(id, parameters).toBuilder()
                .setPairId(pair)
                .setPartnerSaId(id ^ 1)
                .setSupersedes(pair - 1)
                .setUnconfirmed(unconfirmed)
                .setRole(dev.samd.v1.PairRole.PAIR_ROLE_RESPONDER)
                .build();
    }
}
