// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import java.util.HashMap;
import java.util.Map;

/**
 * Who failed to authenticate, and how often: 20 times at once from one network, then ten times a second. A handshake costs the
 * daemon two signatures, so whoever goes on beyond that is not heard. Bounded: of more networks than it keeps, some are heard
 * more often. Thread-safe.
 */
final class FailedHandshakes {
    static final int AT_ONCE = 20;
    static final long NANOS_EACH = 100_000_000L;
    static final int MOST = 4096;

    /** When a network owes nothing any more, in monotonic nanoseconds. */
    private final Map<String, Long> wholeAt = new HashMap<>();

    synchronized void failed(String network, long nowNanos) {
        if (wholeAt.size() >= MOST) {
            wholeAt.values().removeIf(whole -> whole - nowNanos <= 0);
        }
        if (wholeAt.size() < MOST || wholeAt.containsKey(network)) {
            wholeAt.put(network, nowNanos + owed(network, nowNanos) + NANOS_EACH);
        }
    }

    /** Whether the next connection from there is closed without a handshake. */
    synchronized boolean tooMany(String network, long nowNanos) {
        return owed(network, nowNanos) > (AT_ONCE - 1) * NANOS_EACH;
    }

    private long owed(String network, long nowNanos) {
        Long whole = wholeAt.get(network);
        return whole == null ? 0 : Math.max(0, whole - nowNanos);
    }
}
