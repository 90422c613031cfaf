// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import com.google.protobuf.ByteString;
import dev.samd.daemon.Clocks;
import dev.samd.daemon.SadbLoop;
import dev.samd.daemon.access.Verb;
import dev.samd.daemon.sadb.Add;
import dev.samd.daemon.sadb.ChangeLifetime;
import dev.samd.daemon.sadb.Complete;
import dev.samd.daemon.sadb.GetSpi;
import dev.samd.daemon.sadb.InstallPair;
import dev.samd.daemon.sadb.Now;
import dev.samd.daemon.sadb.Origin;
import dev.samd.daemon.sadb.SaFilter;
import dev.samd.daemon.sadb.SaSelector;
import dev.samd.daemon.sadb.Sadb;
import dev.samd.daemon.sadb.SadbCaller;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.daemon.sadb.SpiRange;
import dev.samd.daemon.sadb.Step;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceAddResponse;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceDeleteResponse;
import dev.samd.v1.SadbServiceDumpRequest;
import dev.samd.v1.SadbServiceDumpResponse;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceFlushResponse;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceGetResponse;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceGetSpiResponse;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.v1.SadbServiceUpdateRequest;
import dev.samd.v1.SadbServiceUpdateResponse;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The verbs of RFC 2367 as calls: reads the request, submits it to the loop, answers when it is done. */
final class SadbService extends SadbServiceGrpc.SadbServiceImplBase {
    private static final int MAX_PAIR_NAME = 255;

    private final SadbLoop loop;
    private final Clocks clocks;
    private final Executor workers;

    SadbService(SadbLoop loop, Clocks clocks, Executor workers) {
        this.loop = loop;
        this.clocks = clocks;
        this.workers = workers;
    }

    @Override
    public void getSpi(SadbServiceGetSpiRequest request, StreamObserver<SadbServiceGetSpiResponse> observer) {
        SpiRange range = request.hasRange()
                ? new SpiRange(
                        FieldWire.octets(request.getRange().getMin()),
                        FieldWire.octets(request.getRange().getMax()))
                : null;
        GetSpi verb = new GetSpi(
                origin(Verb.GET_SPI, ByteString.EMPTY, request.getAcquireSequence(), request.getClaim()),
                FieldWire.peer("peer", request.getPeer()),
                FieldWire.endpoint("local", request.getLocal()),
                range);
        answer(
                (sadb, now) -> sadb.getSpi(now, verb),
                entry -> SadbServiceGetSpiResponse.newBuilder()
                        .setSaId(entry.id().value())
                        .setSpi(FieldWire.octets(entry.spi().octets()))
                        .build(),
                observer);
    }

    @Override
    public void add(SadbServiceAddRequest request, StreamObserver<SadbServiceAddResponse> observer) {
        Origin origin = origin(Verb.ADD, request.getRequestId(), request.getAcquireSequence(), request.getClaim());
        SaParameters parameters = parameters(Verb.ADD, "parameters", request.hasParameters(), request.getParameters());
        String pairName = pairName(request.getPairName());
        TrafficKeys keys = keys("keys", request.hasKeys(), request.getKeys(), parameters);
        answerOwning(
                (sadb, now) -> sadb.add(now, new Add(origin, parameters, keys, pairName)),
                entry -> SadbServiceAddResponse.newBuilder()
                        .setSaId(entry.id().value())
                        .setPairId(entry.pairId().value())
                        .build(),
                observer,
                keys);
    }

