// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.coap.CoapMessage;
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
import dev.samd.record.ContentType;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a protected CoAP message to its original, door by door. Before the AEAD nothing is consumed. */
final class UnprotectPath {
    /** The record number has 48 bits, so the position in the chain of pairs stands above them. */
    private static final int SEQUENCE_BITS = 48;

    private final SaTable table;
    private final ReferenceCodec references;
    private final OptionNumbers numbers;
    private final MessageUnprotector unprotector;
    private final PolicyGate gate;
    private final EngineListener listener;

    UnprotectPath(
            SaTable table, ReferenceCodec references, OptionNumbers numbers, PolicyGate gate, EngineListener listener) {
        this.gate = gate;
        this.listener = listener;
        this.table = table;
        this.references = references;
        this.numbers = numbers;
        this.unprotector = new MessageUnprotector(numbers);
    }

    UnprotectResult unprotect(UnprotectCall call, long nowNanos) {
        OuterReading reading = OuterMessage.read(call.coap(), numbers);
        if (reading instanceof DiscardedMessage unreadable) {
            return clear(call).orElse(Discarded.of(unreadable.reason(), Optional.empty(), false));
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
        }
        if (sa == null) {
            return unknownSa(outer, record, request);
        }
        Optional<DiscardReason> closed = closedDoor(outer, sa, call, asked);
        if (closed.isPresent()) {
            return discarded(closed.get(), sa, request);
        }
        OpenResult result = sa.opener.open(record, call.source(), nowNanos);
        if (result instanceof OpenResult.MustWait wait) {
            return new MustWait(sa.id, Direction.INBOUND, wait.sequence() + 1);
        }
        if (result instanceof OpenResult.Discarded refused) {
            return Discarded.of(refused.reason(), Optional.of(sa.id), request);
        }
        sa.proven(listener);
        return rebuild(call, outer, sa, asked, (OpenResult.Opened) result);
    }

    /** The SA of a record: by its connection ID, else by its two ends, which a response need not say: its request did. */
    private @Nullable InboundSa find(RecordView record, UnprotectCall call, @Nullable RecordReference asked) {
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

    /** The first door before the AEAD that is closed. */
    private Optional<DiscardReason> closedDoor(
            OuterMessage outer, InboundSa sa, UnprotectCall call, @Nullable RecordReference asked) {
        if (!fits(outer, sa)) {
            return Optional.of(DiscardReason.MALFORMED);
        }
        // A response that nobody says an endpoint of arrives at the one its request came from: the reference knows.
        boolean fromReference = asked != null && call.local().isHostWide();
        if (!fromReference && !SaTable.serves(sa.parameters, call.local())) {
            return Optional.of(DiscardReason.WRONG_ENDPOINT);
        }
        Optional<DiscardReason> elsewhere = outer.addressedTo(sa.parameters.local());
        if (elsewhere.isPresent()) {
            return elsewhere;
        }
        if (!outer.isResponse()) {
            return Optional.empty();
        }
        if (asked == null) {
            return Optional.of(DiscardReason.BINDING_MISSING);
        }
        return mayAnswer(sa, asked) ? Optional.empty() : Optional.of(DiscardReason.BINDING_MISMATCH);
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
            OpenResult.Opened opened) {
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
        if (request && !admits(call.local(), sa, rebuilt)) {
            return discarded(DiscardReason.POLICY, sa, true);
        }
        OutboundSa partner = sa.pair == null ? table.partnerOf(sa) : null;
        RecordReference reference = new RecordReference(
                Direction.INBOUND,
                request && rebuilt.observes(),
                sa.id,
                partner == null ? 0 : partner.id.value(),
                sa.pair == null ? PairId.NONE : sa.pair.id,
                sa.parameters.epoch(),
                opened.sequence(),
                sa.parameters.spi().octets());
        return new Unprotected(
                rebuilt.octets(),
                references.encode(reference, call.principal()),
                (long) sa.chainPosition() << SEQUENCE_BITS | opened.sequence(),
                sa.id,
                sa.parameters.spi(),
                sa.pair == null ? PairId.NONE : sa.pair.id,
                sa.parameters.peer(),
                sa.parameters.identity(),
                sa.scope);
    }

    /** The sixth door: a record that opens has proven who sent it, not that it may pass. */
    private boolean admits(Endpoint local, InboundSa sa, Rebuilt rebuilt) {
        if (!gate.looksAtInbound()) {
            return true;
        }
        Endpoint peer = sa.parameters.peer();
        return passes(gate.inbound(local, peer, CoapMessage.parse(rebuilt.octets())), sa);
    }

    /** A request that may come in clear may come protected as well, by anybody. */
    private static boolean passes(PolicyRule rule, InboundSa sa) {
        return switch (rule.action()) {
            case PROTECT -> rule.admits(sa.parameters, sa.parameters.peer());
            case BYPASS -> true;
            case DISCARD -> false;
        };
    }

    /**
     * A request in clear: what the policy lets pass passes, and nothing else is worth a word to a stranger. One with proxy
     * options is for a proxy: its path is not the one that the policy would see.
     */
    private Optional<UnprotectResult> clear(UnprotectCall call) {
        CoapMessage message = CoapMessage.parse(call.coap());
        if (!message.isRequest() || message.hasProxyOptions() || OuterMessage.claimsProtection(message, numbers)) {
            return Optional.empty();
        }
        PolicyRule rule = gate.inbound(call.local(), Endpoint.HOST_WIDE, message);
        return rule.action() == PolicyRule.Action.BYPASS ? Optional.of(new Bypassed(call.coap())) : Optional.empty();
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
