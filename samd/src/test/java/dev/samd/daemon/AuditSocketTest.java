// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.PEER;
import static dev.samd.daemon.DaemonFixture.hex;
import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import dev.samd.daemon.observe.AuditSettings;
import dev.samd.daemon.observe.OnFailure;
import dev.samd.daemon.observe.SmallDisk;
import dev.samd.daemon.observe.WrittenLog;
import dev.samd.daemon.store.StoreSettings;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.Direction;
import dev.samd.v1.Identity;
import dev.samd.v1.IdentityType;
import dev.samd.v1.Keys;
import dev.samd.v1.Lifetime;
import dev.samd.v1.Limits;
import dev.samd.v1.Policy;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicySelector;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceDeleteRequest;
import dev.samd.v1.PolicyServiceFlushRequest;
import dev.samd.v1.Refusal;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceFlushResponse;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.v1.SadbServiceUpdateRequest;
import dev.samd.wire.ErrorWire;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A daemon on its socket, and what its audit log says of the calls. */
@Timeout(120)
class AuditSocketTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(OnFailure.class)
    void everyChangeHasItsLineWithWhoAndWhat(OnFailure onFailure) throws Exception {
        SamdConfig config = config(directory.resolve("state"), onFailure);
        long single;
        SadbServiceInstallPairResponse pair;
        try (DaemonFixture f = new DaemonFixture(config)) {
            single = f.add(Direction.DIRECTION_OUTBOUND, "aa01").getSaId();
            pair = f.sadb().installPair(pairOf("ab01", "ab02", 7));
            f.sadb()
                    .update(SadbServiceUpdateRequest.newBuilder()
                            .setSa(SaSelector.newBuilder().setSaId(single))
                            .setLifetime(Lifetime.newBuilder()
                                    .setHard(Limits.newBuilder().setRecords(5)))
                            .build());
            f.sadb()
                    .delete(SadbServiceDeleteRequest.newBuilder()
                            .setSa(SaSelector.newBuilder().setInboundSpi(hex("ab01")))
                            .setPair(true)
                            .build());
            f.policies()
                    .add(PolicyServiceAddRequest.newBuilder()
                            .setPolicy(policy("p"))
                            .build());
            f.policies()
                    .delete(PolicyServiceDeleteRequest.newBuilder().setName("p").build());
            f.policies().flush(PolicyServiceFlushRequest.getDefaultInstance());
            refusal(() -> f.add(Direction.DIRECTION_OUTBOUND, "aa01"));
            f.sadb().flush(SadbServiceFlushRequest.getDefaultInstance());
        }
        WrittenLog log = new WrittenLog(config.audit());

        assertThat(log.verify().findings()).isEmpty();
        assertThat(log.verify().notes()).isEmpty();
        List<JsonObject> done = log.lines().stream()
                .filter(line -> !line.get("outcome").getAsString().equals("intended"))
                .toList();
        assertThat(done.stream()
                        .map(line -> line.get("event").getAsString() + " "
                                + line.get("outcome").getAsString()))
                .containsExactly(
                        "opened done",
                        "started done",
                        "install done",
                        "install done",
                        "update done",
                        "delete done",
                        "policy done",
                        "policy done",
                        "policy done",
                        "install refused",
                        "flush done",
                        "stopped done");
        int intended = log.lines().size() - done.size();
        assertThat(intended).isEqualTo(onFailure == OnFailure.STOP ? 9 : 0);
        for (JsonObject line : done.subList(2, done.size() - 1)) {
            assertThat(line.get("principal").getAsString()).isEqualTo(principal());
            assertThat(line.get("pid").getAsLong())
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(line.has("uid") && line.has("gid")).isTrue();
        }
        assertThat(done.get(2).get("sas").toString())
                .isEqualTo("[{\"id\":" + single + ",\"spi\":\"aa01\",\"direction\":\"outbound\",\"peer\":\"" + PEER
                        + "\"}]");
        assertThat(done.get(2).get("kmp").getAsString()).isEqualTo("manual");
        assertThat(done.get(3).get("pair").getAsLong()).isEqualTo(pair.getPairId());
        assertThat(done.get(3).get("kmp").getAsString()).isEqualTo("ace");
        assertThat(done.get(3).get("identity").getAsString()).isEqualTo("sensor-1@as.example");
        assertThat(done.get(3).get("sas").getAsJsonArray()).hasSize(2);
        assertThat(done.get(4).get("sas").toString()).contains("\"id\":" + single + ",\"spi\":\"aa01\"");
        assertThat(done.get(5).get("sas").toString())
                .contains("\"id\":" + pair.getInboundSaId())
                .contains("\"id\":" + pair.getOutboundSaId());
        assertThat(done.get(6).get("change").getAsString()).isEqualTo("add");
        assertThat(done.get(6).get("policy").getAsString()).isEqualTo("p");
        assertThat(done.get(9).get("reason").getAsString()).matches("[A-Z_]+: .+");
        assertThat(done.get(10).get("count").getAsLong()).isEqualTo(1);
        String all = Files.readString(config.audit().file());
        assertThat(all).doesNotContain(HexFormat.of().formatHex(keys(7).getKey().toByteArray()));
    }

    @Test
    void onAFullDiskStopRefusesOperationsButNoRecordsAndGoesOnWhenThereIsRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
            SamdConfig config = config(disk.directory, OnFailure.STOP);
            int installed = 0;
            int refused = 0;
            try (DaemonFixture f = new DaemonFixture(config)) {
                f.add(Direction.DIRECTION_OUTBOUND, "aa0000");
                installed++;
                disk.fill();
                // What is left of the last page of the log still takes some.
                Refusal refusal = null;
                while (refusal == null && installed < 200) {
                    try {
                        f.add(
                                parameters(Direction.DIRECTION_OUTBOUND, "aa%04x".formatted(installed))
                                        .setPeer("coap://sensor-" + installed)
                                        .build(),
                                keys(1000 + installed),
                                "");
                        installed++;
                    } catch (StatusRuntimeException e) {
                        refusal = ErrorWire.refusalOf(e).orElseThrow();
                        refused++;
                    }
                }
                assertThat(refusal).isNotNull();
                assertThat(refusal.getReason()).isEqualTo(Refusal.Reason.AUDIT_UNAVAILABLE);
                assertThat(refusal.getMessage()).contains("No space left on device");
                assertThat(refusal.getRetryable()).isTrue();
                assertThat(health(f)).isEqualTo(ServingStatus.NOT_SERVING);
                assertThat(f.admin()
                                .info(AdminServiceInfoRequest.getDefaultInstance())
                                .getSaCount())
                        .isEqualTo(installed);
                assertThat(f.records()
                                .protect(BothEnds.protect(Messages.GET, "", PEER, ByteString.EMPTY))
                                .getCoap()
                                .isEmpty())
                        .isFalse();

                disk.free();
                await().atMost(LONG).until(() -> health(f) == ServingStatus.SERVING);
                SadbServiceFlushResponse flushed = f.sadb().flush(SadbServiceFlushRequest.getDefaultInstance());
                assertThat(flushed.getCount()).isEqualTo(installed);
            }
            WrittenLog log = new WrittenLog(config.audit());

            assertThat(log.verify().findings()).isEmpty();
            assertThat(log.lines("install").stream()
                            .filter(line -> line.get("outcome").getAsString().equals("done")))
                    .hasSize(installed);
            assertThat(log.lines("lost").stream()
                            .mapToInt(line -> line.get("refused").getAsInt())
                            .sum())
                    .isEqualTo(refused);
        }
    }

    @Test
    void onAFullDiskStopRefusesRegistrationsAndReservationsToo() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
            SamdConfig config = config(disk.directory, OnFailure.STOP);
            try (DaemonFixture f = new DaemonFixture(config)) {
                KmpClient before = KmpClient.registered(f, "ace");
                disk.fill();
                operateUntilItDoesNotServe(f);

                assertThat(refusal(() -> KmpClient.registered(f.channel.channel(), "less"))
                                .getReason())
                        .isEqualTo(Refusal.Reason.AUDIT_UNAVAILABLE);
                assertThat(refusal(() -> f.sadb().getSpi(getSpi())).getReason())
                        .isEqualTo(Refusal.Reason.AUDIT_UNAVAILABLE);
                assertThat(before.ended).isNotDone();

                disk.free();
                await().atMost(LONG).until(() -> health(f) == ServingStatus.SERVING);
                KmpClient.registered(f.channel.channel(), "less").close();
                before.close();
                assertThat(f.sadb().getSpi(getSpi()).getSaId()).isPositive();
            }
            WrittenLog log = new WrittenLog(config.audit());

            assertThat(log.verify().findings()).isEmpty();
            assertThat(log.lines("register").stream()
                            .filter(line -> line.get("outcome").getAsString().equals("done"))
                            .map(line -> line.get("kmp").getAsString()))
                    .containsExactly("ace", "less");
        }
    }

    private static SadbServiceGetSpiRequest getSpi() {
        return SadbServiceGetSpiRequest.newBuilder().setPeer(PEER).build();
    }

    @Test
    void aDaemonThatStartsOnAFullDiskServesWhenThereIsRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("disk"))) {
            SamdConfig config = config(disk.directory, OnFailure.STOP);
            try (DaemonFixture f = new DaemonFixture(config)) {
                disk.fill();
                operateUntilItDoesNotServe(f);
            }
            try (DaemonFixture f = new DaemonFixture(config)) {
                operateUntilItDoesNotServe(f);
                disk.free();
                await().atMost(LONG).until(() -> health(f) == ServingStatus.SERVING);
                f.sadb().flush(SadbServiceFlushRequest.getDefaultInstance());
            }
            WrittenLog log = new WrittenLog(config.audit());

            assertThat(log.verify().findings()).isEmpty();
            // The stop of the first could not be written, nor could how much it refused.
            assertThat(log.lines("started")).hasSize(2);
            assertThat(log.lines("stopped")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(OnFailure.class)
    void whoMayNotIsToldOfAndRegistrationsAre(OnFailure onFailure) throws Exception {
        SamdConfig plain = config(directory.resolve("state"), onFailure);
        SamdConfig config = new SamdConfig(
                plain.socket(),
                plain.stateDir(),
                plain.eventLogSize(),
                plain.stopPatience(),
                plain.optionNumbers(),
                plain.bounds(),
                Map.of("ace", Set.of("uid:4294967294")),
                List.of(),
                StoreSettings.MEMORY,
                AccessConfig.NONE,
                plain.audit());
        try (DaemonFixture f = new DaemonFixture(config)) {
            KmpClient.registered(f, "less").leave();
            assertThat(catchThrowable(() -> KmpClient.deaf(f, "ace").ended.get(20, TimeUnit.SECONDS)))
                    .isInstanceOf(ExecutionException.class);
            await().atMost(LONG)
                    .until(() ->
                            !new WrittenLog(config.audit()).lines("unregister").isEmpty());
        }
        WrittenLog log = new WrittenLog(config.audit());

        assertThat(log.lines("register").stream()
                        .map(line -> line.get("kmp").getAsString() + " "
                                + line.get("outcome").getAsString()))
                .containsExactlyElementsOf(
                        onFailure == OnFailure.STOP
                                ? List.of("less intended", "less done", "ace intended", "ace refused")
                                : List.of("less done", "ace refused"));
        assertThat(log.lines("register"))
                .allSatisfy(
                        line -> assertThat(line.get("principal").getAsString()).isEqualTo(principal()));
        assertThat(log.lines("denied")).singleElement().satisfies(line -> {
            assertThat(line.get("call").getAsString()).isEqualTo("KmpService/Register");
            assertThat(line.get("reason").getAsString()).startsWith("NOT_PERMITTED: ");
        });
    }

    /** What is left of the last page of the log still takes some lines. */
    private static void operateUntilItDoesNotServe(DaemonFixture f) {
        while (health(f) == ServingStatus.SERVING) {
            try {
                f.sadb().flush(SadbServiceFlushRequest.getDefaultInstance());
            } catch (StatusRuntimeException e) {
                assertThat(ErrorWire.refusalOf(e).orElseThrow().getReason())
                        .isEqualTo(Refusal.Reason.AUDIT_UNAVAILABLE);
            }
        }
    }

    private static SamdConfig config(Path stateDir, OnFailure onFailure) {
        Path run = stateDir.resolveSibling("run");
        SamdConfig plain = SamdConfig.at(run.resolve("samd.sock"), stateDir);
        AuditSettings usual = plain.audit();
        return new SamdConfig(
                plain.socket(),
                plain.stateDir(),
                plain.eventLogSize(),
                Duration.ofSeconds(5),
                plain.optionNumbers(),
                plain.bounds(),
                plain.kmpPrincipals(),
                plain.policies(),
                // A store would run out of room as well.
                StoreSettings.MEMORY,
                AccessConfig.NONE,
                new AuditSettings(
                        usual.file(),
                        onFailure,
                        usual.queue(),
                        usual.rotateSize(),
                        usual.keep(),
                        usual.key(),
                        usual.stateDir()));
    }

    private static ServingStatus health(DaemonFixture f) {
        return HealthGrpc.newBlockingStub(f.channel.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    private static SadbServiceInstallPairRequest pairOf(String in, String out, int seed) {
        Identity identity = Identity.newBuilder()
                .setKmp("ace")
                .setType(IdentityType.IDENTITY_TYPE_TOKEN)
                .setIssuer("as.example")
                .setValue("sensor-1")
                .build();
        Keys inKeys = keys(seed);
        Keys outKeys = keys(seed + 1);
        return SadbServiceInstallPairRequest.newBuilder()
                .setInbound(parameters(Direction.DIRECTION_INBOUND, in).setPeerIdentity(identity))
                .setInboundKeys(inKeys)
                .setOutbound(parameters(Direction.DIRECTION_OUTBOUND, out).setPeerIdentity(identity))
                .setOutboundKeys(outKeys)
                .build();
    }

    private static Policy policy(String name) {
        return Policy.newBuilder()
                .setName(name)
                .setAction(PolicyAction.POLICY_ACTION_BYPASS)
                .setSelector(PolicySelector.newBuilder().setPath("/.well-known/core"))
                .build();
    }

    private static String principal() throws IOException {
        return "uid:" + Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    private static Refusal refusal(ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        return ErrorWire.refusalOf(failure).orElseThrow();
    }
}
