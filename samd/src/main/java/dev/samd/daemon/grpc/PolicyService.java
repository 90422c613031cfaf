// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.SadbLoop;
import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.sadb.Now;
import dev.samd.daemon.sadb.Sadb;
import dev.samd.daemon.sadb.Step;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceAddResponse;
import dev.samd.v1.PolicyServiceDeleteRequest;
import dev.samd.v1.PolicyServiceDeleteResponse;
import dev.samd.v1.PolicyServiceFlushRequest;
import dev.samd.v1.PolicyServiceFlushResponse;
import dev.samd.v1.PolicyServiceGetRequest;
import dev.samd.v1.PolicyServiceGetResponse;
import dev.samd.v1.PolicyServiceGrpc;
import dev.samd.v1.PolicyServiceListRequest;
import dev.samd.v1.PolicyServiceListResponse;
import dev.samd.v1.PolicyServiceUpdateRequest;
import dev.samd.v1.PolicyServiceUpdateResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The ordered list of policies. Each change is one step of the database, which holds the list. */
final class PolicyService extends PolicyServiceGrpc.PolicyServiceImplBase {
    private final SadbLoop loop;

    PolicyService(SadbLoop loop) {
        this.loop = loop;
    }

    @Override
    public void add(PolicyServiceAddRequest request, StreamObserver<PolicyServiceAddResponse> observer) {
        Policy policy = PolicyWire.fromWire(request.hasPolicy(), request.getPolicy());
        change(
                present -> present.add(policy, request.getBefore()),
                PolicyServiceAddResponse::getDefaultInstance,
                observer);
    }

    @Override
    public void update(PolicyServiceUpdateRequest request, StreamObserver<PolicyServiceUpdateResponse> observer) {
        Policy policy = PolicyWire.fromWire(request.hasPolicy(), request.getPolicy());
        change(present -> present.replace(policy), PolicyServiceUpdateResponse::getDefaultInstance, observer);
    }

    @Override
    public void delete(PolicyServiceDeleteRequest request, StreamObserver<PolicyServiceDeleteResponse> observer) {
        change(present -> present.remove(request.getName()), PolicyServiceDeleteResponse::getDefaultInstance, observer);
    }

    @Override
    public void flush(PolicyServiceFlushRequest request, StreamObserver<PolicyServiceFlushResponse> observer) {
        AtomicInteger count = new AtomicInteger();
        change(
                present -> {
                    count.set(present.size());
                    return present.cleared();
                },
                () -> PolicyServiceFlushResponse.newBuilder()
                        .setCount(count.get())
                        .build(),
                observer);
    }

    @Override
    public void get(PolicyServiceGetRequest request, StreamObserver<PolicyServiceGetResponse> observer) {
        answer(
                (sadb, now) -> Step.unchanged(sadb.policies().require(request.getName())),
                policy -> PolicyServiceGetResponse.newBuilder()
                        .setPolicy(PolicyWire.toWire(policy))
                        .build(),
                observer);
    }

    @Override
    public void list(PolicyServiceListRequest request, StreamObserver<PolicyServiceListResponse> observer) {
        answer(
                (sadb, now) -> Step.unchanged(sadb.policies()),
                policies -> PolicyServiceListResponse.newBuilder()
                        .addAllPolicies(
                                policies.list().stream().map(PolicyWire::toWire).toList())
                        .build(),
                observer);
    }

    private <R> void change(UnaryOperator<Policies> edit, Supplier<R> reply, StreamObserver<R> observer) {
        String principal = Caller.current().principal();
        answer(
                (sadb, now) -> sadb.policyChanged(now, principal, edit.apply(sadb.policies())),
                rescoped -> reply.get(),
                observer);
    }

    private <T, R> void answer(BiFunction<Sadb, Now, Step<T>> step, Function<T, R> reply, StreamObserver<R> observer) {
        UnaryAnswer.when(loop.submit(step), reply, observer);
    }
}
