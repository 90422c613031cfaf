// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.CipherSuite;
import dev.samd.v1.AccessCounts;
import dev.samd.v1.AdminServiceBackupRequest;
import dev.samd.v1.AdminServiceBackupResponse;
import dev.samd.v1.AdminServiceExplainResponse;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceInfoResponse;
import dev.samd.v1.AdminServiceRotateKeyRequest;
import dev.samd.v1.AdminServiceRotateKeyResponse;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import dev.samd.wire.FieldWire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The daemon itself. Thread-safe; every method waits for its answer. */
public final class Admin {
    /** Disks and tokens take their time, and what they do goes on if nobody waits for it. */
    private static final Duration UPKEEP_TIME = Duration.ofHours(1);

    private final Connection connection;

    Admin(Connection connection) {
        this.connection = connection;
    }

    /** What this daemon is and can. */
    public DaemonInfo info() {
        AdminServiceInfoResponse answer = connection.call(
                AdminServiceGrpc::newBlockingStub, stub -> stub.info(AdminServiceInfoRequest.getDefaultInstance()));
        return connection.understand(() -> new DaemonInfo(
                answer.getVersion(),
                answer.getInstance(),
                Integer.toUnsignedLong(answer.getPid()),
                FieldWire.instant("started", answer.getStarted()),
                answer.getStore(),
                answer.getSaCount(),
                Cursor.of(answer.getCursor()),
                suites(answer),
                answer.hasAccess() ? Optional.of(refused(answer.getAccess())) : Optional.empty()));
    }

    private static DaemonInfo.Refused refused(AccessCounts counts) {
        return new DaemonInfo.Refused(counts.getDenied(), counts.getOverQuota(), counts.getFailedAuthentications());
    }

    /** Whom the daemon takes this process for, and what it may do. */
    public Caller whoAmI() {
        AdminServiceWhoAmIResponse answer = connection.call(
                AdminServiceGrpc::newBlockingStub, stub -> stub.whoAmI(AdminServiceWhoAmIRequest.getDefaultInstance()));
        return AccessWire.caller(answer);
    }

    /** Whether a caller may make a call, and the rule that says so. For operators and auditors. */
    public AccessAnswer explainAccess(AccessQuestion question) {
        return AccessWire.answer(connection.call(
                AdminServiceGrpc::newBlockingStub, stub -> stub.explainAccess(AccessWire.toWire(question))));
    }

    /**
     * Which policy and which SA apply to a message, and why something fails. Seals nothing and moves no window; a tag that
     * fails counts as a forgery, as it would on arrival.
     */
    public Explanation explain(ExplainRequest request) {
        AdminServiceExplainResponse answer =
                connection.call(AdminServiceGrpc::newBlockingStub, stub -> stub.explain(ExplainWire.toWire(request)));
        return connection.understand(() -> ExplainWire.explanation(answer));
    }

    /**
     * Has the daemon copy its database, while it is used. Takes as long as the copy takes.
     *
     * @param destination absolute path of a directory that does not exist, in one that does, on the daemon's host
     */
    public BackupReport backup(Path destination) {
        AdminServiceBackupResponse answer = connection.call(
                AdminServiceGrpc::newBlockingStub,
                UPKEEP_TIME,
                stub -> stub.backup(AdminServiceBackupRequest.newBuilder()
                        .setDestination(destination.toString())
                        .build()));
        return new BackupReport(
                answer.getDestination(), answer.getOctets(), answer.getRevision(), answer.getKeyEncryptionKey());
    }

    /** Has the daemon seal its data key under a new key-encryption key, and destroy the older ones. */
    public KeyRotation rotateKey() {
        AdminServiceRotateKeyResponse answer = connection.call(
                AdminServiceGrpc::newBlockingStub,
                UPKEEP_TIME,
                stub -> stub.rotateKey(AdminServiceRotateKeyRequest.getDefaultInstance()));
        return new KeyRotation(answer.getDestroyedList(), answer.getCurrent(), answer.getPlace());
    }

    /** The suites of the daemon that this version has a word for. */
    private static List<CipherSuite> suites(AdminServiceInfoResponse answer) {
        return answer.getSuitesList().stream()
                .flatMap(suite -> Arrays.stream(CipherSuite.values()).filter(known -> known.code() == suite.getCode()))
                .toList();
    }
}
