// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static java.util.Map.entry;

import com.google.protobuf.ByteString;
import dev.samd.daemon.access.Role;
import dev.samd.sa.SaError;
import dev.samd.v1.AdminServiceBackupRequest;
import dev.samd.v1.AdminServiceExplainAccessRequest;
import dev.samd.v1.AdminServiceExplainRequest;
import dev.samd.v1.AdminServiceExplainResponse;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceRotateKeyRequest;
import dev.samd.v1.AdminServiceWhoAmIRequest;
import dev.samd.v1.Direction;
import dev.samd.v1.DiscardReason;
import dev.samd.v1.Discarded;
import dev.samd.v1.KmpServiceFailAcquireRequest;
import dev.samd.v1.KmpServiceGrpc;
import dev.samd.v1.KmpServiceRecallRequest;
import dev.samd.v1.KmpServiceResolveRequest;
import dev.samd.v1.Lifetime;
import dev.samd.v1.Limits;
import dev.samd.v1.Policy;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicySelector;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceDeleteRequest;
import dev.samd.v1.PolicyServiceFlushRequest;
import dev.samd.v1.PolicyServiceGetRequest;
import dev.samd.v1.PolicyServiceGrpc;
import dev.samd.v1.PolicyServiceListRequest;
import dev.samd.v1.PolicyServiceUpdateRequest;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceOpenRequest;
import dev.samd.v1.RecordServiceSealRequest;
import dev.samd.v1.RecordServiceStreamRequest;
import dev.samd.v1.RecordServiceStreamResponse;
import dev.samd.v1.SaFilter;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceDumpRequest;
import dev.samd.v1.SadbServiceDumpResponse;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.v1.SadbServiceUpdateRequest;
import dev.samd.v1.WatchServiceGrpc;
import dev.samd.v1.WatchServiceWatchRequest;
import dev.samd.v1.WatchServiceWatchResponse;
import dev.samd.wire.ErrorWire;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Each call once: made by a caller, about a target, with a request that nothing but access stands against. */
final class AccessProbes {
    private static final AtomicInteger NUMBERS = new AtomicInteger(0x7000_0000);

    private AccessProbes() {}

    /** Makes one call and says what came of it. Statuses are thrown. */
    interface Probe {
        Outcome make(AccessParty party, AccessTarget target) throws Exception;
    }

