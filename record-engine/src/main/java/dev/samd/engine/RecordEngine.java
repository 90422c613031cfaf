// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.MessageProtector;
import dev.samd.coap.OptionNumbers;
import dev.samd.record.SealResult.Sealed;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.History;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.PairId;
import dev.samd.sa.Past;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.SecurityAssociation;
import dev.samd.sa.Usage;
import java.util.Optional;
import java.util.Set;

/**
 * Protects and unprotects by the SAs that are installed.
 *
 * <p>Thread-safe in two halves. The SADB side ({@link #install} to {@link #raiseAcceptMark}) has one caller at a time; what it
 * changes is visible to the data path at once. The data path ({@link #protect}, {@link #unprotect}, {@link #seal}, {@link
 * #open}) runs on any number of threads, takes time as an argument and never waits.
 *
 * <p>The doors of unprotect, in this order: signs of the outer message; SA by connection ID; the caller's right to it; local
 * endpoint; for a response, that the SA is the partner of its request; throttle, window, AEAD, mark, window again; the inner
 * message and its binding; for a request, the policy, and its freshness where the policy asks for it.
 */
public final class RecordEngine {
    /** RFC 5246 s7.2. */
    private static final int WARNING = 1;

    private static final int CLOSE_NOTIFY = 0;

    /**
     * How many pairs in a row may replace one another before the first of them is forgotten: an observation that began under
     * it ends then.
     */
    public static final int CHAIN = 64;

    private final SaTable table = new SaTable();
    private final EngineListener listener;
    private final ReferenceCodec references;
    private final ProtectPath protecting;
    private final UnprotectPath unprotecting;
    private final RawPath raw;

    /**
     * @param listener hears of wear
     * @param numbers the private option numbers in use
     * @param referenceKey 16 or 32 octets that record references are authenticated with; stays the caller's
     */
    public RecordEngine(EngineListener listener, OptionNumbers numbers, KeyMaterial referenceKey) {
        this(listener, numbers, referenceKey, PolicyGate.PROTECT_ALL);
    }

    /**
     * @param listener hears of wear
     * @param numbers the private option numbers in use
     * @param referenceKey 16 or 32 octets of this run, that record references and Echo values are authenticated with; stays the
     *     caller's
     * @param gate asked for every request
     */
    public RecordEngine(EngineListener listener, OptionNumbers numbers, KeyMaterial referenceKey, PolicyGate gate) {
        this.listener = listener;
        this.references = new ReferenceCodec(referenceKey);
        protecting = new ProtectPath(table, references, new MessageProtector(numbers), gate);
        unprotecting = new UnprotectPath(table, references, numbers, gate, new FreshDoor(referenceKey), listener);
        raw = new RawPath(table, listener);
    }

    /** Takes an SA into use, and its keys over. Its id is new, and so are an inbound SPI and its prefixes. */
    public void install(SecurityAssociation sa, Installation how) {
        SaParameters parameters = sa.parameters();
        Pair pair = table.pairFor(sa.pair(), how.supersedes(), how.confirmation());
        Past past = how.past().orElseGet(() -> Past.of(parameters));
        switch (parameters.direction()) {
            case INBOUND -> table.add(new InboundSa(sa, pair, past, how, listener));
            case OUTBOUND -> table.add(new OutboundSa(sa, pair, past, how, listener));
        }
    }

    /**
     * Says that a pair gives way to another one, although neither was made to replace the other. What is under way under the
     * first goes on there while it can, and under the other one afterwards. No effect if one of them is gone.
     */
    public void supersede(PairId pair, PairId by) {
        Pair winner = table.pair(by);
        if (winner != null) {
            table.supersede(pair, winner);
        }
    }

    /** Replaces the limits of an SA. */
    public void lifetime(SaId id, Lifetime lifetime) {
        InboundSa inbound = table.inbound(id);
        if (inbound != null) {
            inbound.opener.limits(lifetime.within(inbound.parameters.suite().aead()));
            return;
        }
        OutboundSa outbound = requireOutbound(id);
        outbound.sealer.limits(lifetime.within(outbound.parameters.suite().aead()));
    }

    /** Says that an SA is MATURE or DYING. A DYING one is chosen for a request only where no MATURE one fits. */
    public void state(SaId id, SaState state) {
        OutboundSa sa = table.outbound(id);
        if (sa != null) {
            sa.dying = state == SaState.DYING;
        }
    }

    /** Gives an SA another scope: the peers that it may be used for. */
    public void scope(SaId id, Set<Endpoint> scope) {
        InboundSa inbound = table.inbound(id);
        if (inbound != null) {
            inbound.scope = Set.copyOf(scope);
            return;
        }
        table.rescope(requireOutbound(id), Set.copyOf(scope));
    }

    /**
     * The SA under which a principal opened the record of a reference.
     *
     * @throws SaException INVALID_REFERENCE if that principal did not
     */
    public SaId openedUnder(byte[] reference, String principal) {
        RecordReference decoded = references.decode(reference, principal);
        if (decoded.direction() != Direction.INBOUND) {
            throw new SaException(
                    SaError.INVALID_REFERENCE,
                    decoded.spi().toHex(),
                    "the reference names a message that was sent under SPI " + decoded.spi() + ", not one that came");
        }
        return decoded.sa();
    }

    /** One record that tells the peer of an outbound SA that it ends; nothing if the SA seals no more. */
    public Optional<byte[]> closeNotify(SaId id, long nowNanos) {
        OutboundSa sa = table.outbound(id);
        return sa != null
                        && !sa.suspended
                        && sa.sealer.sealAlert(WARNING, CLOSE_NOTIFY, 0, nowNanos) instanceof Sealed sealed
                ? Optional.of(sealed.octets())
                : Optional.empty();
    }

