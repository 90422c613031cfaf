// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.concurrent.atomic.AtomicLong;

/** What one principal takes at the moment, over all its connections. Thread-safe. */
public final class CallerUse {
    private static final int SOON_MILLIS = 100;
    private static final int LATER_MILLIS = 1_000;

    private final String principal;
    private final Bucket rate = new Bucket();
    private final Bucket denials = new Bucket();
    private final HeldOctets all;
    private final AtomicLong held = new AtomicLong();
    private int connections;
    private int calls;
    private int acquires;
    private int watchers;

    CallerUse(String principal, HeldOctets all) {
        this.principal = principal;
        this.all = all;
    }

    /**
     * A call or an item of a stream begins.
     *
     * @throws SaException {@link SaError#OVER_QUOTA}; then it has not begun
     */
    public synchronized void begin(Quota quota, long nowNanos) {
        if (calls >= quota.callsInFlight()) {
            throw over("calls_in_flight", quota.callsInFlight(), SOON_MILLIS);
        }
        if (quota.callsPerSecond() != Integer.MAX_VALUE) {
            requireRoom(rate, "calls_per_second", quota.callsPerSecond(), nowNanos);
            rate.take(quota.callsPerSecond(), nowNanos);
        }
        calls++;
    }

    private void requireRoom(Bucket bucket, String limit, int perSecond, long now) {
        int missing = bucket.missingMillis(perSecond, now);
        if (missing > 0) {
            throw over(limit, perSecond, missing);
        }
    }

    /** A call was denied. */
    public synchronized void denied(Quota quota, long nowNanos) {
        if (quota.denialsPerSecond() != Integer.MAX_VALUE) {
            denials.take(quota.denialsPerSecond(), nowNanos);
        }
    }

    /**
     * A call that may be denied is to be looked at.
     *
     * @throws SaException {@link SaError#OVER_QUOTA}, if too many were of late
     */
    public synchronized void requireFewDenials(Quota quota, long nowNanos) {
        if (quota.denialsPerSecond() != Integer.MAX_VALUE) {
            requireRoom(denials, "denials_per_second", quota.denialsPerSecond(), nowNanos);
        }
    }

    /** A call or an item has ended. */
    public synchronized void end() {
        calls--;
    }

    /**
     * A call begins to wait for an SA.
     *
     * @throws SaException {@link SaError#OVER_QUOTA}
     */
    public synchronized void beginAcquire(Quota quota) {
        if (acquires >= quota.pendingAcquires()) {
            throw over("pending_acquires", quota.pendingAcquires(), LATER_MILLIS);
        }
        acquires++;
    }

    /** A call waits no more. */
    public synchronized void endAcquire() {
        acquires--;
    }

    /**
     * A watcher begins.
     *
     * @throws SaException {@link SaError#OVER_QUOTA}
     */
    public synchronized void beginWatch(Quota quota) {
        if (watchers >= quota.watchers()) {
            throw over("watchers", quota.watchers(), LATER_MILLIS);
        }
        watchers++;
    }

    /** A watcher has ended. */
    public synchronized void endWatch() {
        watchers--;
    }

    /**
     * Refuses what would be held beyond the bound of the principal, or of the daemon. Asked before; what comes of it is told
     * to {@link #hold} without a question, so both may be exceeded by what is under way.
     *
     * @throws SaException {@link SaError#TOO_MANY}
     */
    public void requireRoom() {
        boolean own = held.get() >= all.mostOfOne();
        if (own || all.isFull()) {
            long most = own ? all.mostOfOne() : all.most();
            throw new SaException(
                    SaError.TOO_MANY,
                    "octets",
                    most + " octets of requests and answers wait already for "
                            + (own ? principal : "all callers together") + "; try again in " + SOON_MILLIS + " ms",
                    SOON_MILLIS);
        }
    }

    /** Whether {@link #requireRoom} refuses. */
    public boolean isFull() {
        return held.get() >= all.mostOfOne() || all.isFull();
    }

    /** The daemon holds more octets for the principal, or less. */
    public void hold(long octets) {
        held.addAndGet(octets);
        all.change(octets);
    }

    synchronized void connected() {
        connections++;
    }

    synchronized void disconnected() {
        connections--;
    }

    /** Whether nothing would be forgotten with it. */
    synchronized boolean isIdle(long nowNanos) {
        return connections == 0 && calls == 0 && rate.isWhole(nowNanos) && denials.isWhole(nowNanos);
    }

    /**
     * What a caller is told that wants more.
     *
     * @param limit the name of the limit, as in the configuration
     * @param most its value
     */
    public SaException over(String limit, int most, int retryMillis) {
        return overQuota(principal, limit, most, retryMillis);
    }

    /** What a caller is told that wants more SAs. */
    public static SaException overQuota(String principal, String limit, int most, int retryMillis) {
        return new SaException(
                SaError.OVER_QUOTA,
                limit,
                "quota of " + principal + ": " + limit + " is " + most + "; try again in " + retryMillis + " ms",
                retryMillis);
    }
}