    @Override
    public void update(SadbServiceUpdateRequest request, StreamObserver<SadbServiceUpdateResponse> observer) {
        Origin origin = origin(Verb.UPDATE, request.getRequestId(), request.getAcquireSequence(), request.getClaim());
        SaSelector sa = EntryWire.fromWire(request.getSa());
        Function<SadbEntry, SadbServiceUpdateResponse> reply = entry ->
                SadbServiceUpdateResponse.newBuilder().setEntry(shown(entry)).build();
        if (request.hasKeys()) {
            SaParameters parameters =
                    parameters(Verb.UPDATE, "parameters", request.hasParameters(), request.getParameters());
            String pairName = pairName(request.getPairName());
            TrafficKeys keys = keys("keys", true, request.getKeys(), parameters);
            answerOwning(
                    (sadb, now) -> sadb.complete(now, new Complete(origin, sa, parameters, keys, pairName)),
                    reply,
                    observer,
                    keys);
            return;
        }
        @Nullable SaParameters stated = request.hasParameters() ? SaWire.fromWire(request.getParameters()) : null;
        Lifetime lifetime = lifetime(request, stated);
        ChangeLifetime verb = new ChangeLifetime(origin, sa, stated, lifetime);
        answer((sadb, now) -> sadb.changeLifetime(now, verb), reply, observer);
    }

    private static Lifetime lifetime(SadbServiceUpdateRequest request, @Nullable SaParameters stated) {
        if (request.hasLifetime()) {
            return SaWire.fromWire(request.getLifetime());
        }
        if (stated == null) {
            throw new SaException(SaError.MALFORMED, "lifetime", "lifetime is missing, and so are keys");
        }
        return stated.lifetime();
    }

    @Override
    public void installPair(
            SadbServiceInstallPairRequest request, StreamObserver<SadbServiceInstallPairResponse> observer) {
        Verb install = Verb.INSTALL_PAIR;
        Origin origin = origin(install, request.getRequestId(), request.getAcquireSequence(), request.getClaim());
        SaParameters in = parameters(install, "inbound", request.hasInbound(), request.getInbound());
        SaParameters out = parameters(install, "outbound", request.hasOutbound(), request.getOutbound());
        PairId supersedes = new PairId(FieldWire.unsigned(SaError.MALFORMED, "supersedes", request.getSupersedes()));
        @Nullable
        PairRole role = request.getRoleValue() == 0 ? null : SaWire.PAIR_ROLE.fromWire("role", request.getRoleValue());
        TrafficKeys inKeys = keys("inbound_keys", request.hasInboundKeys(), request.getInboundKeys(), in);
        TrafficKeys outKeys;
        try {
            outKeys = keys("outbound_keys", request.hasOutboundKeys(), request.getOutboundKeys(), out);
        } catch (SaException e) {
            inKeys.close();
            throw e;
        }
        KeyMaterial kmpPrivate = KeyMaterial.adopt(request.getKmpPrivate().toByteArray());
        InstallPair verb = new InstallPair(
                origin, in, inKeys, out, outKeys, supersedes, role, request.getUnconfirmed(), kmpPrivate);
        answerOwning(
                (sadb, now) -> sadb.installPair(now, verb),
                pair -> SadbServiceInstallPairResponse.newBuilder()
                        .setPairId(pair.inbound().pairId().value())
                        .setInboundSaId(pair.inbound().id().value())
                        .setOutboundSaId(pair.outbound().id().value())
                        .addAllScope(pair.outbound().scope().stream()
                                .map(Endpoint::uri)
                                .sorted()
                                .toList())
                        .build(),
                observer,
                inKeys,
                outKeys);
    }

    @Override
    public void delete(SadbServiceDeleteRequest request, StreamObserver<SadbServiceDeleteResponse> observer) {
        SaSelector sa = EntryWire.fromWire(request.getSa());
        SadbCaller caller = CallerInSadb.current(Verb.DELETE);
        boolean pair = request.getPair();
        answer(
                (sadb, now) -> sadb.delete(now, caller, sa, pair),
                ids -> SadbServiceDeleteResponse.newBuilder()
                        .addAllSaIds(ids.stream().map(SaId::value).toList())
                        .build(),
                observer);
    }

