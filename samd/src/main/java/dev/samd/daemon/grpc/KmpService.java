// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import com.google.protobuf.ByteString;
import dev.samd.daemon.Clocks;
import dev.samd.daemon.SadbLoop;
import dev.samd.daemon.access.Verb;
import dev.samd.daemon.sadb.Now;
import dev.samd.daemon.sadb.Origin;
import dev.samd.daemon.sadb.RecalledPair;
import dev.samd.daemon.sadb.SaSelector;
import dev.samd.daemon.sadb.Sadb;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.daemon.sadb.Step;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.v1.KmpServiceFailAcquireRequest;
import dev.samd.v1.KmpServiceFailAcquireResponse;
import dev.samd.v1.KmpServiceGrpc;
import dev.samd.v1.KmpServiceRecallRequest;
import dev.samd.v1.KmpServiceRecallResponse;
import dev.samd.v1.KmpServiceRegisterRequest;
import dev.samd.v1.KmpServiceRegisterResponse;
import dev.samd.v1.KmpServiceResolveRequest;
import dev.samd.v1.KmpServiceResolveResponse;
import dev.samd.v1.SaEntry;
import dev.samd.wire.FieldWire;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What KMPs and the daemon tell each other: REGISTER, ACQUIRE and EXPIRE of RFC 2367. */
final class KmpService extends KmpServiceGrpc.KmpServiceImplBase {
    private static final int MAX_REASON = 256;

    private final SadbLoop loop;
    private final Clocks clocks;
    private final Drain drain;
    private final Executor executor;

    /**
     * @param executor where messages are written, away from the thread of the database
     */
    KmpService(SadbLoop loop, Clocks clocks, Drain drain, Executor executor) {
        this.loop = loop;
        this.clocks = clocks;
        this.drain = drain;
        this.executor = executor;
    }

    @Override
    public StreamObserver<KmpServiceRegisterRequest> register(StreamObserver<KmpServiceRegisterResponse> observer) {
        KmpStream stream = new KmpStream(
                loop,
                clocks,
                Caller.current(),
                (ServerCallStreamObserver<KmpServiceRegisterResponse>) observer,
                executor);
        stream.begin(drain);
        return stream;
    }

    @Override
    public void failAcquire(
            KmpServiceFailAcquireRequest request, StreamObserver<KmpServiceFailAcquireResponse> observer) {
        if (request.getErrno() <= 0) {
            throw new SaException(
                    SaError.MALFORMED,
                    Integer.toUnsignedString(request.getErrno()),
                    "errno " + Integer.toUnsignedString(request.getErrno()) + " says no failure");
        }
        String reason = reason(request.getReason());
        Origin origin = new Origin(
                Caller.current().principal(),
                Octets.EMPTY,
                Integer.toUnsignedLong(request.getSequence()),
                FieldWire.octets(request.getClaim()));
        answer(
                (sadb, now) -> sadb.failAcquire(now, origin, request.getErrno(), reason),
                done -> KmpServiceFailAcquireResponse.getDefaultInstance(),
                observer);
    }

    /** What a KMP says in its own words, for those who wait. */
    static String reason(String text) {
        if (text.length() > MAX_REASON) {
            throw new SaException(
                    SaError.MALFORMED,
                    text,
                    "reason of " + text.length() + " characters; at most " + MAX_REASON + " expected");
        }
        return text;
    }

    @Override
    public void recall(KmpServiceRecallRequest request, StreamObserver<KmpServiceRecallResponse> observer) {
        Caller caller = Caller.current();
        String principal = caller.principal();
        caller.require(Verb.RECALL, request.getKmp(), caller.rights().actAs(request.getKmp()));
        answer(
                (sadb, now) -> {
                    // Read on the thread of the database: a pair that ends later takes its secret along.
                    KmpServiceRecallResponse.Builder recalled = KmpServiceRecallResponse.newBuilder();
                    for (RecalledPair pair : sadb.recall(principal, request.getKmp())) {
                        recalled.addPairs(toWire(pair));
                    }
                    return Step.unchanged(recalled.build());
                },
                Function.identity(),
                observer);
    }

    private KmpServiceRecallResponse.InstalledPair toWire(RecalledPair pair) {
        KmpServiceRecallResponse.InstalledPair.Builder wire = KmpServiceRecallResponse.InstalledPair.newBuilder()
                .setPairId(pair.inbound().pairId().value())
                .setInbound(shown(pair.inbound()))
                .setOutbound(shown(pair.outbound()));
        byte[] secret = pair.kmpPrivate().borrow();
        if (secret != null) {
            try {
                wire.setKmpPrivate(ByteString.copyFrom(secret));
            } finally {
                pair.kmpPrivate().giveBack();
            }
        }
        return wire.build();
    }

    @Override
    public void resolve(KmpServiceResolveRequest request, StreamObserver<KmpServiceResolveResponse> observer) {
        String caller = Caller.current().principal();
        SaId sa = loop.engine().openedUnder(request.getReference().toByteArray(), request.getPrincipal());
        answer(
                (sadb, now) -> {
                    if (!sadb.isKmp(caller)) {
                        throw new SaException(SaError.NOT_PERMITTED, caller, "no KMP of " + caller + " is registered");
                    }
                    return Step.unchanged(sadb.get(new SaSelector.ById(sa)));
                },
                entry -> KmpServiceResolveResponse.newBuilder()
                        .setSa(shown(entry))
                        .build(),
                observer);
    }

    private SaEntry shown(SadbEntry entry) {
        return EntryWire.toWire(entry, loop.engine().usage(entry.id()).orElse(Sadb.NO_USAGE), clocks::wallTime);
    }

    private <T, R> void answer(BiFunction<Sadb, Now, Step<T>> verb, Function<T, R> reply, StreamObserver<R> observer) {
        UnaryAnswer.when(loop.submit(verb), reply, observer);
    }
}
