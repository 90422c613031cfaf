// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.CipherSuite;
import dev.samd.v1.AdminServiceExplainResponse;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceInfoResponse;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.AdminServiceWhoAmIResponse;
import dev.samd.wire.FieldWire;
import java.util.Arrays;
import java.util.List;

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
                suites(answer)));
    }

    /** Whom the daemon takes this process for. */
    public Caller whoAmI() {
        AdminServiceWhoAmIResponse answer = connection.call(
                AdminServiceGrpc::newBlockingStub, stub -> stub.whoAmI(AdminServiceWhoAmIRequest.getDefaultInstance()));
        return new Caller(
                answer.getPrincipal(),
                Integer.toUnsignedLong(answer.getUid()),
                Integer.toUnsignedLong(answer.getGid()),
                Integer.toUnsignedLong(answer.getPid()),
                answer.getTransport());
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