    @Override
    public void get(SadbServiceGetRequest request, StreamObserver<SadbServiceGetResponse> observer) {
        SaSelector sa = EntryWire.fromWire(request.getSa());
        SadbCaller caller = CallerInSadb.current(Verb.GET);
        answer(
                (sadb, now) -> Step.unchanged(sadb.get(sa, caller)),
                entry -> SadbServiceGetResponse.newBuilder()
                        .setEntry(shown(entry))
                        .build(),
                observer);
    }

    @Override
    public void flush(SadbServiceFlushRequest request, StreamObserver<SadbServiceFlushResponse> observer) {
        SaFilter filter = EntryWire.fromWire(request.getFilter());
        String principal = Caller.current().principal();
        answer(
                (sadb, now) -> sadb.flush(now, principal, filter),
                count -> SadbServiceFlushResponse.newBuilder().setCount(count).build(),
                observer);
    }

    @Override
    public void dump(SadbServiceDumpRequest request, StreamObserver<SadbServiceDumpResponse> observer) {
        SaFilter filter = EntryWire.fromWire(request.getFilter());
        DumpStream stream = new DumpStream(
                (ServerCallStreamObserver<SadbServiceDumpResponse>) observer, this::shown, Caller.current());
        SadbCaller caller = CallerInSadb.current(Verb.DUMP);
        loop.submit((sadb, now) -> Step.unchanged(sadb.dump(filter, caller))).whenComplete((snapshot, failure) -> {
            if (failure != null) {
                observer.onError(failure);
            } else {
                // Entries are converted here: not on the thread of the database.
                workers.execute(() -> stream.begin(snapshot));
            }
        });
    }

    private SaEntry shown(SadbEntry entry) {
        return EntryWire.toWire(entry, loop.engine().usage(entry.id()).orElse(Sadb.NO_USAGE), clocks::wallTime);
    }

    private <T, R> void answerOwning(
            BiFunction<Sadb, Now, Step<T>> verb,
            Function<T, R> reply,
            StreamObserver<R> observer,
            TrafficKeys... keys) {
        loop.submit(verb).whenComplete((result, failure) -> {
            if (failure != null) {
                // The database owns the keys of a request that it has seen; of one that never came to it, nobody does.
                for (TrafficKeys owned : keys) {
                    owned.close();
                }
            }
            UnaryAnswer.end(result, failure, reply, observer);
        });
    }

    private <T, R> void answer(BiFunction<Sadb, Now, Step<T>> verb, Function<T, R> reply, StreamObserver<R> observer) {
        UnaryAnswer.when(loop.submit(verb), reply, observer);
    }

    private static Origin origin(Verb verb, ByteString requestId, int acquireSequence, ByteString claim) {
        return new Origin(
                CallerInSadb.current(verb),
                FieldWire.octets(requestId),
                Integer.toUnsignedLong(acquireSequence),
                FieldWire.octets(claim));
    }

    /** The parameters of an SA that the caller may install: under a name that it has as a KMP. */
    private static SaParameters parameters(Verb verb, String field, boolean there, dev.samd.v1.SaParameters wire) {
        if (!there) {
            throw new SaException(SaError.MALFORMED, field, field + " is missing");
        }
        SaParameters parameters = SaWire.fromWire(wire);
        String kmp = parameters.identity().kmp();
        Caller caller = Caller.current();
        caller.require(verb, kmp, caller.rights().actAs(kmp));
        return parameters;
    }

    private static TrafficKeys keys(String field, boolean there, dev.samd.v1.Keys wire, SaParameters parameters) {
        if (!there) {
            throw new SaException(SaError.INVALID_KEY, field, field + " is missing");
        }
        return SaWire.fromWire(wire, parameters.suite());
    }

    private static String pairName(String name) {
        if (name.length() > MAX_PAIR_NAME) {
            throw new SaException(
                    SaError.MALFORMED,
                    name,
                    "pair_name of " + name.length() + " characters; at most " + MAX_PAIR_NAME + " expected");
        }
        return name;
    }
}
