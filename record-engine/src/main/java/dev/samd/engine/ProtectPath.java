// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.coap.CoapCode;
import dev.samd.coap.CoapMessage;
import dev.samd.coap.MessageProtector;
import dev.samd.coap.MessageTarget;
import dev.samd.coap.PreparedMessage;
import dev.samd.coap.RecBind;
import dev.samd.coap.TargetCache;
import dev.samd.engine.Candidate.Standing;
import dev.samd.record.SealResult;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From a CoAP message to its protected form: which SA, which binding, then inner message, record, outer message. */
final class ProtectPath {
    private final SaTable table;
    private final ReferenceCodec references;
    private final MessageProtector protector;
    private final TargetCache targets = new TargetCache();
    private final PolicyGate gate;

    ProtectPath(SaTable table, ReferenceCodec references, MessageProtector protector, PolicyGate gate) {
        this.gate = gate;
        this.table = table;
        this.references = references;
        this.protector = protector;
    }

    ProtectResult protect(ProtectCall call, long nowNanos) {
        CoapMessage message = CoapMessage.parse(call.coap());
        protector.requireProtectable(message);
        return message.isResponse()
                ? protectResponse(call, message, nowNanos)
                : protectRequest(call, message, nowNanos);
    }

    private ProtectResult protectRequest(ProtectCall call, CoapMessage message, long nowNanos) {
        if (call.inReplyTo().length > 0) {
            throw new SaException(
                    SaError.MALFORMED,
                    CoapCode.format(message.code()),
                    "a request (code " + CoapCode.format(message.code()) + ") with in_reply_to");
        }
        Endpoint target = targets.of(message, call.defaultTarget(), MessageTarget.DEFAULT_SCHEME);
        PolicyRule rule = gate.outbound(call.local(), target, message);
        switch (rule.action()) {
            case BYPASS -> {
                return new Bypassed(call.coap());
            }
            case DISCARD -> throw denied(target, rule);
            case PROTECT -> {
                // As follows.
            }
        }
        Endpoint local = call.local();
        List<OutboundSa> newestFirst = ofCaller(table.byTarget(target), call.rights());
        OutboundSa sa = choose(newestFirst, local, target, rule, true, nowNanos);
        if (sa == null) {
            throw noUsableSa(newestFirst, target, local, rule);
        }
        PreparedMessage prepared =
                protector.prepare(message, sa.parameters.content(), sa.parameters.form(), null, false);
        return seal(call.principal(), sa, prepared, message.observes(), nowNanos);
    }

    /** The SAs that a caller may use. The others are as if they did not exist, so they are in no count and in no message. */
    private static List<OutboundSa> ofCaller(List<OutboundSa> all, CallerRights rights) {
        for (OutboundSa sa : all) {
            if (!mayUse(rights, sa)) {
                return all.stream().filter(one -> mayUse(rights, one)).toList();
            }
        }
        return all;
    }

    private static boolean mayUse(CallerRights rights, OutboundSa sa) {
        return rights.mayUse(Direction.OUTBOUND, sa.parameters.local());
    }

    /**
     * The newest that may be used here: confirmed before unconfirmed, MATURE before DYING. One that waits for its
     * confirmation gets single requests, so that it comes. Raw records carry no messages.
     *
     * @param tries whether this is a request, which may be such a single one
     */
    private static @Nullable OutboundSa choose(
            List<OutboundSa> newestFirst,
            Endpoint local,
            Endpoint target,
            PolicyRule rule,
            boolean tries,
            long nowNanos) {
        OutboundSa settled = null;
        OutboundSa unconfirmed = null;
        for (OutboundSa sa : newestFirst) {
            if (obstacle(sa, local, target, rule) != null) {
                continue;
            }
            if (sa.pair != null && !sa.pair.isConfirmed()) {
                unconfirmed = unconfirmed == null ? sa : unconfirmed;
            } else if (!sa.dying) {
                settled = sa;
                break;
            } else if (settled == null) {
                settled = sa;
            }
        }
        if (unconfirmed == null || unconfirmed.pair == null) {
            return settled;
        }
        return settled == null || (tries && unconfirmed.pair.mayProbe(nowNanos)) ? unconfirmed : settled;
    }

