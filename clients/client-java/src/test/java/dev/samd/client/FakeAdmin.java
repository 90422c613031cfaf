// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import com.google.protobuf.Timestamp;
import dev.samd.sa.SaException;
import dev.samd.v1.AccessCounts;
import dev.samd.v1.AdminServiceBackupRequest;
import dev.samd.v1.AdminServiceBackupResponse;
import dev.samd.v1.AdminServiceExplainAccessRequest;
import dev.samd.v1.AdminServiceExplainAccessResponse;
import dev.samd.v1.AdminServiceExplainRequest;
import dev.samd.v1.AdminServiceExplainResponse;
import dev.samd.v1.AdminServiceGrpc.AdminServiceImplBase;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceInfoResponse;
import dev.samd.v1.AdminServiceRotateKeyRequest;
import dev.samd.v1.AdminServiceRotateKeyResponse;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import dev.samd.v1.Cursor;
import dev.samd.v1.Grant;
import dev.samd.v1.Quota;
import dev.samd.v1.Suite;
import dev.samd.wire.ErrorWire;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A daemon that says about itself what never changes, and explains as it was told to. Thread-safe. */
public final class FakeAdmin extends AdminServiceImplBase {
    private final List<AdminServiceExplainRequest> questions = new ArrayList<>();
    private AdminServiceExplainResponse explanation = AdminServiceExplainResponse.getDefaultInstance();
    private Optional<SaException> refusal = Optional.empty();
    private final List<String> backups = new ArrayList<>();
    private Optional<SaException> upkeepRefusal = Optional.empty();

    /** Explains everything so from now on. */
    public synchronized void explainWith(AdminServiceExplainResponse answer) {
        explanation = answer;
    }

    /** Explains nothing any more. */
    public synchronized void refuseToExplain(SaException reason) {
        refusal = Optional.of(reason);
    }

    /** Every question so far. */
    public synchronized List<AdminServiceExplainRequest> questions() {
        return List.copyOf(questions);
    }

    @Override
    public synchronized void explain(
            AdminServiceExplainRequest request, StreamObserver<AdminServiceExplainResponse> observer) {
        questions.add(request);
        if (refusal.isPresent()) {
            observer.onError(ErrorWire.toStatus(refusal.get()));
            return;
        }
        observer.onNext(explanation);
        observer.onCompleted();
    }

    /** Backs up and rotates nothing any more. */
    public synchronized void refuseUpkeep(SaException reason) {
        upkeepRefusal = Optional.of(reason);
    }

    /** Where backups were wanted. */
    public synchronized List<String> backups() {
        return List.copyOf(backups);
    }

    @Override
    public synchronized void backup(
            AdminServiceBackupRequest request, StreamObserver<AdminServiceBackupResponse> observer) {
        if (upkeepRefusal.isPresent()) {
            observer.onError(ErrorWire.toStatus(upkeepRefusal.get()));
            return;
        }
        backups.add(request.getDestination());
        observer.onNext(AdminServiceBackupResponse.newBuilder()
                .setDestination(request.getDestination())
                .setOctets(48_213)
                .setRevision(17)
                .setKeyEncryptionKey("kek-5f3c0a11")
                .build());
        observer.onCompleted();
    }

    @Override
    public synchronized void rotateKey(
            AdminServiceRotateKeyRequest request, StreamObserver<AdminServiceRotateKeyResponse> observer) {
        if (upkeepRefusal.isPresent()) {
            observer.onError(ErrorWire.toStatus(upkeepRefusal.get()));
            return;
        }
        observer.onNext(AdminServiceRotateKeyResponse.newBuilder()
                .addDestroyed("kek-5f3c0a11")
                .setCurrent("kek-9d20e7b4")
                .setPlace("file /var/lib/samd/kek")
                .build());
        observer.onCompleted();
    }

    @Override
    public void info(AdminServiceInfoRequest request, StreamObserver<AdminServiceInfoResponse> observer) {
        observer.onNext(AdminServiceInfoResponse.newBuilder()
                .setVersion("0.1.0")
                .setInstance("5f3c")
                .setCursor(Cursor.newBuilder().setIncarnation(0xabc).setRevision(17))
                .setStarted(Timestamp.newBuilder().setSeconds(FakeSadb.ADDED))
                .setStore("memory")
                .setSaCount(2)
                .addSuites(Suite.newBuilder().setCode(0xc0a8).setName("TLS_PSK_WITH_AES_128_CCM_8"))
                .addSuites(Suite.newBuilder().setCode(0x1301).setName("of a later version"))
                .setPid(4242)
                .setAccess(
                        AccessCounts.newBuilder().setDenied(3).setOverQuota(2).setFailedAuthentications(1))
                .build());
        observer.onCompleted();
    }

    @Override
    public void whoAmI(AdminServiceWhoAmIRequest request, StreamObserver<AdminServiceWhoAmIResponse> observer) {
        observer.onNext(AdminServiceWhoAmIResponse.newBuilder()
                .setPrincipal("uid:1000")
                .setUid(1000)
                .setGid(100)
                .addAllGroups(List.of(27, -2))
                .setPid(77)
                .setTransport("unix")
                .setSocket("any")
                .addAllRoles(List.of("app", "kmp"))
                .addGrants(Grant.newBuilder()
                        .setRule("sensors")
                        .addAllRoles(List.of("app", "kmp"))
                        .addAllEndpoints(List.of("coap://device-*", "host"))
                        .setProtect(true)
                        .addKmps("ace"))
                .setQuota(Quota.newBuilder()
                        .setCallsPerSecond(200_000)
                        .setCallsInFlight(8_192)
                        .setSas(100)
                        .setLarvalSas(10)
                        .setPendingAcquires(5)
                        .setDenialsPerSecond(7))
                .build());
        observer.onCompleted();
    }

    /** Lets everybody with a certificate do everything, and no process anything. */
    @Override
    public void explainAccess(
            AdminServiceExplainAccessRequest request, StreamObserver<AdminServiceExplainAccessResponse> observer) {
        AdminServiceExplainAccessResponse.Builder answer = AdminServiceExplainAccessResponse.newBuilder();
        if (request.hasProcess()) {
            answer.addSteps(request.getVerb() + " of " + request.getSaId() + " by "
                            + Integer.toUnsignedString(request.getProcess().getUid())
                            + (request.getProcess().getGroupsCount() == 0
                                    ? ""
                                    : " in " + request.getProcess().getGroupsList()))
                    .addSteps("no");
        } else {
            answer.setAllowed(true).setRule("sensors").addSteps(request.getVerb() + " by " + request.getSan());
        }
        observer.onNext(answer.build());
        observer.onCompleted();
    }
}
