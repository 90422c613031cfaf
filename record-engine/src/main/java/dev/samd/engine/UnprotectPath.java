// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.CoapOption;
import dev.samd.coap.DiscardedMessage;
import dev.samd.coap.ExpectedBinding;
import dev.samd.coap.MessageUnprotector;
import dev.samd.coap.OptionNumbers;
import dev.samd.coap.OuterMessage;
import dev.samd.coap.OuterReading;
import dev.samd.coap.Rebuilt;
import dev.samd.coap.RecBind;
import dev.samd.coap.Signs;
import dev.samd.coap.Unprotection;
import dev.samd.engine.Finding.Door;
import dev.samd.record.ContentType;
import dev.samd.record.Inspection;
import dev.samd.record.OpenResult;
import dev.samd.record.RecordView;
import dev.samd.sa.Direction;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a protected CoAP message to its original, door by door. Before the AEAD nothing is consumed. */
final class UnprotectPath {
    /** The record number has 48 bits, so the position in the chain of pairs stands above them. */
    private static final int SEQUENCE_BITS = 48;

    /** 4.01 Unauthorized. */
    private static final int UNAUTHORIZED = 0x81;

    private final SaTable table;
    private final ReferenceCodec references;
    private final OptionNumbers numbers;
    private final MessageUnprotector unprotector;
    private final PolicyGate gate;
    private final FreshDoor freshDoor;
    private final EngineListener listener;

    UnprotectPath(
            SaTable table,
            ReferenceCodec references,
            OptionNumbers numbers,
            PolicyGate gate,
            FreshDoor freshDoor,
            EngineListener listener) {
        this.gate = gate;
        this.freshDoor = freshDoor;
        this.listener = listener;
        this.table = table;
        this.references = references;
        this.numbers = numbers;
        this.unprotector = new MessageUnprotector(numbers);
    }

    UnprotectResult unprotect(UnprotectCall call, long nowNanos) {
        OuterReading reading = OuterMessage.read(call.coap(), numbers);
        if (reading instanceof DiscardedMessage unreadable) {
            Optional<UnprotectResult> passed = clear(call);
            if (passed.isEmpty()) {
                hear(call);
            }
            return passed.orElse(Discarded.of(unreadable.reason(), Optional.empty(), false));
        }
        OuterMessage outer = (OuterMessage) reading;
        boolean request = !outer.isResponse();
        RecordReference asked = asked(call, request);
        RecordView record = new RecordView(outer.recordBuffer(), outer.recordOffset(), outer.recordLength());
        InboundSa sa = find(record, call, asked);
        if (outer.signs() == Signs.NONE && (sa == null || !fits(outer, sa))) {
            // Without signs it is no message of an SA that wants them, even if its payload looks like a record of it.
            Optional<UnprotectResult> passed = clear(call);
            if (passed.isPresent()) {
                return passed.get();
            }
            hear(call);
        }
        if (sa == null) {
            return unknownSa(outer, record, request);
        }
        Finding closed = closedDoor(outer, sa, call, asked);
        if (closed != null) {
            return discarded(closed.closed().orElseThrow(), sa, request);
        }
        OpenResult result = sa.opener.open(record, call.source(), nowNanos);
        if (result instanceof OpenResult.MustWait wait) {
            return new MustWait(sa.id, Direction.INBOUND, wait.sequence() + 1);
        }
        if (result instanceof OpenResult.Discarded refused) {
            return Discarded.of(refused.reason(), Optional.of(sa.id), request);
        }
        sa.proven(listener);
        return rebuild(call, outer, sa, asked, (OpenResult.Opened) result, nowNanos);
    }

    /** The SA of a record: by its connection ID, else by its two ends, which a response need not say: its request did. */
    private @Nullable InboundSa find(RecordView record, UnprotectCall call, @Nullable RecordReference asked) {
        InboundSa sa = any(record, call, asked);
        // The first of all doors, before anything is counted on the SA: one that is not the caller's does not exist.
        return sa == null || call.rights().mayUse(Direction.INBOUND, sa.parameters.local()) ? sa : null;
    }

    private @Nullable InboundSa any(RecordView record, UnprotectCall call, @Nullable RecordReference asked) {
        if (asked == null
                || record.kind() != RecordView.Kind.PLAIN
                || !call.peer().isHostWide()) {
            return table.of(record, call.local(), call.peer());
        }
        InboundSa partner = partnerOf(asked);
        return partner == null || partner.parameters.connectionId() ? null : partner;
    }

