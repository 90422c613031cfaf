// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.SaException;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceDeleteRequest;
import dev.samd.v1.PolicyServiceFlushRequest;
import dev.samd.v1.PolicyServiceGetRequest;
import dev.samd.v1.PolicyServiceGrpc;
import dev.samd.v1.PolicyServiceGrpc.PolicyServiceBlockingStub;
import dev.samd.v1.PolicyServiceListRequest;
import dev.samd.v1.PolicyServiceUpdateRequest;
import java.util.List;
import java.util.function.Function;

/**
 * The ordered list of policies. Where no entry fits, requests are protected, and only SAs of manual keys speak for their peer.
 * Thread-safe; every method waits for its answer.
 *
 * <p>Every method throws what the daemon refuses with as {@link SaException}, and {@link SamdUnavailableException}.
 */
public final class Policies {
    private final Connection connection;

    Policies(Connection connection) {
        this.connection = connection;
    }

    /** Puts an entry at the end of the list. */
    public void add(Policy policy) {
        add(policy, "");
    }

    /** Puts an entry in front of the one of the given name; an empty name stands for the end of the list. */
    public void add(Policy policy, String before) {
        PolicyServiceAddRequest request = PolicyServiceAddRequest.newBuilder()
                .setPolicy(PolicyWire.toWire(policy))
                .setBefore(before)
                .build();
        call(stub -> stub.add(request));
    }

    /** Replaces the entry of the same name, in its place. */
    public void update(Policy policy) {
        PolicyServiceUpdateRequest request = PolicyServiceUpdateRequest.newBuilder()
                .setPolicy(PolicyWire.toWire(policy))
                .build();
        call(stub -> stub.update(request));
    }

    /** Takes an entry out. */
    public void delete(String name) {
        PolicyServiceDeleteRequest request =
                PolicyServiceDeleteRequest.newBuilder().setName(name).build();
        call(stub -> stub.delete(request));
    }

    /** Shows an entry. */
    public Policy get(String name) {
        PolicyServiceGetRequest request =
                PolicyServiceGetRequest.newBuilder().setName(name).build();
        dev.samd.v1.Policy answer = call(stub -> stub.get(request)).getPolicy();
        return connection.understand(() -> PolicyWire.policy(answer));
    }

    /** Shows all entries, in order. */
    public List<Policy> list() {
        List<dev.samd.v1.Policy> answer = call(stub -> stub.list(PolicyServiceListRequest.getDefaultInstance()))
                .getPoliciesList();
        return connection.understand(
                () -> answer.stream().map(PolicyWire::policy).toList());
    }

    /** Takes all entries out and gives their number: everything is protected then. */
    public long flush() {
        return Integer.toUnsignedLong(call(stub -> stub.flush(PolicyServiceFlushRequest.getDefaultInstance()))
                .getCount());
    }

    private <T> T call(Function<PolicyServiceBlockingStub, T> call) {
        return connection.call(PolicyServiceGrpc::newBlockingStub, call);
    }
}
