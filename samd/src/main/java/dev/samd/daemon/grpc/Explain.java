// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.coap.CoapCode;
import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapType;
import dev.samd.coap.PathPattern;
import dev.samd.daemon.Clocks;
import dev.samd.daemon.SadbLoop;
import dev.samd.daemon.access.Role;
import dev.samd.daemon.access.Verb;
import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.daemon.sadb.Need;
import dev.samd.daemon.sadb.Now;
import dev.samd.daemon.sadb.Outlook;
import dev.samd.daemon.sadb.SaFilter;
import dev.samd.daemon.sadb.SaSelector;
import dev.samd.daemon.sadb.Sadb;
import dev.samd.daemon.sadb.SadbCaller;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.daemon.sadb.Step;
import dev.samd.engine.Candidate;
import dev.samd.engine.Finding;
import dev.samd.engine.NoUsableSaException;
import dev.samd.engine.PolicyRule;
import dev.samd.engine.ProtectExplanation;
import dev.samd.engine.UnprotectCall;
import dev.samd.engine.UnprotectExplanation;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.v1.AdminServiceExplainRequest;
import dev.samd.v1.AdminServiceExplainResponse;
import dev.samd.wire.ErrorWire;
import dev.samd.wire.FieldWire;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What would happen, and why. The engine is asked, so that the answer is that of the doors themselves; the database says the
 * rest about the SAs.
 */
final class Explain {
    private static final byte[] NO_REFERENCE = {};

    private final SadbLoop loop;
    private final Clocks clocks;
    private final ExplainBudget budget = new ExplainBudget();

    Explain(SadbLoop loop, Clocks clocks) {
        this.loop = loop;
        this.clocks = clocks;
    }

    void answer(AdminServiceExplainRequest request, StreamObserver<AdminServiceExplainResponse> observer) {
        switch (request.getQuestionCase()) {
            case SENDING -> sending(request.getSending(), observer);
            case RECEIVING -> receiving(request.getReceiving(), observer);
            case CAPTURED -> captured(request.getCaptured(), observer);
            case QUESTION_NOT_SET ->
                throw new SaException(
                        SaError.MALFORMED, "question", "question is missing: say sending, receiving or captured");
        }
    }

    /** A request of that method and path, and of nothing else. */
    private static CoapMessage request(String method, String path) {
        PathPattern pattern = PathPattern.parse(path.isEmpty() ? "/" : path);
        if (!pattern.isExact()) {
            throw new SaException(SaError.MALFORMED, path, "path \"" + path + "\" is a pattern; one path expected");
        }
        int code = method.isEmpty() ? CoapCode.GET : CoapCode.ofMethod(method);
        return CoapMessage.of(CoapType.CON, code, 0, Octets.EMPTY, pattern.options(), Octets.EMPTY);
    }

    private static String described(CoapMessage request, String path) {
        return CoapCode.methodName(request.code()) + " " + (path.isEmpty() ? "/" : path);
    }

    private void sending(
            AdminServiceExplainRequest.Sending question, StreamObserver<AdminServiceExplainResponse> observer) {
        Endpoint local = FieldWire.endpoint("local", question.getLocal());
        Endpoint target = FieldWire.peer("target", question.getTarget());
        requireEndpoint(Direction.OUTBOUND, local);
        CoapMessage request = request(question.getMethod(), question.getPath());
        String what =
                described(request, question.getPath()) + " to " + target + (local.isHostWide() ? "" : " at " + local);
        ProtectExplanation explained = loop.engine()
                .explainProtect(
                        local, target, request, Caller.current().rights().forExplanations());
        SadbCaller caller = CallerInSadb.current(Verb.EXPLAIN);
        withDatabase(
                (sadb, now) -> new Seen(entries(sadb, target, explained, caller), outlook(sadb, now, explained)),
                seen -> sent(explained, seen, target, what),
                observer);
    }

    /** What would come of the call where it would have to wait for SAs; empty where it would not. */
    private static Optional<Outlook> outlook(Sadb sadb, Now now, ProtectExplanation explained) {
        return explained.refusal().orElse(null) instanceof NoUsableSaException none
                        && none.rule() instanceof PolicyEntry entry
                        && !entry.askable().isEmpty()
                ? Optional.of(sadb.outlook(now, Need.of(entry, none.local(), none.target(), "")))
                : Optional.empty();
    }