    /** The SA under which the answers to a request of ours come, or null. */
    private @Nullable InboundSa partnerOf(RecordReference asked) {
        if (asked.pair().isNone()) {
            return asked.partner() == 0 ? null : table.inbound(new SaId(asked.partner()));
        }
        Pair pair = table.pair(asked.pair());
        return pair == null ? null : pair.inbound;
    }

    /** The request that a response names, or null. */
    private @Nullable RecordReference asked(UnprotectCall call, boolean request) {
        if (request || call.inReplyTo().length == 0) {
            return null;
        }
        RecordReference reference = references.decode(call.inReplyTo(), call.principal());
        if (reference.direction() != Direction.OUTBOUND) {
            throw new SaException(
                    SaError.INVALID_REFERENCE,
                    reference.spi().toHex(),
                    "in_reply_to names a message that came under SPI " + reference.spi() + ", not one that was sent");
        }
        return reference;
    }

    /** Nobody's record: told apart from what could be nobody's record in no form. */
    private static Discarded unknownSa(OuterMessage outer, RecordView record, boolean request) {
        boolean form =
                switch (record.kind()) {
                    case CONNECTION_ID -> true;
                    // Only the draft's own form lives without a connection ID, and it has no signs.
                    case PLAIN -> outer.signs() == Signs.NONE;
                    case DTLS13, UNKNOWN -> false;
                };
        DiscardReason reason = form ? DiscardReason.NO_SUCH_SA : DiscardReason.MALFORMED;
        return Discarded.of(reason, Optional.empty(), request);
    }

    private static boolean fits(OuterMessage outer, InboundSa sa) {
        return outer.fits(sa.parameters.content(), sa.parameters.form());
    }

    /** The first door before the AEAD that is closed, or null. */
    private @Nullable Finding closedDoor(
            OuterMessage outer, InboundSa sa, UnprotectCall call, @Nullable RecordReference asked) {
        if (!fits(outer, sa)) {
            return Finding.closed(Door.SIGNS, DiscardReason.MALFORMED);
        }
        // A response that nobody says an endpoint of arrives at the one its request came from: the reference knows.
        boolean fromReference = asked != null && call.local().isHostWide();
        if (!fromReference && !SaTable.serves(sa.parameters, call.local())) {
            return Finding.closed(Door.ENDPOINT, DiscardReason.WRONG_ENDPOINT);
        }
        Optional<DiscardReason> elsewhere = outer.addressedTo(sa.parameters.local());
        if (elsewhere.isPresent()) {
            return new Finding(Door.ENDPOINT, elsewhere);
        }
        if (sa.suspended) {
            return Finding.closed(Door.SA, DiscardReason.SUSPENDED);
        }
        if (!outer.isResponse()) {
            return null;
        }
        if (asked == null) {
            return Finding.closed(Door.BINDING, DiscardReason.BINDING_MISSING);
        }
        return mayAnswer(sa, asked) ? null : Finding.closed(Door.BINDING, DiscardReason.BINDING_MISMATCH);
    }

    /** Whether the SA is the partner of the one the request went under, or of a pair that superseded it. */
    private boolean mayAnswer(InboundSa sa, RecordReference asked) {
        if (asked.pair().isNone()) {
            return sa.pair == null && sa.id.value() == asked.partner();
        }
        Pair requested = table.pair(asked.pair());
        return sa.pair != null && requested != null && (sa.pair == requested || sa.pair.supersedes(requested));
    }