    /** Why an SA may not carry the request, or null. */
    private static @Nullable Standing obstacle(OutboundSa sa, Endpoint local, Endpoint target, PolicyRule rule) {
        if (sa.parameters.content() == Content.RAW) {
            return Standing.RAW;
        }
        if (!SaTable.serves(sa.parameters, local)) {
            return Standing.OTHER_LOCAL;
        }
        if (sa.suspended) {
            return Standing.SUSPENDED;
        }
        if (sa.sealer.isSpent()) {
            return Standing.SPENT;
        }
        if (sa.pair != null && sa.pair.confirmation() == Confirmation.RESPONDER_WAITS) {
            return Standing.RESPONDER_WAITS;
        }
        return rule.admits(sa.parameters, target) ? null : Standing.NOT_ADMITTED;
    }

    /** What would become of a request, without taking a number or a try. */
    ProtectExplanation explain(Endpoint local, Endpoint target, CoapMessage request, CallerRights rights) {
        PolicyRule rule = gate.outbound(local, target, request);
        return switch (rule.action()) {
            case BYPASS -> new ProtectExplanation(rule, List.of(), Optional.empty());
            case DISCARD -> new ProtectExplanation(rule, List.of(), Optional.of(denied(target, rule)));
            case PROTECT -> explain(local, target, rule, rights);
        };
    }

    private ProtectExplanation explain(Endpoint local, Endpoint target, PolicyRule rule, CallerRights rights) {
        List<OutboundSa> newestFirst = ofCaller(table.byTarget(target), rights);
        OutboundSa chosen = choose(newestFirst, local, target, rule, false, 0);
        List<Candidate> candidates = new ArrayList<>();
        for (OutboundSa sa : newestFirst) {
            Standing obstacle = obstacle(sa, local, target, rule);
            candidates.add(new Candidate(sa.id, obstacle != null ? obstacle : standing(sa, chosen)));
        }
        return new ProtectExplanation(
                rule,
                candidates,
                chosen == null ? Optional.of(noUsableSa(newestFirst, target, local, rule)) : Optional.empty());
    }

    private static Standing standing(OutboundSa sa, @Nullable OutboundSa chosen) {
        if (sa == chosen) {
            return Standing.CHOSEN;
        }
        if (sa.pair != null && !sa.pair.isConfirmed()) {
            return Standing.UNCONFIRMED;
        }
        return sa.dying ? Standing.DYING : Standing.OLDER;
    }

    private static SaException denied(Endpoint target, PolicyRule rule) {
        return new SaException(
                SaError.DENIED_BY_POLICY,
                target.uri(),
                "policy \"" + rule.name() + "\" discards requests like this to " + target);
    }

    private static SaException noUsableSa(List<OutboundSa> all, Endpoint target, Endpoint local, PolicyRule rule) {
        // A rule that wants another content is not met by raw records: it asks for SAs of that.
        boolean rawOnly = !all.isEmpty()
                && all.stream()
                        .allMatch(sa -> sa.parameters.content() == Content.RAW && rule.admits(sa.parameters, target));
        if (rawOnly) {
            return new SaException(
                    SaError.WRONG_CONTENT,
                    target.uri(),
                    "the SAs to " + target + " carry raw records; Seal makes those");
        }
        String where = local.isHostWide() ? "" : " at local endpoint " + local;
        String what = all.isEmpty() ? "there is no SA to " : "none of the SAs may be used to ";
        return new NoUsableSaException(target, local, rule, what + target + where);
    }