    /** The SAs that the engine looked at, and the outbound SAs of the peer that it did not. */
    private static Map<SaId, SadbEntry> entries(
            Sadb sadb, Endpoint target, ProtectExplanation explained, SadbCaller caller) {
        Map<SaId, SadbEntry> entries = new HashMap<>();
        for (SadbEntry entry : sadb.dump(new SaFilter(target, Direction.OUTBOUND, null, null), caller)
                .entries()) {
            entries.put(entry.id(), entry);
        }
        for (Candidate candidate : explained.candidates()) {
            if (!entries.containsKey(candidate.sa())) {
                find(sadb, candidate.sa()).ifPresent(entry -> entries.put(entry.id(), entry));
            }
        }
        return entries;
    }

    private static Optional<SadbEntry> find(Sadb sadb, SaId id) {
        try {
            return Optional.of(sadb.get(new SaSelector.ById(id)));
        } catch (SaException e) {
            // It has ended since the engine looked at it.
            return Optional.empty();
        }
    }

    private AdminServiceExplainResponse sent(ProtectExplanation explained, Seen seen, Endpoint target, String what) {
        PolicyRule rule = explained.rule();
        AdminServiceExplainResponse.Builder answer = AdminServiceExplainResponse.newBuilder()
                .setPolicy(rule.name())
                .addSteps(ExplainWords.outbound(rule, what));
        if (rule.action() == PolicyRule.Action.PROTECT) {
            addCandidates(answer, explained, seen.entries, target);
        }
        SaException refusal = explained.refusal().orElse(null);
        if (refusal == null) {
            return answer.setVerdict(rule.action() == PolicyRule.Action.BYPASS ? "bypassed" : "protected")
                    .build();
        }
        answer.addSteps(refusal.getMessage());
        Outlook outlook = seen.outlook.orElse(null);
        if (outlook != null && outlook.refusal().isEmpty()) {
            return answer.setVerdict("acquired")
                    .addSteps(ExplainWords.acquired(outlook))
                    .build();
        }
        if (outlook != null) {
            refusal = outlook.refusal().get();
            answer.addSteps(refusal.getMessage());
        }
        return answer.setVerdict("refused")
                .setRefusal(ErrorWire.toRefusal(refusal))
                .build();
    }

    private void addCandidates(
            AdminServiceExplainResponse.Builder answer,
            ProtectExplanation explained,
            Map<SaId, SadbEntry> entries,
            Endpoint target) {
        List<AdminServiceExplainResponse.Candidate> candidates = new ArrayList<>();
        Set<SaId> lookedAt = new HashSet<>();
        for (Candidate candidate : explained.candidates()) {
            SadbEntry entry = entries.get(candidate.sa());
            lookedAt.add(candidate.sa());
            if (entry != null) {
                boolean chosen = candidate.standing() == Candidate.Standing.CHOSEN;
                String reason = ExplainWords.standing(candidate.standing(), explained.rule(), entry, target);
                candidates.add(shown(entry, chosen, reason));
                if (chosen) {
                    answer.addSteps("SA " + entry.id() + " would carry it");
                }
            }
        }
        for (SadbEntry entry : entries.values()) {
            if (!lookedAt.contains(entry.id())) {
                candidates.add(shown(entry, false, ExplainWords.outOfScope(explained.rule(), entry, target)));
            }
        }
        candidates.sort(Comparator.comparingLong(AdminServiceExplainResponse.Candidate::getSaId)
                .reversed());
        answer.addAllCandidates(candidates);
    }

    private AdminServiceExplainResponse.Candidate shown(SadbEntry entry, boolean chosen, String reason) {
        return AdminServiceExplainResponse.Candidate.newBuilder()
                .setSaId(entry.id().value())
                .setChosen(chosen)
                .setReason(reason)
                .setEntry(EntryWire.toWire(
                        entry, loop.engine().usage(entry.id()).orElse(Sadb.NO_USAGE), clocks::wallTime))
                .build();
    }

    private void receiving(
            AdminServiceExplainRequest.Receiving question, StreamObserver<AdminServiceExplainResponse> observer) {
        Endpoint local = FieldWire.endpoint("local", question.getLocal());
        requireEndpoint(Direction.INBOUND, local);
        CoapMessage request = request(question.getMethod(), question.getPath());
        UnprotectExplanation explained = explain(request.toOctets(), local, Endpoint.HOST_WIDE);
        String what = described(request, question.getPath()) + " in clear" + (local.isHostWide() ? "" : " at " + local);
        AdminServiceExplainResponse.Builder answer = AdminServiceExplainResponse.newBuilder()
                .setVerdict(explained.bypassed() ? "bypassed" : "discarded")
                .setPolicy(ExplainWords.nameOf(explained.rule()));
        explained.rule().ifPresent(rule -> answer.addSteps(ExplainWords.clear(rule, what)));
        addFindings(answer, explained);
        observer.onNext(answer.build());
        observer.onCompleted();
    }