    private UnprotectResult rebuild(
            UnprotectCall call,
            OuterMessage outer,
            InboundSa sa,
            @Nullable RecordReference asked,
            OpenResult.Opened opened,
            long nowNanos) {
        boolean request = !outer.isResponse();
        if (opened.contentType() != ContentType.APPLICATION_DATA) {
            return discarded(DiscardReason.MALFORMED, sa, request);
        }
        Unprotection result = unprotector.rebuild(
                outer, opened.plaintext(), sa.parameters.content(), sa.parameters.form(), expected(sa, asked));
        if (result instanceof DiscardedMessage refused) {
            return discarded(refused.reason(), sa, request);
        }
        Rebuilt rebuilt = (Rebuilt) result;
        byte[] reference = reference(call, sa, opened, request && rebuilt.observes());
        byte[] coap = rebuilt.octets();
        if (request && gate.looksAtInbound()) {
            // The sixth door: a record that opens has proven who sent it, not that it may pass.
            CoapMessage message = CoapMessage.parse(coap);
            PolicyRule rule = gate.inbound(call.local(), sa.parameters.peer(), message);
            if (!passes(rule, sa)) {
                return discarded(DiscardReason.POLICY, sa, true);
            }
            if (!freshDoor.lets(message, sa.id, rule, nowNanos)) {
                byte[] answer = freshDoor.challenge(message, sa.id, nowNanos).toOctets();
                // The daemon answers here, so a caller who may only unprotect has nothing to do with it.
                return new NotFresh(
                        sa.id, new ProtectCall(call.principal(), answer, call.local(), Endpoint.HOST_WIDE, reference));
            }
            if (rule.maxAgeNanos() > 0) {
                // The value is between the daemons.
                coap = message.without(CoapOption.ECHO).toOctets();
            }
        }
        return new Unprotected(
                coap,
                reference,
                (long) sa.chainPosition() << SEQUENCE_BITS | opened.sequence(),
                sa.id,
                sa.parameters.spi(),
                sa.pair == null ? PairId.NONE : sa.pair.id,
                sa.parameters.peer(),
                sa.parameters.identity(),
                sa.scope,
                sa.parameters.rights());
    }

    private byte[] reference(UnprotectCall call, InboundSa sa, OpenResult.Opened opened, boolean observe) {
        OutboundSa partner = sa.pair == null ? table.partnerOf(sa) : null;
        RecordReference reference = new RecordReference(
                Direction.INBOUND,
                observe,
                sa.id,
                partner == null ? 0 : partner.id.value(),
                sa.pair == null ? PairId.NONE : sa.pair.id,
                sa.parameters.epoch(),
                opened.sequence(),
                sa.parameters.spi().octets());
        return references.encode(reference, call.principal());
    }

    /** A request that may come in clear may come protected as well, by anybody. */
    private static boolean passes(PolicyRule rule, InboundSa sa) {
        return switch (rule.action()) {
            case PROTECT -> rule.admits(sa.parameters, sa.parameters.peer());
            case BYPASS -> true;
            case DISCARD -> false;
        };
    }

    /** What becomes of a request that is not fresh, and whose answer no SA may carry. */
    Discarded unanswered(NotFresh request) {
        return discarded(DiscardReason.POLICY, table.inbound(request.sa()), true);
    }

    /** A request in clear: what the policy lets pass passes, and nothing else is worth a word to a stranger. */
    private Optional<UnprotectResult> clear(UnprotectCall call) {
        PolicyRule rule = clearRule(call);
        return rule != null && rule.action() == PolicyRule.Action.BYPASS
                ? Optional.of(new Bypassed(call.coap()))
                : Optional.empty();
    }

    /**
     * The rule for a message as a request in clear, or null if it is none. One with proxy options is for a proxy: its path is
     * not the one that the policy would see.
     */
    private @Nullable PolicyRule clearRule(UnprotectCall call) {
        CoapMessage message = CoapMessage.parse(call.coap());
        boolean clear =
                message.isRequest() && !message.hasProxyOptions() && !OuterMessage.claimsProtection(message, numbers);
        return clear ? gate.inbound(call.local(), Endpoint.HOST_WIDE, message) : null;
    }

    /**
     * 4.01 in clear, for a request that was protected: the one thing that a host says to the network about the SAs that it does
     * not have. Anybody can say it, so it changes no SA.
     */
    private void hear(UnprotectCall call) {
        CoapMessage message = CoapMessage.parse(call.coap());
        if (message.code() == UNAUTHORIZED && !OuterMessage.claimsProtection(message, numbers)) {
            RecordReference asked = asked(call, false);
            if (asked != null) {
                listener.disowned(asked.sa());
            }
        }
    }

