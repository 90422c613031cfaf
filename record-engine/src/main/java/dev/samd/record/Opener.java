// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.aead.Aead;
import dev.samd.aead.Aeads;
import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.Direction;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.History;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Past;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SecurityAssociation;
import dev.samd.sa.TrafficKeys;
import dev.samd.sa.Usage;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens the records of one inbound SA, each number once. Thread-safe.
 *
 * <p>The doors, in order: header, state of the SA, throttle, window, AEAD, accept mark, window again together with
 * acceptance, inner type. A record that stops before acceptance changes nothing but counters (RFC 6347 s4.1.2.7), and
 * only one that reached the AEAD and failed there counts as a forgery. From acceptance on its number is consumed, whatever
 * is wrong with what it carries.
 */
public final class Opener extends UsageMeter implements AutoCloseable {
    private static final Attempt<OpenResult> OPEN = Opener::open;
    private static final Attempt<Inspection> INSPECT = Opener::inspect;

    private final SaParameters parameters;
    private final TrafficKeys keys;
    private final Aead aead;
    /** Also the lock of window, records and octets. */
    private final ReplayWindow window;

    private long records;
    private long octets;
    private long acceptMark;
    /** Under the lock: from this number on a higher mark is wanted; asked for once per mark. */
    private long wantedFrom;
    /** Under the lock: nothing is accepted any more. */
    private boolean closed;

    /** Where the newest verified record came from; written under the lock. */
    private volatile @Nullable String newestSource;
    /** Made when the first opening fails. */
    private volatile @Nullable ForgeryThrottle throttle;

    /**
     * @param sa inbound; the opener owns it from now on
     * @param acceptMark records below it may be accepted; 2^48 if nothing has to be made durable
     * @throws IllegalArgumentException if the SA is outbound
     */
    public Opener(SecurityAssociation sa, long acceptMark, WearListener listener) {
        this(sa, Past.of(sa.parameters()), acceptMark, listener);
    }

    /**
     * @param sa inbound; the opener owns it from now on
     * @param past what the SA was used for before
     * @param acceptMark records below it may be accepted; 2^48 if nothing has to be made durable
     * @throws IllegalArgumentException if the SA is outbound
     */
    public Opener(SecurityAssociation sa, Past past, long acceptMark, WearListener listener) {
        super(sa.parameters().suite().aead(), sa.parameters().lifetime(), past, listener);
        if (sa.parameters().direction() != Direction.INBOUND) {
            throw new IllegalArgumentException("SA " + sa.id() + " is outbound; an opener needs an inbound one");
        }
        this.parameters = sa.parameters();
        this.keys = sa.keys();
        this.acceptMark = acceptMark;
        aead = Aeads.of(parameters.suite().aead());
        records = past.records();
        octets = past.octets();
        window = new ReplayWindow(parameters.window(), past.history());
        wantedFrom = halfway(window.edge() + 1, acceptMark);
    }

    /**
     * Opens a record.
     *
     * @param record borrowed
     * @param source where it came from, as far as the caller knows: it chooses the bucket that a failure is debited from,
     *     and is never trusted for more
     * @param nowNanos monotonic time
     */
    public OpenResult open(RecordView record, String source, long nowNanos) {
        int fragment = Dtls12Codec.fragmentOffset(parameters, record);
        if (fragment == Dtls12Codec.MALFORMED) {
            return discard(DiscardReason.MALFORMED);
        }
        OpenResult result = withKeys(new Arrival(record, fragment, source, nowNanos), OPEN);
        return result == null ? discard(DiscardReason.SA_EXPIRED) : result;
    }

    /**
     * Looks at a record without accepting it: neither window nor mark moves. The tag is tried although the number was accepted
     * before, and one that fails is a forgery like any other, so that nobody learns more from asking than from sending.
     *
     * @param record borrowed
     * @param source as in {@link #open}
     * @param nowNanos monotonic time
     */
    public Inspection inspect(RecordView record, String source, long nowNanos) {
        int fragment = Dtls12Codec.fragmentOffset(parameters, record);
        if (fragment == Dtls12Codec.MALFORMED) {
            return Inspection.closed(DiscardReason.MALFORMED);
        }
        Inspection inspection = withKeys(new Arrival(record, fragment, source, nowNanos), INSPECT);
        return inspection == null ? Inspection.closed(DiscardReason.SA_EXPIRED) : inspection;
    }

    /** What is done with a record while the keys are borrowed. */
    @FunctionalInterface
    private interface Attempt<R> {
        R on(Opener opener, Arrival arrival, byte[] key, byte[] iv);
    }

