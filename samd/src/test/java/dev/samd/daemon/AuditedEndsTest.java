// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.PEER;
import static dev.samd.daemon.DaemonFixture.hex;
import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.samd.daemon.observe.WrittenLog;
import dev.samd.daemon.store.MemoryStore;
import dev.samd.v1.Direction;
import dev.samd.v1.Identity;
import dev.samd.v1.IdentityType;
import dev.samd.v1.Lifetime;
import dev.samd.v1.Limits;
import dev.samd.v1.PairRole;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceGetSpiResponse;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon on its socket, a clock moved by hand, and what the audit log says of SAs that begin and end by themselves. */
@Timeout(60)
class AuditedEndsTest {
    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong(7);
    private SamdConfig config;
    private DaemonFixture f;

    @BeforeEach
    void start() throws IOException {
        config = DaemonFixture.config(directory);
        Clocks clocks = new Clocks(nanos::get, Clock.systemUTC());
        f = new DaemonFixture(Daemon.start(config, clocks, new Random(1), new MemoryStore()));
    }

    @AfterEach
    void stop() {
        f.close();
    }

    private void pass(long seconds) {
        nanos.addAndGet(seconds * 1_000_000_000);
    }

    /** The lines of an event, when there are as many; asking for a change makes the database look at the time. */
    private List<JsonObject> lines(String event, int count) {
        await().untilAsserted(() -> {
            f.sadb()
                    .delete(SadbServiceDeleteRequest.newBuilder()
                            .setSa(SaSelector.newBuilder()
                                    .setSaId(f.add(Direction.DIRECTION_OUTBOUND, "ffff")
                                            .getSaId()))
                            .build());
            assertThat(written(event)).hasSize(count);
        });
        return written(event);
    }

    private List<JsonObject> written(String event) {
        try {
            return new WrittenLog(config.audit()).lines(event);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Lifetime hard(Limits.Builder limits) {
        return Lifetime.newBuilder().setHard(limits).build();
    }

    private SadbServiceInstallPairResponse install(String in, String out, int seed, Lifetime lifetime, PairRole role) {
        Identity identity = Identity.newBuilder()
                .setKmp("ace")
                .setType(IdentityType.IDENTITY_TYPE_TOKEN)
                .setIssuer("as.example")
                .setValue("sensor-1")
                .build();
        SaParameters.Builder inbound = parameters(Direction.DIRECTION_INBOUND, in);
        SaParameters.Builder outbound = parameters(Direction.DIRECTION_OUTBOUND, out);
        SadbServiceInstallPairRequest.Builder pair = SadbServiceInstallPairRequest.newBuilder()
                .setInbound(inbound.setPeerIdentity(identity).setLifetime(lifetime))
                .setInboundKeys(keys(seed))
                .setOutbound(outbound.setPeerIdentity(identity).setLifetime(lifetime))
                .setOutboundKeys(keys(seed + 1));
        if (role != PairRole.PAIR_ROLE_UNSPECIFIED) {
            pair.setRole(role).setUnconfirmed(true);
        }
        return f.sadb().installPair(pair.build());
    }

    @Test
    void aReservationIsOnRecordAndSoIsItsEnd() {
        SadbServiceGetSpiResponse reserved = f.sadb()
                .getSpi(SadbServiceGetSpiRequest.newBuilder().setPeer(PEER).build());

        JsonObject getspi = lines("getspi", 1).get(0);
        assertThat(getspi.get("outcome").getAsString()).isEqualTo("done");
        assertThat(getspi.get("sas").toString())
                .contains("\"id\":" + reserved.getSaId() + ",")
                .contains("\"direction\":\"inbound\",\"peer\":\"" + PEER + "\"");

        pass(31);
        JsonObject expire = lines("expire", 1).get(0);
        assertThat(expire.get("cause").getAsString()).isEqualTo("time");
        assertThat(expire.has("principal")).isFalse();
        assertThat(expire.get("owner").getAsString()).startsWith("uid:");
        assertThat(expire.get("sas").toString()).contains("\"id\":" + reserved.getSaId() + ",");
    }

    @Test
    void aPairWhoseTimeIsUpIsOneLine() {
        SadbServiceInstallPairResponse pair = install(
                "ab01",
                "ab02",
                100,
                hard(Limits.newBuilder().setAddTime(Duration.newBuilder().setSeconds(60))),
                PairRole.PAIR_ROLE_UNSPECIFIED);

        pass(61);
        JsonObject expire = lines("expire", 1).get(0);

        assertThat(expire.get("pair").getAsLong()).isEqualTo(pair.getPairId());
        assertThat(expire.get("sas").getAsJsonArray()).hasSize(2);
    }

    @Test
    void anUnconfirmedPairThatNobodyConfirmsIsOnRecord() {
        install("ab01", "ab02", 100, Lifetime.getDefaultInstance(), PairRole.PAIR_ROLE_RESPONDER);

        pass(120);

        assertThat(lines("expire", 1).get(0).get("cause").getAsString()).isEqualTo("time");
    }

    @Test
    void aLimitOfUseIsOnRecordWithItsCause() {
        f.add(
                parameters(Direction.DIRECTION_OUTBOUND, "bb01")
                        .setLifetime(hard(Limits.newBuilder().setRecords(1)))
                        .build(),
                keys(7),
                "");
        f.records().protect(BothEnds.protect(Messages.GET, "", PEER, ByteString.EMPTY));

        JsonObject expire = lines("expire", 1).get(0);

        assertThat(expire.get("cause").getAsString()).isEqualTo("records");
        assertThat(expire.get("sas").toString()).contains("\"spi\":\"bb01\",\"direction\":\"outbound\"");
    }

    @Test
    void pairsThatGiveWayToNewerOnesAreOnRecord() {
        for (int i = 0; i < 12; i++) {
            install(
                    "ab%02x".formatted(i),
                    "ac%02x".formatted(i),
                    200 + 2 * i,
                    Lifetime.getDefaultInstance(),
                    PairRole.PAIR_ROLE_RESPONDER);
        }

        await().untilAsserted(() -> assertThat(written("delete")).isNotEmpty().allSatisfy(line -> {
            assertThat(line.get("cause").getAsString()).isEqualTo("replaced");
            assertThat(line.get("principal").getAsString()).startsWith("uid:");
            assertThat(line.get("sas").getAsJsonArray()).hasSize(2);
        }));
    }

    @Test
    void whatACallDeletesHasTheLineOfThatCallAlone() {
        f.add(Direction.DIRECTION_OUTBOUND, "bb01");
        long other = f.add(Direction.DIRECTION_INBOUND, "bb02").getSaId();

        f.sadb()
                .delete(SadbServiceDeleteRequest.newBuilder()
                        .setSa(SaSelector.newBuilder().setInboundSpi(hex("bb02")))
                        .build());
        f.sadb().flush(SadbServiceFlushRequest.getDefaultInstance());

        await().untilAsserted(() -> assertThat(written("flush")).hasSize(1));
        assertThat(written("delete"))
                .singleElement()
                .satisfies(line -> assertThat(line.get("sas").toString()).contains("\"id\":" + other));
        assertThat(written("expire")).isEmpty();
    }
}
