// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.aead.Aead;
import dev.samd.aead.Aeads;
import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.Direction;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Past;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SecurityAssociation;
import dev.samd.sa.TrafficKeys;
import dev.samd.sa.Usage;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * Makes the records of one outbound SA. Thread-safe: threads share nothing but counters.
 *
 * <p>The number is taken before the AEAD, atomically and below the send mark; whatever fails afterwards burns it (RFC 6347
 * s4.1: a number must not be used twice under one key). At the last number and at a hard limit sealing is refused for
 * good. Keys are borrowed before the number is taken: once closed they are never used, and no record is ever made with
 * zeros for a key.
 */
public final class Sealer extends UsageMeter implements AutoCloseable {
    private static final AtomicLongFieldUpdater<Sealer> OCTETS =
            AtomicLongFieldUpdater.newUpdater(Sealer.class, "octets");
    private static final AtomicLongFieldUpdater<Sealer> BURNED =
            AtomicLongFieldUpdater.newUpdater(Sealer.class, "burned");
    private static final SealResult EXPIRED = new SealResult.Refused(SaError.SA_EXPIRED);
    private static final SealResult EXHAUSTED = new SealResult.Refused(SaError.SEQ_EXHAUSTED);
    private static final SealResult TOO_LARGE = new SealResult.Refused(SaError.TOO_LARGE);

    private final SaParameters parameters;
    private final TrafficKeys keys;
    private final Aead aead;
    private final SequenceNumbers numbers;
    private volatile long octets;
    /** Numbers that were taken and did not become a record. */
    private volatile long burned;

    /**
     * @param sa outbound; the sealer owns it from now on
     * @param sendMark numbers below it may be used; 2^48 if nothing has to be made durable
     * @throws IllegalArgumentException if the SA is inbound
     */
    public Sealer(SecurityAssociation sa, long sendMark, WearListener listener) {
        this(sa, Past.of(sa.parameters()), sendMark, listener);
    }

    /**
     * @param sa outbound; the sealer owns it from now on
     * @param past what the SA was used for before
     * @param sendMark numbers below it may be used; 2^48 if nothing has to be made durable
     * @throws IllegalArgumentException if the SA is inbound
     */
    public Sealer(SecurityAssociation sa, Past past, long sendMark, WearListener listener) {
        super(sa.parameters().suite().aead(), sa.parameters().lifetime(), past, listener);
        if (sa.parameters().direction() != Direction.OUTBOUND) {
            throw new IllegalArgumentException("SA " + sa.id() + " is inbound; a sealer needs an outbound one");
        }
        this.parameters = sa.parameters();
        this.keys = sa.keys();
        aead = Aeads.of(parameters.suite().aead());
        numbers = new SequenceNumbers(past.history().next(), past.records(), sendMark);
        octets = past.octets();
    }

    /**
     * Seals application data.
     *
     * @param plaintext borrowed
     * @param padding zeros behind the inner type that hide the length (RFC 9146 s4); 0 without connection ID
     * @param headroom octets to leave free in front of the record, for the caller's own header
     * @param nowNanos monotonic time
     * @throws SaException {@link SaError#MALFORMED} for padding where the records have no place for it
     */
    public SealResult seal(byte[] plaintext, int padding, int headroom, long nowNanos) {
        return seal(ContentType.APPLICATION_DATA, plaintext, padding, headroom, nowNanos);
    }

    /**
     * Seals an alert, as close_notify at the end of an SA (RFC 5246 s7.2).
     *
     * @param level 1 warning, 2 fatal
     * @param description 0..255
     * @param headroom octets to leave free in front of the record
     * @param nowNanos monotonic time
     */
    public SealResult sealAlert(int level, int description, int headroom, long nowNanos) {
        byte[] alert = {(byte) level, (byte) description};
        return seal(ContentType.ALERT, alert, 0, headroom, nowNanos);
    }

    private SealResult seal(int type, byte[] content, int padding, int headroom, long nowNanos) {
        requirePadding(parameters, padding);
        long plaintextLength = Dtls12Codec.plaintextLength(parameters, content.length, padding);
        if (plaintextLength > Dtls12Codec.MAX_PLAINTEXT) {
            return TOO_LARGE;
        }
        byte[] key = keys.key().borrow();
        if (key == null) {
            return EXPIRED;
        }
        try {
            byte[] iv = keys.iv().borrow();
            if (iv == null) {
                return EXPIRED;
            }
            try {
                return seal(new Draft(type, content, (int) plaintextLength, headroom), key, iv, nowNanos);
            } finally {
                keys.iv().giveBack();
            }
        } finally {
            keys.key().giveBack();
        }
    }