    /**
     * Takes an SA out of use and closes its keys. No number is sealed or accepted after this returns.
     *
     * @return what it was used for, exactly
     */
    public Usage retire(SaId id) {
        InboundSa inbound = table.inbound(id);
        if (inbound != null) {
            table.remove(inbound);
            inbound.opener.close();
            return inbound.opener.usage();
        }
        OutboundSa outbound = requireOutbound(id);
        table.remove(outbound);
        outbound.sealer.close();
        return outbound.sealer.usage();
    }

    /** The numbers that an inbound SA has accepted, from which a successor can go on; nothing for any other. */
    public Optional<History> accepted(SaId id) {
        return Optional.ofNullable(table.inbound(id)).map(sa -> sa.opener.history());
    }

    /**
     * Uses an SA no more, and keeps it: every call is refused. What {@link #usage} and {@link #accepted} say afterwards stays
     * true for ever.
     */
    public void halt(SaId id) {
        InboundSa inbound = table.inbound(id);
        if (inbound != null) {
            inbound.opener.close();
            return;
        }
        OutboundSa outbound = table.outbound(id);
        if (outbound != null) {
            outbound.sealer.close();
        }
    }

    /** What an SA has been used for so far; nothing if it is not in use. */
    public Optional<Usage> usage(SaId id) {
        InboundSa inbound = table.inbound(id);
        if (inbound != null) {
            return Optional.of(inbound.opener.usage());
        }
        return Optional.ofNullable(table.outbound(id)).map(sa -> sa.sealer.usage());
    }

    /** Moves the mark below which an outbound SA may take numbers. Never down. */
    public void raiseSendMark(SaId id, long mark) {
        OutboundSa sa = table.outbound(id);
        if (sa != null) {
            sa.sealer.raiseSendMark(mark);
        }
    }

    /** Moves the mark below which an inbound SA may accept numbers. Never down. */
    public void raiseAcceptMark(SaId id, long mark) {
        InboundSa sa = table.inbound(id);
        if (sa != null) {
            sa.opener.raiseAcceptMark(mark);
        }
    }

    /** The mark of an SA in its direction; 0 if there is no such SA. */
    public long mark(SaId id, Direction direction) {
        if (direction == Direction.OUTBOUND) {
            OutboundSa sa = table.outbound(id);
            return sa == null ? 0 : sa.sealer.sendMark();
        }
        InboundSa sa = table.inbound(id);
        return sa == null ? 0 : sa.opener.acceptMark();
    }

    /**
     * Protects one CoAP message.
     *
     * @throws NoUsableSaException for a request where no SA fits
     * @throws SaException DENIED_BY_POLICY, NO_SA_FOR_REPLY, INVALID_REFERENCE, MALFORMED_COAP, NOT_PROTECTABLE, WRONG_CONTENT,
     *     NO_TARGET, TARGET_MISMATCH, TOO_LARGE, SA_EXPIRED, SEQ_EXHAUSTED
     */
    public ProtectResult protect(ProtectCall call, long nowNanos) {
        return protecting.protect(call, nowNanos);
    }

    /**
     * Unprotects one CoAP message.
     *
     * @throws SaException MALFORMED_COAP for octets that are not one CoAP message, INVALID_REFERENCE
     */
    public UnprotectResult unprotect(UnprotectCall call, long nowNanos) {
        return unprotecting.unprotect(call, nowNanos);
    }

    /**
     * Protects the answer to a request that is not fresh, as any answer to it.
     *
     * @return {@link Challenged}; {@link Discarded} if no SA may carry the answer; {@link MustWait}
     */
    public UnprotectResult challenge(NotFresh request, long nowNanos) {
        ProtectResult answer;
        try {
            answer = protecting.protect(request.answer(), nowNanos);
        } catch (SaException e) {
            // The program cannot answer the request either, and the peer has nothing from a reason.
            return unprotecting.unanswered(request);
        }
        return answer instanceof MustWait wait ? wait : new Challenged(((Protected) answer).coap(), request.sa());
    }

    /**
     * What would become of a request that leaves: which rule is for it, and which SA carries it. Takes neither a number nor the
     * single request that a pair without confirmation gets.
     *
     * @param local the endpoint it would come from, or {@link Endpoint#HOST_WIDE}
     * @param target the peer
     * @param request its code and its path matter
     * @param rights what the caller may use, and so may hear of
     */
    public ProtectExplanation explainProtect(
            Endpoint local, Endpoint target, CoapMessage request, CallerRights rights) {
        return protecting.explain(local, target, request, rights);
    }

    /**
     * What would become of a message that arrives, door by door. Moves neither a window nor a mark, confirms nothing, and gives
     * away nothing of what is inside. A tag that fails counts as a forgery, as on arrival.
     *
     * @throws SaException as {@link #unprotect}
     */
    public UnprotectExplanation explainUnprotect(UnprotectCall call, long nowNanos) {
        return unprotecting.explain(call, nowNanos);
    }

    /**
     * Seals octets as one record of a RAW SA.
     *
     * @throws SaException NO_SUCH_SA, WRONG_CONTENT, TOO_LARGE, SA_EXPIRED, SEQ_EXHAUSTED
     */
    public SealResult seal(SealCall call, long nowNanos) {
        return raw.seal(call, nowNanos);
    }

    /** Opens one record of a RAW SA. */
    public OpenResult open(OpenCall call, long nowNanos) {
        return raw.open(call, nowNanos);
    }

    private OutboundSa requireOutbound(SaId id) {
        OutboundSa sa = table.outbound(id);
        if (sa == null) {
            throw new IllegalStateException("SA " + id + " is not in use");
        }
        return sa;
    }
}