    /** What would become of a message; see {@link RecordEngine#explainUnprotect}. */
    UnprotectExplanation explain(UnprotectCall call, long nowNanos) {
        OuterReading reading = OuterMessage.read(call.coap(), numbers);
        if (reading instanceof DiscardedMessage unreadable) {
            return explainClear(call, Door.SIGNS, unreadable.reason());
        }
        OuterMessage outer = (OuterMessage) reading;
        boolean request = !outer.isResponse();
        RecordReference asked = asked(call, request);
        RecordView record = new RecordView(outer.recordBuffer(), outer.recordOffset(), outer.recordLength());
        InboundSa sa = find(record, call, asked);
        if (outer.signs() == Signs.NONE && (sa == null || !fits(outer, sa))) {
            UnprotectExplanation clear = explainClear(call, Door.SIGNS, DiscardReason.MALFORMED);
            if (clear.bypassed()) {
                return clear;
            }
        }
        if (sa == null) {
            Discarded unknown = unknownSa(outer, record, request);
            return explainClear(call, Door.SA, unknown.reason());
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.open(Door.SA));
        Finding closed = closedDoor(outer, sa, call, asked);
        if (closed != null) {
            findings.add(closed);
        }
        // Who looks at a captured response has no reference of its request, and wants to know of its record all the
        // same.
        boolean goesOn = closed == null || closed.closed().equals(Optional.of(DiscardReason.BINDING_MISSING));
        Optional<PolicyRule> rule = goesOn
                ? explainRecord(call, outer, sa, sa.opener.inspect(record, call.source(), nowNanos), findings, nowNanos)
                : Optional.empty();
        return new UnprotectExplanation(findings, Optional.of(sa.id), rule);
    }

    private UnprotectExplanation explainClear(UnprotectCall call, Door otherwise, DiscardReason reason) {
        PolicyRule rule = clearRule(call);
        Finding finding;
        if (rule == null) {
            finding = Finding.closed(otherwise, reason);
        } else if (rule.action() == PolicyRule.Action.BYPASS) {
            finding = Finding.open(Door.CLEAR);
        } else {
            finding = Finding.closed(Door.CLEAR, reason);
        }
        return new UnprotectExplanation(List.of(finding), Optional.empty(), Optional.ofNullable(rule));
    }

    /** Adds what a record and its message meet, and gives the rule that was asked. */
    private Optional<PolicyRule> explainRecord(
            UnprotectCall call,
            OuterMessage outer,
            InboundSa sa,
            Inspection record,
            List<Finding> findings,
            long nowNanos) {
        boolean badTag = record.refusal().equals(Optional.of(DiscardReason.BAD_TAG));
        boolean tried = record.authentic() || badTag || isSeen(record);
        findings.add(badTag ? Finding.open(Door.RECORD) : new Finding(Door.RECORD, record.refusal()));
        if (tried) {
            findings.add(record.authentic() ? Finding.open(Door.TAG) : Finding.closed(Door.TAG, DiscardReason.BAD_TAG));
        }
        if (outer.isResponse() || record.content().isEmpty()) {
            return Optional.empty();
        }
        OpenResult.Opened opened = record.content().get();
        Unprotection inside = opened.contentType() == ContentType.APPLICATION_DATA
                ? unprotector.rebuild(
                        outer, opened.plaintext(), sa.parameters.content(), sa.parameters.form(), ExpectedBinding.NONE)
                : new DiscardedMessage(DiscardReason.MALFORMED);
        if (inside instanceof DiscardedMessage refused) {
            findings.add(Finding.closed(Door.MESSAGE, refused.reason()));
            return Optional.empty();
        }
        findings.add(Finding.open(Door.MESSAGE));
        CoapMessage message = CoapMessage.parse(((Rebuilt) inside).octets());
        PolicyRule rule = gate.inbound(call.local(), sa.parameters.peer(), message);
        findings.add(passes(rule, sa) ? Finding.open(Door.POLICY) : Finding.closed(Door.POLICY, DiscardReason.POLICY));
        if (rule.maxAgeNanos() > 0) {
            findings.add(
                    freshDoor.lets(message, sa.id, rule, nowNanos)
                            ? Finding.open(Door.FRESH)
                            : Finding.closed(Door.FRESH, DiscardReason.POLICY));
        }
        return Optional.of(rule);
    }

    private static boolean isSeen(Inspection record) {
        return record.refusal()
                .filter(reason -> reason == DiscardReason.REPLAY || reason == DiscardReason.TOO_OLD)
                .isPresent();
    }

    private static ExpectedBinding expected(InboundSa sa, @Nullable RecordReference asked) {
        if (asked == null) {
            return ExpectedBinding.NONE;
        }
        boolean samePair = sa.pair == null || sa.pair.id.equals(asked.pair());
        RecBind binding = new RecBind(asked.epoch(), asked.sequence(), samePair ? Octets.EMPTY : asked.spi());
        return ExpectedBinding.exactly(binding, asked.observe());
    }

    private static Discarded discarded(DiscardReason reason, @Nullable InboundSa sa, boolean request) {
        Optional<SaId> id = Optional.empty();
        if (sa != null) {
            sa.opener.countDiscarded(reason);
            id = Optional.of(sa.id);
        }
        return Discarded.of(reason, id, request);
    }
}
