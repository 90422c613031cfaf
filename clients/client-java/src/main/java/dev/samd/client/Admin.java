// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.CipherSuite;
import dev.samd.v1.AccessCounts;
import dev.samd.v1.AdminServiceExplainResponse;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceInfoResponse;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import dev.samd.wire.FieldWire;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The daemon itself. Thread-safe; every method waits for its answer. */
public final class Admin {
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

    /** The suites of the daemon that this version has a word for. */
    private static List<CipherSuite> suites(AdminServiceInfoResponse answer) {
        return answer.getSuitesList().stream()
                .flatMap(suite -> Arrays.stream(CipherSuite.values()).filter(known -> known.code() == suite.getCode()))
                .toList();
    }
}
