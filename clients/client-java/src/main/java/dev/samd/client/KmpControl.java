// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaException;
import dev.samd.v1.KmpServiceFailAcquireRequest;
import dev.samd.v1.KmpServiceGrpc;
import dev.samd.v1.KmpServiceGrpc.KmpServiceBlockingStub;
import dev.samd.v1.KmpServiceRecallRequest;
import dev.samd.v1.KmpServiceRecallResponse;
import dev.samd.v1.KmpServiceRegisterRequest.Hello;
import dev.samd.v1.KmpServiceResolveRequest;
import dev.samd.v1.SaType;
import dev.samd.wire.FieldWire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The side of the daemon that key management protocols (KMPs) see: REGISTER, ACQUIRE and EXPIRE of RFC 2367. Thread-safe.
 *
 * <p>Every method that waits for an answer throws what the daemon refuses with as {@link SaException}, and
 * {@link SamdUnavailableException}.
 */
public final class KmpControl {
    /** Characters of a reason; what is longer is cut. */
    private static final int MAX_REASON = 256;

    private final Connection connection;

    KmpControl(Connection connection) {
        this.connection = connection;
    }

    /**
     * Registers a KMP. Does not wait: {@link KmpListener#onSupported} tells that the registration stands,
     * {@link KmpListener#onEnd} that it was refused or broke.
     *
     * @param kmp the name that policies use, "ace"
     * @param resources paths through which peers reach it, "/authz-info"
     * @throws SamdUnavailableException if the client was closed
     */
    public KmpSession register(String kmp, Set<String> resources, KmpListener listener) {
        KmpSession session = new KmpSession(connection, listener);
        session.open(Hello.newBuilder()
                .setKmp(kmp)
                .addTypes(SaType.SA_TYPE_DTLS12_RECORD)
                .addAllResources(new TreeSet<>(resources))
                .build());
        return session;
    }

    /**
     * A negative ACQUIRE: the work on it failed.
     *
     * @param tie the acquire and the claim on it
     * @param errno Linux error number, not 0
     * @param reason what the waiting callers are told
     */
    public void failAcquire(AcquireTie tie, int errno, String reason) {
        KmpServiceFailAcquireRequest request = KmpServiceFailAcquireRequest.newBuilder()
                .setSequence(tie.sequence())
                .setClaim(FieldWire.octets(tie.claim()))
                .setErrno(errno)
                .setReason(reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON))
                .build();
        call(stub -> stub.failAcquire(request));
    }

    /** The pairs that the KMP installed under the caller's principal. What came along is the caller's to close. */
    public List<RecalledPair> recall(String kmp) {
        return recall(KmpServiceRecallRequest.newBuilder().setKmp(kmp).build());
    }

    /** One pair that the KMP installed under the caller's principal; empty if it is not there, or another one's. */
    public Optional<RecalledPair> recall(String kmp, PairId pair) {
        List<RecalledPair> all = recall(KmpServiceRecallRequest.newBuilder()
                .setKmp(kmp)
                .setPairId(pair.value())
                .build());
        Optional<RecalledPair> wanted =
                all.stream().filter(each -> each.id().equals(pair)).findFirst();
        all.stream().filter(each -> !each.id().equals(pair)).forEach(RecalledPair::close);
        return wanted;
    }

    /**
     * The SA under which a principal opened a record: how a relay's word about a protected message is checked.
     *
     * @param principal the one that says it opened it
     * @param reference what Unprotect gave it
     */
    public SaEntry resolve(String principal, Octets reference) {
        KmpServiceResolveRequest request = KmpServiceResolveRequest.newBuilder()
                .setPrincipal(principal)
                .setReference(FieldWire.octets(reference))
                .build();
        dev.samd.v1.SaEntry answer = call(stub -> stub.resolve(request)).getSa();
        return connection.understand(() -> EntryWire.entry(answer));
    }

    private List<RecalledPair> recall(KmpServiceRecallRequest request) {
        KmpServiceRecallResponse answer = call(stub -> stub.recall(request));
        return connection.understand(() -> {
            List<RecalledPair> pairs = new ArrayList<>();
            try {
                answer.getPairsList().forEach(pair -> pairs.add(KmpWire.pair(pair)));
                return pairs;
            } catch (SaException e) {
                pairs.forEach(RecalledPair::close);
                throw e;
            }
        });
    }

    private <T> T call(Function<KmpServiceBlockingStub, T> call) {
        return connection.call(KmpServiceGrpc::newBlockingStub, call);
    }
}
