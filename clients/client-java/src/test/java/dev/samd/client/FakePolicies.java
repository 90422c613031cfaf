// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.Policy;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceAddResponse;
import dev.samd.v1.PolicyServiceDeleteRequest;
import dev.samd.v1.PolicyServiceDeleteResponse;
import dev.samd.v1.PolicyServiceFlushRequest;
import dev.samd.v1.PolicyServiceFlushResponse;
import dev.samd.v1.PolicyServiceGetRequest;
import dev.samd.v1.PolicyServiceGetResponse;
import dev.samd.v1.PolicyServiceGrpc.PolicyServiceImplBase;
import dev.samd.v1.PolicyServiceListRequest;
import dev.samd.v1.PolicyServiceListResponse;
import dev.samd.v1.PolicyServiceUpdateRequest;
import dev.samd.v1.PolicyServiceUpdateResponse;
import dev.samd.wire.ErrorWire;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** An ordered list of policies that nobody obeys. Thread-safe. */
public final class FakePolicies extends PolicyServiceImplBase {
    private final List<Policy> policies = new ArrayList<>();

    /** The list as it is. */
    public synchronized List<Policy> policies() {
        return List.copyOf(policies);
    }

    /** Puts an entry at the end, whatever it says. */
    public synchronized void put(Policy policy) {
        policies.add(policy);
    }

    @Override
    public void add(PolicyServiceAddRequest request, StreamObserver<PolicyServiceAddResponse> observer) {
        answer(observer, () -> {
            Policy policy = request.getPolicy();
            if (policies.stream().anyMatch(other -> other.getName().equals(policy.getName()))) {
                throw new SaException(
                        SaError.POLICY_EXISTS, policy.getName(), "policy " + policy.getName() + " stands already");
            }
            int at = request.getBefore().isEmpty() ? policies.size() : indexOf(request.getBefore());
            policies.add(at, policy);
            return PolicyServiceAddResponse.getDefaultInstance();
        });
    }

    @Override
    public void update(PolicyServiceUpdateRequest request, StreamObserver<PolicyServiceUpdateResponse> observer) {
        answer(observer, () -> {
            policies.set(indexOf(request.getPolicy().getName()), request.getPolicy());
            return PolicyServiceUpdateResponse.getDefaultInstance();
        });
    }

    @Override
    public void delete(PolicyServiceDeleteRequest request, StreamObserver<PolicyServiceDeleteResponse> observer) {
        answer(observer, () -> {
            policies.remove(indexOf(request.getName()));
            return PolicyServiceDeleteResponse.getDefaultInstance();
        });
    }

    @Override
    public void get(PolicyServiceGetRequest request, StreamObserver<PolicyServiceGetResponse> observer) {
        answer(observer, () -> PolicyServiceGetResponse.newBuilder()
                .setPolicy(policies.get(indexOf(request.getName())))
                .build());
    }

    @Override
    public void list(PolicyServiceListRequest request, StreamObserver<PolicyServiceListResponse> observer) {
        answer(observer, () -> PolicyServiceListResponse.newBuilder()
                .addAllPolicies(policies)
                .build());
    }

    @Override
    public void flush(PolicyServiceFlushRequest request, StreamObserver<PolicyServiceFlushResponse> observer) {
        answer(observer, () -> {
            int count = policies.size();
            policies.clear();
            return PolicyServiceFlushResponse.newBuilder().setCount(count).build();
        });
    }

    private int indexOf(String name) {
        for (int i = 0; i < policies.size(); i++) {
            if (policies.get(i).getName().equals(name)) {
                return i;
            }
        }
        throw new SaException(SaError.NO_SUCH_POLICY, name, "no policy of the name " + name);
    }

    private synchronized <T> void answer(StreamObserver<T> observer, Supplier<T> call) {
        try {
            observer.onNext(call.get());
            observer.onCompleted();
        } catch (SaException e) {
            observer.onError(ErrorWire.toStatus(e));
        }
    }
}