    private static void requirePadding(SaParameters parameters, int padding) {
        if (padding < 0 || (padding > 0 && !parameters.connectionId())) {
            throw new SaException(
                    SaError.MALFORMED,
                    Integer.toString(padding),
                    "padding of " + padding + " octets; only records with a connection ID can be padded");
        }
    }

    /** A record before it has a number. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
    private record Draft(int type, byte[] content, int plaintextLength, int headroom) {}

    private SealResult seal(Draft draft, byte[] key, byte[] iv, long nowNanos) {
        if (hasEnded(ExpireCause.OCTETS)) {
            return EXPIRED;
        }
        long number = numbers.take(hard().records());
        if (number < 0) {
            return withoutNumber(number);
        }
        long octetsNow = OCTETS.addAndGet(this, draft.content.length);
        boolean sealed = false;
        try {
            if (beyondHard(0, octetsNow) != null) {
                ended(ExpireCause.OCTETS);
                return EXPIRED;
            }
            byte[] record = write(draft, number, key, iv);
            sealed = true;
            used(nowNanos, numbers.takenUpTo(number), octetsNow);
            askForMore(number + 1);
            return new SealResult.Sealed(record, draft.headroom, parameters.epoch(), number);
        } finally {
            if (!sealed) {
                OCTETS.addAndGet(this, -draft.content.length);
                BURNED.incrementAndGet(this);
            }
        }
    }

    private SealResult withoutNumber(long outcome) {
        if (outcome == SequenceNumbers.EXPIRED) {
            ended(ExpireCause.RECORDS);
            return EXPIRED;
        }
        if (outcome == SequenceNumbers.EXHAUSTED) {
            ended(ExpireCause.SEQUENCE);
            return EXHAUSTED;
        }
        askForMore(~outcome);
        return new SealResult.MustWait(~outcome);
    }

    private void askForMore(long next) {
        if (numbers.asksForMore(next)) {
            listener.sendMarkWanted(numbers.mark());
        }
    }

    private byte[] write(Draft draft, long number, byte[] key, byte[] iv) {
        AeadAlgorithm algorithm = parameters.suite().aead();
        int outerType = parameters.connectionId() ? ContentType.TLS12_CID : draft.type;
        int fragmentLength = draft.plaintextLength + algorithm.overhead();
        byte[] record = new byte[draft.headroom + Dtls12Codec.recordLength(parameters, draft.plaintextLength)];
        Scratch scratch = Scratch.ofThread();

        int fragment = Dtls12Codec.writeHeader(parameters, outerType, number, fragmentLength, record, draft.headroom);
        long epochAndSequence = Dtls12Codec.epochAndSequence(parameters.epoch(), number);
        int at = Nonces.forSealing(algorithm, iv, epochAndSequence, record, fragment, scratch.nonce);
        System.arraycopy(draft.content, 0, record, at, draft.content.length);
        if (parameters.connectionId()) {
            record[at + draft.content.length] = (byte) draft.type;
        }
        byte[] additionalData = scratch.additionalData(Dtls12Codec.additionalDataLength(parameters));
        Dtls12Codec.writeAdditionalData(parameters, outerType, number, draft.plaintextLength, additionalData);
        aead.seal(key, scratch.nonce, additionalData, record, at, draft.plaintextLength);
        return record;
    }

    /** Raises the send mark, once the authority has made it durable; a lower one changes nothing. */
    public void raiseSendMark(long mark) {
        numbers.raise(mark);
    }

    /** The mark: numbers below it may be used. */
    public long sendMark() {
        return numbers.mark();
    }

    /** The number that comes next, 0..2^48. */
    public long nextSequence() {
        return numbers.next();
    }

    /** Puts other limits in force, never beyond those of the algorithm. */
    public void limits(Lifetime lifetime) {
        limits(lifetime, numbers.taken(), octets);
    }

    /** What the SA has been used for so far. */
    public Usage usage() {
        return usage(numbers.taken() - burned, octets, numbers.next());
    }

    /** Whether the SA seals nothing any more: closed, out of numbers, or past a hard limit. */
    public boolean isSpent() {
        return numbers.isSpent() || isEnded();
    }

    /**
     * Closes the SA. A record that has its number is finished; no number is given after this returns, so that {@link #usage}
     * then tells for ever which ones were used.
     */
    @Override
    public void close() {
        numbers.close();
        keys.close();
    }
}