    private void captured(
            AdminServiceExplainRequest.Captured question, StreamObserver<AdminServiceExplainResponse> observer) {
        Endpoint local = FieldWire.endpoint("local", question.getLocal());
        Endpoint peer = FieldWire.endpoint("peer", question.getPeer());
        requireMayTry();
        requireEndpoint(Direction.INBOUND, local);
        int length = question.getCoap().size();
        if (length == 0 || length > ServiceLimits.COAP_MESSAGE) {
            throw new SaException(
                    length == 0 ? SaError.MALFORMED_COAP : SaError.TOO_LARGE,
                    length + " octets",
                    "coap of " + length + " octets; 1.." + ServiceLimits.COAP_MESSAGE + " expected");
        }
        budget.spend(Caller.current().principal(), clocks.nanos().getAsLong());
        UnprotectExplanation explained = explain(question.getCoap().toByteArray(), local, peer);
        withDatabase(
                (sadb, now) -> explained.sa().flatMap(sa -> find(sadb, sa)),
                entry -> arrived(explained, entry),
                observer);
    }

    /** What an endpoint would do, its owner hears, and who administers. */
    private static void requireEndpoint(Direction direction, Endpoint local) {
        Caller caller = Caller.current();
        if (!caller.rights().seesEverything()) {
            caller.require(Verb.EXPLAIN, local.uri(), caller.rights().use(direction, local));
        }
    }

    /** A tag that fails counts against its SA, so who may only read does not try one. */
    private static void requireMayTry() {
        Caller caller = Caller.current();
        if (!caller.rights().roles().contains(Role.OPERATOR)
                && !caller.rights().roles().contains(Role.APP)) {
            throw caller.denied(
                    Verb.EXPLAIN.shortName(),
                    "captured",
                    caller.principal() + " needs the role app or operator to have a captured message tried: a tag that"
                            + " fails counts against its SA");
        }
    }

    private UnprotectExplanation explain(byte[] coap, Endpoint local, Endpoint peer) {
        String principal = Caller.current().principal();
        // No record came from there, so what fails is debited from the strangers' bucket.
        String source = "explain " + principal;
        return loop.engine()
                .explainUnprotect(
                        new UnprotectCall(
                                principal,
                                coap,
                                local,
                                source,
                                NO_REFERENCE,
                                peer,
                                Caller.current().rights().forTrials()),
                        clocks.nanos().getAsLong());
    }

    private AdminServiceExplainResponse arrived(UnprotectExplanation explained, Optional<SadbEntry> entry) {
        AdminServiceExplainResponse.Builder answer =
                AdminServiceExplainResponse.newBuilder().setPolicy(ExplainWords.nameOf(explained.rule()));
        boolean accepted = explained.refusal().isEmpty();
        if (accepted) {
            answer.setVerdict(explained.bypassed() ? "bypassed" : "accepted");
        } else {
            answer.setVerdict(explained.challenged() ? "challenged" : "discarded");
        }
        addFindings(answer, explained);
        String reason = explained.challenged()
                ? "it asks for a fresh Echo"
                : explained.refusal().map(Enum::name).orElse("it accepts the message");
        entry.ifPresent(sa -> answer.addCandidates(shown(sa, accepted, reason)));
        return answer.build();
    }

    private static void addFindings(AdminServiceExplainResponse.Builder answer, UnprotectExplanation explained) {
        for (Finding finding : explained.findings()) {
            answer.addSteps(ExplainWords.finding(finding, explained.sa(), explained.rule()));
        }
    }

    /** Asks the database, then answers. */
    private <T> void withDatabase(
            BiFunction<Sadb, Now, T> look,
            Function<T, AdminServiceExplainResponse> answer,
            StreamObserver<AdminServiceExplainResponse> observer) {
        UnaryAnswer.when(loop.submit((sadb, now) -> Step.unchanged(look.apply(sadb, now))), answer, observer);
    }

    /** What the database says about a request that would leave. */
    private record Seen(Map<SaId, SadbEntry> entries, Optional<Outlook> outlook) {}
}