    /** Gives null if the keys are closed. */
    private <R> @Nullable R withKeys(Arrival arrival, Attempt<R> attempt) {
        byte[] key = keys.key().borrow();
        if (key == null) {
            return null;
        }
        try {
            byte[] iv = keys.iv().borrow();
            if (iv == null) {
                return null;
            }
            try {
                return attempt.on(this, arrival, key, iv);
            } finally {
                keys.iv().giveBack();
            }
        } finally {
            keys.key().giveBack();
        }
    }

    /** A record whose header fits the SA. */
    private record Arrival(RecordView record, int fragment, String source, long nowNanos) {}

    private OpenResult open(Arrival arrival, byte[] key, byte[] iv) {
        boolean known = arrival.source.equals(newestSource);
        DiscardReason refusal = refusal(known, arrival.nowNanos);
        if (refusal != null) {
            return discard(refusal);
        }
        // RFC 6347 s4.1.2.6: a look before the AEAD is cheap, the decision comes after it.
        ReplayWindow.Verdict verdict = window.check(arrival.record.sequence());
        if (verdict != ReplayWindow.Verdict.OK) {
            return discard(reasonOf(verdict));
        }
        int length = plaintextLength(arrival);
        Scratch scratch = Scratch.ofThread();
        byte[] plaintext = scratch.plaintext(length);
        if (!verifies(arrival, scratch, plaintext, key, iv)) {
            forged(known, arrival.nowNanos);
            return discard(DiscardReason.BAD_TAG);
        }
        try {
            return accept(arrival, plaintext, length);
        } finally {
            scratch.wipePlaintext(length);
        }
    }

    private Inspection inspect(Arrival arrival, byte[] key, byte[] iv) {
        boolean known = arrival.source.equals(newestSource);
        DiscardReason refusal = refusal(known, arrival.nowNanos);
        if (refusal != null) {
            return Inspection.closed(refusal);
        }
        ReplayWindow.Verdict verdict = window.check(arrival.record.sequence());
        Optional<DiscardReason> seen =
                verdict == ReplayWindow.Verdict.OK ? Optional.empty() : Optional.of(reasonOf(verdict));
        int length = plaintextLength(arrival);
        Scratch scratch = Scratch.ofThread();
        byte[] plaintext = scratch.plaintext(length);
        if (!verifies(arrival, scratch, plaintext, key, iv)) {
            forged(known, arrival.nowNanos);
            discarded(DiscardReason.BAD_TAG);
            return new Inspection(seen.or(() -> Optional.of(DiscardReason.BAD_TAG)), false, Optional.empty());
        }
        try {
            return authentic(arrival, plaintext, length, seen);
        } finally {
            scratch.wipePlaintext(length);
        }
    }

    private Inspection authentic(Arrival arrival, byte[] plaintext, int length, Optional<DiscardReason> seen) {
        int content = parameters.connectionId() ? contentLength(plaintext, length) : length;
        boolean ended;
        synchronized (window) {
            ended = closed || beyondHard(records + 1, octets + Math.max(content, 0)) != null;
        }
        OpenResult.Opened opened = opened(arrival, plaintext, content);
        Optional<DiscardReason> late = ended
                ? Optional.of(DiscardReason.SA_EXPIRED)
                : opened == null ? Optional.of(DiscardReason.MALFORMED) : Optional.empty();
        return new Inspection(seen.or(() -> late), true, Optional.ofNullable(opened));
    }

    /** Why no record of that source is opened now, or null. */
    private @Nullable DiscardReason refusal(boolean known, long nowNanos) {
        DiscardReason refusal = refusal();
        if (refusal != null) {
            return refusal;
        }
        ForgeryThrottle buckets = throttle;
        return buckets != null && buckets.isEmpty(known, nowNanos) ? DiscardReason.THROTTLED : null;
    }

    private void forged(boolean known, long nowNanos) {
        buckets(nowNanos).debit(known, nowNanos);
        failedOpening();
    }

    private int plaintextLength(Arrival arrival) {
        return arrival.record.end()
                - arrival.fragment
                - parameters.suite().aead().overhead();
    }

    private boolean verifies(Arrival arrival, Scratch scratch, byte[] plaintext, byte[] key, byte[] iv) {
        AeadAlgorithm algorithm = parameters.suite().aead();
        RecordView record = arrival.record;
        byte[] buffer = record.buffer();
        int type = buffer[record.offset()];
        long number = record.sequence();
        long epochAndSequence = Dtls12Codec.epochAndSequence(record.epoch(), number);
        int sealed = Nonces.forOpening(algorithm, iv, epochAndSequence, buffer, arrival.fragment, scratch.nonce);
        int length = record.end() - sealed;
        byte[] additionalData = scratch.additionalData(Dtls12Codec.additionalDataLength(parameters));
        Dtls12Codec.writeAdditionalData(parameters, type, number, length - algorithm.tagLength(), additionalData);
        return aead.open(key, scratch.nonce, additionalData, buffer, sealed, length, plaintext);
    }

