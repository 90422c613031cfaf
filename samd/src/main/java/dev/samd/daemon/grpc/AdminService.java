// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.Clocks;
import dev.samd.daemon.SadbLoop;
import dev.samd.daemon.access.AccessCounts;
import dev.samd.daemon.access.AccessRules;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.AdminServiceBackupRequest;
import dev.samd.v1.AdminServiceBackupResponse;
import dev.samd.v1.AdminServiceExplainAccessRequest;
import dev.samd.v1.AdminServiceExplainAccessResponse;
import dev.samd.v1.AdminServiceExplainRequest;
import dev.samd.v1.AdminServiceExplainResponse;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceInfoResponse;
import dev.samd.v1.AdminServiceRotateKeyRequest;
import dev.samd.v1.AdminServiceRotateKeyResponse;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import dev.samd.v1.BoundsInForce;
import dev.samd.v1.Suite;
import dev.samd.wire.FieldWire;
import io.grpc.stub.StreamObserver;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The daemon about itself, and about the caller. */
final class AdminService extends AdminServiceGrpc.AdminServiceImplBase {
    private final SadbLoop loop;
    private final AboutDaemon about;
    private final Explain explain;
    private final ExplainAccess explainAccess;
    private final AccessCounts counts;

    AdminService(SadbLoop loop, Clocks clocks, AboutDaemon about, AccessRules rules, AccessCounts counts) {
        this.loop = loop;
        this.about = about;
        this.explain = new Explain(loop, clocks);
        this.explainAccess = new ExplainAccess(loop, rules);
        this.counts = counts;
    }

    @Override
    public void info(AdminServiceInfoRequest request, StreamObserver<AdminServiceInfoResponse> observer) {
        AdminServiceInfoResponse.Builder info = AdminServiceInfoResponse.newBuilder()
                .setVersion(about.version())
                .setInstance(about.instance())
                .setCursor(EntryWire.toWire(loop.events().cursor()))
                .setStarted(FieldWire.timestamp(about.started()))
                .setStore(about.store())
                .setPid((int) ProcessHandle.current().pid())
                .setBounds(BoundsInForce.newBuilder()
                        .setCoapMessage(ServiceLimits.COAP_MESSAGE)
                        .setRecordPlaintext(ServiceLimits.RECORD_PLAINTEXT)
                        .setBatchItems(ServiceLimits.BATCH_ITEMS)
                        .setBatchOctets(ServiceLimits.BATCH)
                        .setTransportMessage(ServiceLimits.TRANSPORT)
                        .setStreamOutstandingItems(ServiceLimits.OUTSTANDING_ITEMS));
        if (Caller.current().rights().seesEverything()) {
            info.setSaCount(loop.size())
                    .setAccess(dev.samd.v1.AccessCounts.newBuilder()
                            .setDenied(counts.denials())
                            .setOverQuota(counts.overQuotas())
                            .setFailedAuthentications(counts.authenticationFailures()));
        }
        for (CipherSuite suite : CipherSuite.values()) {
            info.addSuites(Suite.newBuilder()
                    .setCode(suite.code())
                    .setName(suite.name())
                    .setAead(suite.aead().name())
                    .setKeyLength(suite.aead().keyLength())
                    .setIvLength(suite.aead().ivLength()));
        }
        observer.onNext(info.build());
        observer.onCompleted();
    }

    @Override
    public void whoAmI(AdminServiceWhoAmIRequest request, StreamObserver<AdminServiceWhoAmIResponse> observer) {
        observer.onNext(AccessWire.toWire(Caller.current()));
        observer.onCompleted();
    }

    @Override
    public void explainAccess(
            AdminServiceExplainAccessRequest request, StreamObserver<AdminServiceExplainAccessResponse> observer) {
        explainAccess.answer(request, observer);
    }

    @Override
    public void explain(AdminServiceExplainRequest request, StreamObserver<AdminServiceExplainResponse> observer) {
        explain.answer(request, observer);
    }

    @Override
    public void backup(AdminServiceBackupRequest request, StreamObserver<AdminServiceBackupResponse> observer) {
        Path destination;
        try {
            destination = Path.of(request.getDestination());
        } catch (InvalidPathException e) {
            throw new SaException(
                    SaError.MALFORMED, request.getDestination(), "destination is no path: " + e.getMessage());
        }
        UnaryAnswer.when(
                loop.upkeep().backup(destination),
                made -> AdminServiceBackupResponse.newBuilder()
                        .setDestination(made.destination().toString())
                        .setOctets(made.octets())
                        .setRevision(made.revision())
                        .setKeyEncryptionKey(made.keyEncryptionKey())
                        .build(),
                observer);
    }

    @Override
    public void rotateKey(
            AdminServiceRotateKeyRequest request, StreamObserver<AdminServiceRotateKeyResponse> observer) {
        UnaryAnswer.when(
                loop.upkeep().rotateKey(),
                rotated -> AdminServiceRotateKeyResponse.newBuilder()
                        .addAllDestroyed(rotated.destroyed())
                        .setCurrent(rotated.current())
                        .setPlace(rotated.place())
                        .build(),
                observer);
    }
}
