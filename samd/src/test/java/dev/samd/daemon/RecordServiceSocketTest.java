// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.BothEnds.CLIENT;
import static dev.samd.daemon.BothEnds.SERVER;
import static dev.samd.daemon.BothEnds.protect;
import static dev.samd.daemon.BothEnds.unprotect;
import static dev.samd.daemon.DaemonFixture.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.DiscardReason;
import dev.samd.v1.Opened;
import dev.samd.v1.RecordServiceOpenRequest;
import dev.samd.v1.RecordServiceOpenResponse;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceSealRequest;
import dev.samd.v1.RecordServiceSealResponse;
import dev.samd.v1.RecordServiceUnprotectResponse;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.wire.ErrorWire;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single calls of the data path through a real Unix socket. */
class RecordServiceSocketTest {
    @TempDir
    Path directory;

    private DaemonFixture f;
    private SadbServiceInstallPairResponse client;

    @BeforeEach
    void start() throws Exception {
        f = new DaemonFixture(directory);
        client = BothEnds.install(f, "aa", 1);
    }

    @AfterEach
    void stop() {
        f.close();
    }

    @Test
    void aRequestAndItsResponseGoThroughBothEnds() {
        RecordServiceProtectResponse request =
                f.records().protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY));
        Opened received = f.records()
                .unprotect(unprotect(request.getCoap(), SERVER, ByteString.EMPTY))
                .getOpened();
        RecordServiceProtectResponse response =
                f.records().protect(protect(Messages.CONTENT, SERVER, "", received.getReference()));
        Opened answer = f.records()
                .unprotect(unprotect(response.getCoap(), CLIENT, request.getReference()))
                .getOpened();

        assertThat(request.getSaId()).isEqualTo(client.getOutboundSaId());
        assertThat(request.getPeer()).isEqualTo(SERVER);
        assertThat(received.getCoap()).isEqualTo(Messages.GET);
        assertThat(received.getPeer()).isEqualTo(CLIENT);
        assertThat(received.getIdentity().getValue()).isEqualTo(CLIENT);
        assertThat(answer.getCoap()).isEqualTo(Messages.CONTENT);
        assertThat(answer.getPairId()).isEqualTo(client.getPairId());
    }

    @Test
    void whatAPeerDoesWrongIsAValue() {
        RecordServiceProtectResponse request =
                f.records().protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY));
        f.records().unprotect(unprotect(request.getCoap(), SERVER, ByteString.EMPTY));

        assertDiscarded(request.getCoap(), SERVER, DiscardReason.DISCARD_REASON_REPLAY);
        ByteString another = f.records()
                .protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY))
                .getCoap();
        assertDiscarded(flipped(another), SERVER, DiscardReason.DISCARD_REASON_BAD_TAG);
        assertDiscarded(another, CLIENT, DiscardReason.DISCARD_REASON_WRONG_ENDPOINT);
        assertDiscarded(Messages.GET, SERVER, DiscardReason.DISCARD_REASON_MALFORMED);
    }

    private void assertDiscarded(ByteString coap, String local, DiscardReason reason) {
        RecordServiceUnprotectResponse response = f.records().unprotect(unprotect(coap, local, ByteString.EMPTY));
        assertThat(response.getDiscarded().getReason()).isEqualTo(reason);
        assertThat(response.getDiscarded().getErrno()).isPositive();
    }

    private static ByteString flipped(ByteString octets) {
        byte[] changed = octets.toByteArray();
        changed[changed.length - 1] ^= 1;
        return ByteString.copyFrom(changed);
    }

    @Test
    void aDeletedSaIsGoneForTheDataPathWhenDeleteIsAnswered() { // T24
        f.sadb()
                .delete(SadbServiceDeleteRequest.newBuilder()
                        .setSa(SaSelector.newBuilder().setSaId(client.getOutboundSaId()))
                        .build());

        assertRefused(SaError.NO_USABLE_SA, () -> f.records()
                .protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY)));
    }

    @Test
    void whatACallerDoesWrongIsARefusal() {
        assertRefused(SaError.NO_USABLE_SA, () -> f.records()
                .protect(protect(Messages.GET, CLIENT, "coap://stranger", ByteString.EMPTY)));
        assertRefused(SaError.MALFORMED_COAP, () -> f.records()
                .protect(protect(hex("41"), CLIENT, SERVER, ByteString.EMPTY)));
        assertRefused(SaError.MALFORMED_COAP, () -> f.records()
                .protect(protect(ByteString.EMPTY, CLIENT, SERVER, ByteString.EMPTY)));
        assertRefused(SaError.TOO_LARGE, () -> f.records()
                .protect(protect(ByteString.copyFrom(new byte[65_536]), CLIENT, SERVER, ByteString.EMPTY)));
        assertRefused(
                SaError.NO_TARGET, () -> f.records().protect(protect(Messages.GET, CLIENT, "", ByteString.EMPTY)));
        assertRefused(SaError.MALFORMED_ENDPOINT, () -> f.records()
                .protect(protect(Messages.GET, "nonsense", SERVER, ByteString.EMPTY)));
        assertRefused(SaError.INVALID_REFERENCE, () -> f.records()
                .protect(protect(Messages.CONTENT, SERVER, "", hex("0102"))));
        assertRefused(SaError.INVALID_REFERENCE, () -> f.records()
                .protect(protect(Messages.CONTENT, SERVER, "", ByteString.copyFrom(new byte[513]))));
    }

    @Test
    void aReferenceChangedByOneBitIsRefused() { // T45
        RecordServiceProtectResponse request =
                f.records().protect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY));

        assertRefused(SaError.INVALID_REFERENCE, () -> f.records()
                .unprotect(unprotect(Messages.CONTENT, CLIENT, flipped(request.getReference()))));
    }

    @Test
    void octetsAreSealedByIdAndByNameAndOpenedOnce() {
        long id = BothEnds.installRaw(f, "bb01", 50);
        RecordServiceSealRequest byId = RecordServiceSealRequest.newBuilder()
                .setSa(SaSelector.newBuilder().setSaId(id))
                .setLocal(CLIENT)
                .setPlaintext(hex("010203"))
                .setPadding(5)
                .build();
        RecordServiceSealRequest byName = byId.toBuilder()
                .setSa(SaSelector.newBuilder()
                        .setOutbound(
                                SaSelector.Outbound.newBuilder().setPeer(SERVER).setSpi(hex("bb01"))))
                .build();

        RecordServiceSealResponse first = f.records().seal(byId);
        RecordServiceSealResponse second = f.records().seal(byName);

        assertThat(second.getSaId()).isEqualTo(id);
        assertThat(second.getSequence()).isEqualTo(first.getSequence() + 1);
        assertThat(open(first.getRecord()).getOpened().getPlaintext()).isEqualTo(hex("010203"));
        assertThat(open(first.getRecord()).getDiscarded().getReason()).isEqualTo(DiscardReason.DISCARD_REASON_REPLAY);
    }

    private RecordServiceOpenResponse open(ByteString record) {
        return f.records()
                .open(RecordServiceOpenRequest.newBuilder()
                        .setRecord(record)
                        .setLocal(SERVER)
                        .build());
    }

    @Test
    void sealingWithoutAnSaThatFitsIsRefused() {
        RecordServiceSealRequest.Builder request =
                RecordServiceSealRequest.newBuilder().setPlaintext(hex("01")).setLocal(CLIENT);
        SaSelector message =
                SaSelector.newBuilder().setSaId(client.getOutboundSaId()).build();
        SaSelector nobody = SaSelector.newBuilder().setSaId(1).build();
        SaSelector unknownName = SaSelector.newBuilder()
                .setOutbound(SaSelector.Outbound.newBuilder().setPeer(SERVER).setSpi(hex("ee")))
                .build();

        assertRefused(SaError.MALFORMED, () -> f.records().seal(request.build()));
        assertRefused(SaError.NO_SUCH_SA, () -> f.records()
                .seal(request.clone().setSa(nobody).build()));
        assertRefused(SaError.NO_SUCH_SA, () -> f.records()
                .seal(request.clone().setSa(unknownName).build()));
        assertRefused(SaError.WRONG_CONTENT, () -> f.records()
                .seal(request.clone().setSa(message).build()));
        long raw = BothEnds.installRaw(f, "bb01", 50);
        SaSelector rawSa = SaSelector.newBuilder().setSaId(raw).build();
        assertRefused(SaError.TOO_LARGE, () -> f.records()
                .seal(request.clone()
                        .setSa(rawSa)
                        .setPlaintext(ByteString.copyFrom(new byte[(1 << 14) + 1]))
                        .build()));
        assertRefused(SaError.TOO_LARGE, () -> f.records()
                .seal(request.clone().setSa(rawSa).setPadding(-1).build()));
    }

    @Test
    void recordsThatCannotBeOpenedAreDiscarded() {
        assertThat(open(hex("17fefd")).getDiscarded().getReason()).isEqualTo(DiscardReason.DISCARD_REASON_MALFORMED);
        assertRefused(SaError.MALFORMED, () -> open(ByteString.EMPTY));
    }

    private static void assertRefused(SaError error, ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        SaException refusal = ErrorWire.fromStatus(failure).orElseThrow(() -> failure);
        assertThat(refusal.error()).as(refusal.getMessage()).isEqualTo(error);
    }
}