    /** The calls by name. */
    static final Map<String, Probe> ALL = Map.ofEntries(
            entry("AdminService/Info", (party, target) -> {
                AdminServiceGrpc.newBlockingStub(party.caller()).info(AdminServiceInfoRequest.getDefaultInstance());
                return Outcome.done();
            }),
            entry("AdminService/WhoAmI", (party, target) -> {
                AdminServiceGrpc.newBlockingStub(party.caller()).whoAmI(AdminServiceWhoAmIRequest.getDefaultInstance());
                return Outcome.done();
            }),
            entry("AdminService/Explain", AccessProbes::explain),
            entry("AdminService/ExplainAccess", (party, target) -> {
                AdminServiceGrpc.newBlockingStub(party.caller())
                        .explainAccess(AdminServiceExplainAccessRequest.newBuilder()
                                .setSan("spiffe://samd.test/x")
                                .setVerb("protect")
                                .setSaId(target.outbound)
                                .build());
                return Outcome.done();
            }),
            entry(
                    "AdminService/Backup",
                    (party, target) -> keepsNothing(() -> AdminServiceGrpc.newBlockingStub(party.caller())
                            .backup(AdminServiceBackupRequest.newBuilder()
                                    .setDestination("/nowhere/at/all")
                                    .build()))),
            entry(
                    "AdminService/RotateKey",
                    (party, target) -> keepsNothing(() -> AdminServiceGrpc.newBlockingStub(party.caller())
                            .rotateKey(AdminServiceRotateKeyRequest.getDefaultInstance()))),
            entry("SadbService/GetSpi", (party, target) -> {
                sadb(party)
                        .getSpi(SadbServiceGetSpiRequest.newBuilder()
                                .setPeer("coap://new.test")
                                .build());
                return Outcome.done();
            }),
            entry("SadbService/Add", (party, target) -> {
                int number = NUMBERS.incrementAndGet();
                sadb(party)
                        .add(SadbServiceAddRequest.newBuilder()
                                .setParameters(DaemonFixture.parameters(
                                        Direction.DIRECTION_OUTBOUND, Integer.toHexString(number)))
                                .setKeys(DaemonFixture.keys(number))
                                .build());
                return Outcome.done();
            }),
            entry("SadbService/Update", (party, target) -> {
                sadb(party)
                        .update(SadbServiceUpdateRequest.newBuilder()
                                .setSa(target.outboundById())
                                .setLifetime(Lifetime.newBuilder()
                                        .setHard(Limits.newBuilder().setRecords(1_000)))
                                .build());
                return Outcome.done();
            }),
            entry("SadbService/InstallPair", (party, target) -> {
                sadb(party).installPair(target.successor());
                return Outcome.done();
            }),
            entry("SadbService/Delete", (party, target) -> {
                sadb(party)
                        .delete(SadbServiceDeleteRequest.newBuilder()
                                .setSa(target.outboundById())
                                .build());
                return Outcome.done();
            }),
            entry("SadbService/Get", (party, target) -> {
                sadb(party)
                        .get(SadbServiceGetRequest.newBuilder()
                                .setSa(target.outboundById())
                                .build());
                return Outcome.done();
            }),
            entry("SadbService/Dump", AccessProbes::dump),
            entry("SadbService/Flush", (party, target) -> {
                sadb(party)
                        .flush(SadbServiceFlushRequest.newBuilder()
                                .setFilter(SaFilter.newBuilder().setPeer("coap://nowhere.test"))
                                .build());
                return Outcome.done();
            }),
            entry("WatchService/Watch", AccessProbes::watch),
            entry("PolicyService/Add", (party, target) -> {
                policies(party.caller()).add(adding(policy()));
                return Outcome.done();
            }),
            entry("PolicyService/Update", (party, target) -> {
                Policy policy = entered(party);
                policies(party.caller())
                        .update(PolicyServiceUpdateRequest.newBuilder()
                                .setPolicy(policy)
                                .build());
                return Outcome.done();
            }),
            entry("PolicyService/Delete", (party, target) -> {
                Policy policy = entered(party);
                policies(party.caller())
                        .delete(PolicyServiceDeleteRequest.newBuilder()
                                .setName(policy.getName())
                                .build());
                return Outcome.done();
            }),
            entry("PolicyService/Get", (party, target) -> {
                Policy policy = entered(party);
                policies(party.caller())
                        .get(PolicyServiceGetRequest.newBuilder()
                                .setName(policy.getName())
                                .build());
                return Outcome.done();
            }),
            entry("PolicyService/List", (party, target) -> {
                policies(party.caller()).list(PolicyServiceListRequest.getDefaultInstance());
                return Outcome.done();
            }),
            entry("PolicyService/Flush", (party, target) -> {
                policies(party.caller()).flush(PolicyServiceFlushRequest.getDefaultInstance());
                return Outcome.done();
            }),
            entry("KmpService/Register", (party, target) -> {
                try (KmpClient kmp = KmpClient.registering(party.caller(), AccessParty.KMP)) {
                    kmp.requireRegistered();
                }
                return Outcome.done();
            }),
            entry("KmpService/FailAcquire", (party, target) -> {
                try {
                    kmp(party)
                            .failAcquire(KmpServiceFailAcquireRequest.newBuilder()
                                    .setSequence(7)
                                    .setErrno(5)
                                    .build());
                } catch (StatusRuntimeException e) {
                    // No ACQUIRE is open: it was looked for, and that is what the right is.
                    if (ErrorWire.fromStatus(e).orElseThrow().error() != SaError.STALE_ACQUIRE) {
                        throw e;
                    }
                }
                return Outcome.done();
            }),
            entry("KmpService/Recall", (party, target) -> {
                boolean found = kmp(party)
                        .recall(KmpServiceRecallRequest.newBuilder()
                                .setKmp("manual")
                                .build())
                        .getPairsList()
                        .stream()
                        .anyMatch(pair -> pair.getPairId() == target.pair);
                return Outcome.found(found, "not recalled");
            }),
            entry("KmpService/Resolve", AccessProbes::resolve),
            entry("RecordService/Protect", (party, target) -> {
                records(party)
                        .protect(BothEnds.protect(
                                Messages.GET, AccessParty.OWN_ENDPOINT, target.peer, ByteString.EMPTY));
                return Outcome.done();
            }),
            entry("RecordService/Unprotect", (party, target) -> {
                var response = records(party)
                        .unprotect(BothEnds.unprotect(target.record(), AccessParty.OWN_ENDPOINT, ByteString.EMPTY));
                return response.hasOpened() ? Outcome.done() : discarded(response.getDiscarded());
            }),
            entry("RecordService/Seal", (party, target) -> {
                records(party)
                        .seal(RecordServiceSealRequest.newBuilder()
                                .setSa(target.outboundById())
                                .setLocal(AccessParty.OWN_ENDPOINT)
                                .setPlaintext(ByteString.copyFromUtf8("x"))
                                .build());
                return Outcome.done();
            }),
            entry("RecordService/Open", (party, target) -> {
                var response = records(party)
                        .open(RecordServiceOpenRequest.newBuilder()
                                .setRecord(target.record())
                                .setLocal(AccessParty.OWN_ENDPOINT)
                                .setSource("192.0.2.1:5683")
                                .build());
                return response.hasOpened() ? Outcome.done() : discarded(response.getDiscarded());
            }),
            entry("RecordService/Stream", AccessProbes::stream),
            entry("grpc.health.v1.Health/Check", (party, target) -> {
                HealthGrpc.newBlockingStub(party.caller()).check(HealthCheckRequest.getDefaultInstance());
                return Outcome.done();
            }),
            entry("grpc.health.v1.Health/Watch", (party, target) -> {
                HealthGrpc.newBlockingStub(party.caller())
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .watch(HealthCheckRequest.getDefaultInstance())
                        .next();
                return Outcome.done();
            }),
            entry("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", (party, target) -> {
                ServedCalls.of(party.caller());
                return Outcome.done();
            }));