    private ProtectResult protectResponse(ProtectCall call, CoapMessage message, long nowNanos) {
        if (call.inReplyTo().length == 0) {
            throw new SaException(
                    SaError.INVALID_REFERENCE,
                    "",
                    "a response (code " + CoapCode.format(message.code()) + ") without in_reply_to");
        }
        RecordReference request = references.decode(call.inReplyTo(), call.principal());
        if (request.direction() != Direction.INBOUND) {
            throw new SaException(
                    SaError.INVALID_REFERENCE,
                    request.spi().toHex(),
                    "in_reply_to names a message that was sent under SPI " + request.spi() + ", not one that came");
        }
        OutboundSa sa = replySa(request);
        // A reply without a local endpoint comes from the one that its request arrived at: the reference knows.
        if (sa == null
                || !mayUse(call.rights(), sa)
                || !(call.local().isHostWide() || SaTable.serves(sa.parameters, call.local()))) {
            throw new SaException(
                    SaError.NO_SA_FOR_REPLY,
                    request.spi().toHex(),
                    "no SA may protect the reply to a request under SPI " + request.spi());
        }
        PreparedMessage prepared = protector.prepare(
                message, sa.parameters.content(), sa.parameters.form(), binding(request, sa), request.observe());
        return seal(call.principal(), sa, prepared, false, nowNanos);
    }

    /** The other SA of the request's pair while it may seal, else that of the newest pair that superseded it, else null. */
    private @Nullable OutboundSa replySa(RecordReference request) {
        if (request.pair().isNone()) {
            return replySaWithoutPair(request);
        }
        Pair asked = table.pair(request.pair());
        if (asked == null) {
            return null;
        }
        OutboundSa own = asked.outbound;
        return own != null && own.seals() ? own : asked.newestThatAnswers();
    }

    private @Nullable OutboundSa replySaWithoutPair(RecordReference request) {
        if (request.partner() != 0) {
            return unlessSuspended(table.outbound(new SaId(request.partner())));
        }
        InboundSa came = table.inbound(request.sa());
        return came == null ? null : unlessSuspended(table.partnerOf(came));
    }

    private static @Nullable OutboundSa unlessSuspended(@Nullable OutboundSa sa) {
        return sa == null || sa.suspended ? null : sa;
    }

    private static @Nullable RecBind binding(RecordReference request, OutboundSa sa) {
        if (sa.parameters.form() == Form.DRAFT_EXACT) {
            return null;
        }
        boolean samePair = sa.pair == null || sa.pair.id.equals(request.pair());
        return new RecBind(request.epoch(), request.sequence(), samePair ? Octets.EMPTY : request.spi());
    }

    private ProtectResult seal(
            String principal, OutboundSa sa, PreparedMessage prepared, boolean observe, long nowNanos) {
        SealResult result = sa.sealer.seal(prepared.plaintext(), 0, prepared.headroom(), nowNanos);
        if (result instanceof SealResult.MustWait wait) {
            return new MustWait(sa.id, Direction.OUTBOUND, wait.mark() + 1);
        }
        if (result instanceof SealResult.Refused refused) {
            throw refusal(refused, sa.parameters, prepared.plaintext().length);
        }
        SealResult.Sealed sealed = (SealResult.Sealed) result;
        prepared.finish(sealed.octets());
        InboundSa partner = sa.pair == null ? table.partnerOf(sa) : null;
        RecordReference reference = new RecordReference(
                Direction.OUTBOUND,
                observe,
                sa.id,
                partner == null ? 0 : partner.id.value(),
                sa.pair == null ? PairId.NONE : sa.pair.id,
                sealed.epoch(),
                sealed.sequence(),
                sa.parameters.spi().octets());
        return new Protected(
                sealed.octets(),
                references.encode(reference, principal),
                sa.id,
                sa.parameters.spi(),
                sa.parameters.peer(),
                sa.parameters.identity());
    }

    /**
     * What a caller is told of a refusal to seal.
     *
     * @param octets of the plaintext, padding included
     */
    static SaException refusal(SealResult.Refused refused, SaParameters parameters, long octets) {
        if (refused.error() == SaError.TOO_LARGE) {
            // RFC 9146 s4: with a connection ID the inner type counts as well.
            int most = MessageProtector.MAX_PLAINTEXT - (parameters.connectionId() ? 1 : 0);
            return new SaException(
                    SaError.TOO_LARGE,
                    octets + " octets",
                    "plaintext of " + octets + " octets; a record holds " + most);
        }
        return new SaException(
                refused.error(),
                parameters.spi().toString(),
                "outbound SPI " + parameters.spi() + " to " + parameters.peer() + " seals nothing: " + refused.error());
    }
}