    private ForgeryThrottle buckets(long nowNanos) {
        ForgeryThrottle buckets = throttle;
        if (buckets != null) {
            return buckets;
        }
        synchronized (window) {
            buckets = throttle;
            if (buckets == null) {
                buckets = new ForgeryThrottle(nowNanos);
                throttle = buckets;
            }
            return buckets;
        }
    }

    private OpenResult accept(Arrival arrival, byte[] plaintext, int length) {
        boolean wrapped = parameters.connectionId();
        int content = wrapped ? contentLength(plaintext, length) : length;
        long number = arrival.record.sequence();
        ExpireCause beyond;
        long wanting = -1;
        long recordsNow;
        long octetsNow;
        synchronized (window) {
            if (closed) {
                return discard(DiscardReason.SA_EXPIRED);
            }
            if (number >= acceptMark) {
                return new OpenResult.MustWait(number);
            }
            // A twin may have been accepted meanwhile, and many failures counted.
            ReplayWindow.Verdict verdict = window.check(number);
            DiscardReason refusal = verdict == ReplayWindow.Verdict.OK ? refusal() : reasonOf(verdict);
            if (refusal != null) {
                return discard(refusal);
            }
            recordsNow = records + 1;
            octetsNow = octets + Math.max(content, 0);
            beyond = beyondHard(recordsNow, octetsNow);
            if (beyond == null) {
                if (number > window.edge() && !arrival.source.equals(newestSource)) {
                    newestSource = arrival.source;
                }
                window.accept(number);
                records = recordsNow;
                octets = octetsNow;
                if (number >= wantedFrom) {
                    wantedFrom = Long.MAX_VALUE;
                    wanting = acceptMark;
                }
            }
        }
        if (wanting >= 0) {
            listener.acceptMarkWanted(wanting);
        }
        if (beyond != null) {
            ended(beyond);
            return discard(DiscardReason.SA_EXPIRED);
        }
        used(arrival.nowNanos, recordsNow, octetsNow);
        OpenResult.Opened opened = opened(arrival, plaintext, content);
        return opened == null ? discard(DiscardReason.MALFORMED) : opened;
    }

    /** What an authentic record carries, or null if it must not be. */
    private OpenResult.@Nullable Opened opened(Arrival arrival, byte[] plaintext, int content) {
        if (content < 0) {
            return null;
        }
        RecordView record = arrival.record;
        int type = parameters.connectionId() ? plaintext[content] : record.buffer()[record.offset()];
        boolean known = type == ContentType.APPLICATION_DATA || type == ContentType.ALERT;
        return known ? new OpenResult.Opened(Arrays.copyOf(plaintext, content), type, record.sequence()) : null;
    }

    /**
     * Length of the content in front of the inner type, which is the last octet that is not zero (RFC 9146 s4).
     *
     * @return -1 if all octets are zero
     */
    private static int contentLength(byte[] plaintext, int length) {
        int last = length - 1;
        while (last >= 0 && plaintext[last] == 0) {
            last--;
        }
        return last;
    }

    private static DiscardReason reasonOf(ReplayWindow.Verdict verdict) {
        return verdict == ReplayWindow.Verdict.REPLAY ? DiscardReason.REPLAY : DiscardReason.TOO_OLD;
    }

    private OpenResult discard(DiscardReason reason) {
        discarded(reason);
        return new OpenResult.Discarded(reason);
    }

    /** Raises the accept mark, once the authority has made it durable; a lower one changes nothing. */
    public void raiseAcceptMark(long mark) {
        synchronized (window) {
            if (mark > acceptMark) {
                wantedFrom = halfway(acceptMark, mark);
                acceptMark = mark;
            }
        }
    }

    /** The mark: records below it may be accepted. */
    public long acceptMark() {
        synchronized (window) {
            return acceptMark;
        }
    }

    private static long halfway(long from, long mark) {
        return mark - Math.max(0, mark - from) / 2;
    }

    /** Puts other limits in force, never beyond those of the algorithm. */
    public void limits(Lifetime lifetime) {
        synchronized (window) {
            limits(lifetime, records, octets);
        }
    }

    /** What the SA has been used for so far. */
    public Usage usage() {
        synchronized (window) {
            return usage(records, octets, window.edge() + 1);
        }
    }

    /** What a successor needs to know of the numbers accepted: the history that its SA resumes from. */
    public History history() {
        synchronized (window) {
            return window.history();
        }
    }

    /** Counts a message that was not accepted for a reason found outside of its record. */
    public void countDiscarded(DiscardReason reason) {
        discarded(reason);
    }

    /** Closes the SA. Nothing is accepted after this returns, so that {@link #history} then tells for ever what was. */
    @Override
    public void close() {
        synchronized (window) {
            closed = true;
        }
        keys.close();
    }
}