    private static SadbServiceGrpc.SadbServiceBlockingStub sadb(AccessParty party) {
        return SadbServiceGrpc.newBlockingStub(party.caller()).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static PolicyServiceGrpc.PolicyServiceBlockingStub policies(Channel channel) {
        return PolicyServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static KmpServiceGrpc.KmpServiceBlockingStub kmp(AccessParty party) {
        return KmpServiceGrpc.newBlockingStub(party.caller()).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static RecordServiceGrpc.RecordServiceBlockingStub records(AccessParty party) {
        return RecordServiceGrpc.newBlockingStub(party.caller()).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static Outcome discarded(Discarded why) {
        if (why.getReason() != DiscardReason.DISCARD_REASON_NO_SUCH_SA) {
            throw new AssertionError("discarded for another reason: " + why);
        }
        return Outcome.absent(HexFormat.of().formatHex(why.toByteArray()));
    }

    private static Policy policy() {
        return Policy.newBuilder()
                .setName("p" + NUMBERS.incrementAndGet())
                .setSelector(PolicySelector.newBuilder().setPeer("coap://nowhere.test"))
                .setAction(PolicyAction.POLICY_ACTION_PROTECT)
                .build();
    }

    private static PolicyServiceAddRequest adding(Policy policy) {
        return PolicyServiceAddRequest.newBuilder().setPolicy(policy).build();
    }

    private static Policy entered(AccessParty party) {
        Policy policy = policy();
        policies(party.everything()).add(adding(policy));
        return policy;
    }

    private static Outcome explain(AccessParty party, AccessTarget target) {
        AdminServiceExplainResponse answer = AdminServiceGrpc.newBlockingStub(party.caller())
                .explain(AdminServiceExplainRequest.newBuilder()
                        .setSending(AdminServiceExplainRequest.Sending.newBuilder()
                                .setLocal(AccessParty.OWN_ENDPOINT)
                                .setTarget(target.peer))
                        .build());
        boolean found = answer.getCandidatesList().stream().anyMatch(sa -> sa.getSaId() == target.outbound);
        return Outcome.found(found, answer.toString());
    }

    private static Outcome dump(AccessParty party, AccessTarget target) {
        Iterator<SadbServiceDumpResponse> listing = sadb(party)
                .dump(SadbServiceDumpRequest.newBuilder()
                        .setFilter(SaFilter.newBuilder().setPeer(target.peer))
                        .build());
        boolean found = false;
        StringBuilder all = new StringBuilder();
        while (listing.hasNext()) {
            SadbServiceDumpResponse item = listing.next();
            found |= item.hasEntry() && item.getEntry().getSaId() == target.outbound;
            all.append(item.hasSnapshot() ? "" : item.toString());
        }
        return Outcome.found(found, all.toString());
    }

    /** Ends the target, if it is there, and then an SA that the caller sees: what it is told by then is all. */
    private static Outcome watch(AccessParty party, AccessTarget target) {
        AccessTarget last = party.own(false);
        Iterator<WatchServiceWatchResponse> events = WatchServiceGrpc.newBlockingStub(party.caller())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .watch(WatchServiceWatchRequest.getDefaultInstance());
        events.next();
        if (party.isThere(target)) {
            target.delete();
        }
        last.delete();
        boolean found = false;
        for (long id = 0; id != last.outbound; ) {
            WatchServiceWatchResponse next = events.next();
            id = next.getEvent().getEntry().getSaId();
            found |= id == target.outbound;
        }
        return Outcome.found(found, "not told");
    }

    private static Outcome resolve(AccessParty party, AccessTarget target) throws Exception {
        ByteString reference = ByteString.copyFromUtf8("no reference of anybody");
        // To have one, a record has to be opened, which wears the SA: for those who are denied any octets do.
        if (party.role() == Role.KMP && party.isThere(target)) {
            reference = RecordServiceGrpc.newBlockingStub(party.everything())
                    .unprotect(BothEnds.unprotect(target.record(), target.local, ByteString.EMPTY))
                    .getOpened()
                    .getReference();
        }
        KmpServiceResolveRequest request = KmpServiceResolveRequest.newBuilder()
                .setPrincipal(party.nameOfEverything())
                .setReference(reference)
                .build();
        try (KmpClient kmp = KmpClient.registering(party.caller(), AccessParty.KMP)) {
            kmp.awaitAnswer();
            kmp(party).resolve(request);
        }
        return Outcome.done();
    }

    private static Outcome stream(AccessParty party, AccessTarget target) throws Exception {
        StreamClient stream = StreamClient.reading(party.caller());
        stream.send(RecordServiceStreamRequest.Item.newBuilder()
                .setId(1)
                .setProtect(BothEnds.protect(Messages.GET, AccessParty.OWN_ENDPOINT, target.peer, ByteString.EMPTY))
                .build());
        stream.requests().onCompleted();
        try {
            stream.ended.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (StatusRuntimeException) e.getCause();
        }
        RecordServiceStreamResponse.Item answer = stream.answers.get(1L);
        if (answer.hasProtect()) {
            return Outcome.done();
        }
        return new Outcome(
                Outcome.kind(
                        ErrorWire.fromRefusal(answer.getRefused()).orElseThrow().error()),
                answer.getRefused().toString());
    }

    /** A call about what is kept on disk, at a daemon that keeps nothing: that it says so is what the right is. */
    private static Outcome keepsNothing(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            if (ErrorWire.fromStatus(e).orElseThrow().error() != SaError.WRONG_STATE) {
                throw e;
            }
        }
        return Outcome.done();
    }
}
