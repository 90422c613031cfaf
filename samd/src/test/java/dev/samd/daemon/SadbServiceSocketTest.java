// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.hex;
import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceInfoResponse;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import dev.samd.v1.Direction;
import dev.samd.v1.Lifetime;
import dev.samd.v1.Limits;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SaState;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceDumpRequest;
import dev.samd.v1.SadbServiceDumpResponse;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceGetSpiResponse;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.v1.SadbServiceUpdateRequest;
import dev.samd.wire.ErrorWire;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs through a real Unix socket. */
class SadbServiceSocketTest {
    @TempDir
    Path directory;

    private DaemonFixture f;

    @BeforeEach
    void start() throws Exception {
        f = new DaemonFixture(directory);
    }

    @AfterEach
    void stop() throws Exception {
        f.close();
    }

    @Test
    void theKernelSaysWhoCalls() {
        AdminServiceWhoAmIResponse me = f.admin().whoAmI(AdminServiceWhoAmIRequest.getDefaultInstance());

        assertThat(me.getPid()).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(me.getPrincipal()).isEqualTo("uid:" + me.getUid());
        assertThat(me.getTransport()).isEqualTo("unix");
    }

    @Test
    void theSocketIsForOwnerAndGroupAlone() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f.socket)))
                .isEqualTo("rw-rw----");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f.socket.getParent())))
                .isEqualTo("rwxr-x---");
    }

    @Test
    void infoTellsWhatTheDaemonIs() {
        f.add(Direction.DIRECTION_INBOUND, "aa01");

        AdminServiceInfoResponse info = f.admin().info(AdminServiceInfoRequest.getDefaultInstance());

        assertThat(info.getInstance()).isEqualTo(f.daemon.instance()).hasSize(16);
        assertThat(info.getStore()).isEqualTo("memory");
        assertThat(info.getSaCount()).isEqualTo(1);
        assertThat(info.getCursor().getRevision()).isEqualTo(1);
        assertThat(info.getSuitesList()).hasSize(23);
        assertThat(info.getBounds().getStreamOutstandingItems()).isEqualTo(1024);
    }

    @Test
    void anSaIsAddedShownAndDeleted() {
        long id = f.add(Direction.DIRECTION_OUTBOUND, "aa01").getSaId();

        SaEntry entry = get(id);
        assertThat(entry.getState()).isEqualTo(SaState.SA_STATE_MATURE);
        assertThat(entry.getParameters().getSpi()).isEqualTo(hex("aa01"));
        assertThat(entry.getParameters().getPeerIdentity().getKmp()).isEqualTo("manual");
        assertThat(entry.getScopeList()).containsExactly(DaemonFixture.PEER);
        assertThat(entry.getOwner()).startsWith("uid:");
        assertThat(f.sadb()
                        .delete(SadbServiceDeleteRequest.newBuilder()
                                .setSa(byId(id))
                                .build())
                        .getSaIdsList())
                .containsExactly(id);
        assertThat(refused(() -> get(id)).error()).isEqualTo(SaError.NO_SUCH_SA);
    }

    @Test
    void aReservedSpiIsCompleted() {
        SadbServiceGetSpiResponse spi = f.sadb()
                .getSpi(SadbServiceGetSpiRequest.newBuilder()
                        .setPeer(DaemonFixture.PEER)
                        .build());
        assertThat(get(spi.getSaId()).getState()).isEqualTo(SaState.SA_STATE_LARVAL);

        SaEntry entry = f.sadb()
                .update(SadbServiceUpdateRequest.newBuilder()
                        .setSa(byId(spi.getSaId()))
                        .setParameters(
                                parameters(Direction.DIRECTION_INBOUND, "00").setSpi(spi.getSpi()))
                        .setKeys(keys(99))
                        .build())
                .getEntry();

        assertThat(entry.getState()).isEqualTo(SaState.SA_STATE_MATURE);
        assertThat(entry.getSaId()).isEqualTo(spi.getSaId());
    }

    @Test
    void aPairIsInstalledInOneStep() {
        SadbServiceInstallPairResponse pair = f.sadb()
                .installPair(SadbServiceInstallPairRequest.newBuilder()
                        .setInbound(parameters(Direction.DIRECTION_INBOUND, "aa01"))
                        .setInboundKeys(keys(1))
                        .setOutbound(parameters(Direction.DIRECTION_OUTBOUND, "bb01"))
                        .setOutboundKeys(keys(2))
                        .build());

        SaEntry inbound = get(pair.getInboundSaId());
        assertThat(inbound.getPairId()).isEqualTo(pair.getPairId());
        assertThat(inbound.getPartnerSaId()).isEqualTo(pair.getOutboundSaId());
    }

    @Test
    void whatThisVersionDoesNotDoIsRefusedAndNotLeftOut() {
        SadbServiceInstallPairRequest pair = SadbServiceInstallPairRequest.newBuilder()
                .setInbound(parameters(Direction.DIRECTION_INBOUND, "aa01"))
                .setInboundKeys(keys(1))
                .setOutbound(parameters(Direction.DIRECTION_OUTBOUND, "bb01"))
                .setOutboundKeys(keys(2))
                .build();

        assertThatThrownBy(() -> f.sadb()
                        .installPair(pair.toBuilder().setUnconfirmed(true).build()))
                .hasMessageContaining("confirmed pairs");
        assertThatThrownBy(() -> f.sadb()
                        .installPair(pair.toBuilder()
                                .setKmpPrivate(com.google.protobuf.ByteString.copyFromUtf8("x"))
                                .build()))
                .hasMessageContaining("confirmed pairs");
        assertThat(f.sadb().installPair(pair).getPairId()).isPositive();
    }

    @Test
    void aLifetimeIsChanged() {
        long id = f.add(Direction.DIRECTION_INBOUND, "aa01").getSaId();

        SaEntry entry = f.sadb()
                .update(SadbServiceUpdateRequest.newBuilder()
                        .setSa(byId(id))
                        .setLifetime(Lifetime.newBuilder()
                                .setHard(Limits.newBuilder().setRecords(77)))
                        .build())
                .getEntry();

        assertThat(entry.getParameters().getLifetime().getHard().getRecords()).isEqualTo(77);
    }

    @Test
    void aDumpBeginsWithItsCursorAndEndsWithItsCount() {
        for (int i = 0; i < 300; i++) {
            f.add(Direction.DIRECTION_INBOUND, String.format("%08x", i + 1));
        }

        List<SadbServiceDumpResponse> items =
                ImmutableList.copyOf(f.sadb().dump(SadbServiceDumpRequest.getDefaultInstance()));

        assertThat(items).hasSize(302);
        assertThat(items.get(0).getSnapshot().getCursor().getRevision()).isEqualTo(300);
        assertThat(items.get(301).getEnd().getCount()).isEqualTo(300);
        assertThat(items.subList(1, 301))
                .extracting(item -> item.getEntry().getSaId())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void flushAnswersAfterItsEffect() {
        f.add(Direction.DIRECTION_INBOUND, "aa01");
        f.add(Direction.DIRECTION_OUTBOUND, "bb01");

        assertThat(f.sadb().flush(SadbServiceFlushRequest.getDefaultInstance()).getCount())
                .isEqualTo(2);
        assertThat(f.admin().info(AdminServiceInfoRequest.getDefaultInstance()).getSaCount())
                .isZero();
    }

    @Test
    void everyRefusalNamesTheThingAndTheValue() {
        f.add(Direction.DIRECTION_INBOUND, "aa01");
        var inbound = parameters(Direction.DIRECTION_INBOUND, "aa02");

        assertRefused(SaError.SPI_IN_USE, "aa0101", () -> f.add(Direction.DIRECTION_INBOUND, "aa0101"));
        assertRefused(
                SaError.UNSUPPORTED_SUITE,
                "1301",
                () -> f.add(inbound.clone().setSuite(0x1301).build(), keys(50), ""));
        assertRefused(
                SaError.INVALID_SPI,
                "00",
                () -> f.add(inbound.clone().setSpi(hex("00")).build(), keys(50), ""));
        assertRefused(
                SaError.INVALID_SPI,
                "01".repeat(21),
                () -> f.add(inbound.clone().setSpi(hex("01".repeat(21))).build(), keys(50), ""));
        assertRefused(
                SaError.INVALID_KEY,
                "15 octets",
                () -> f.add(
                        inbound.build(),
                        keys(50).toBuilder().setKey(hex("01".repeat(15))).build(),
                        ""));
        assertRefused(
                SaError.MALFORMED,
                "history",
                () -> f.add(inbound.clone().clearHistory().build(), keys(50), ""));
        assertRefused(
                SaError.MALFORMED_ENDPOINT,
                "http://x",
                () -> f.add(inbound.clone().setPeer("http://x").build(), keys(50), ""));
        assertRefused(SaError.MALFORMED, "sa", () -> f.sadb().get(SadbServiceGetRequest.getDefaultInstance()));
        assertThat(f.admin().info(AdminServiceInfoRequest.getDefaultInstance()).getSaCount())
                .isEqualTo(1);
    }

    private static void assertRefused(SaError error, String value, ThrowingCallable call) {
        SaException e = refused(call);
        assertThat(e.error()).as(e.getMessage()).isEqualTo(error);
        assertThat(e.subject()).isEqualTo(value);
    }

    private static SaException refused(ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        return ErrorWire.fromStatus(failure).orElseThrow(() -> failure);
    }

    private SaEntry get(long id) {
        return f.sadb()
                .get(SadbServiceGetRequest.newBuilder().setSa(byId(id)).build())
                .getEntry();
    }

    private static SaSelector byId(long id) {
        return SaSelector.newBuilder().setSaId(id).build();
    }
}
