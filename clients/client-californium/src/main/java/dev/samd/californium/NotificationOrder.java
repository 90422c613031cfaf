// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.californium.core.coap.Token;

/**
 * Orders the notifications of observations. Thread-safe.
 *
 * <p>Inside a record the Observe option is empty; the daemon orders by record numbers. A program expects a number of 24 bits
 * (RFC 7641 s3.4), so the client counts what it hands up. An observation that falls out of the bounded memory loses only
 * its order: the replay window still accepts each notification once.
 */
final class NotificationOrder {
    private static final int MEMORY = 4_096;
    private static final int MASK = (1 << 24) - 1;

    private final Map<Token, Long> newest = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Token, Long> eldest) {
            return size() > MEMORY;
        }
    };
    private int handedUp;

    /** Begins an observation, or begins it anew. */
    synchronized void begin(Token token, long order) {
        newest.put(token, order);
    }

    /** Whether a notification is newer than all before; it then is the newest. */
    synchronized boolean accept(Token token, long order) {
        Long before = newest.get(token);
        if (before != null && order <= before) {
            return false;
        }
        newest.put(token, order);
        return true;
    }

    /** The number that the program sees with the next notification. */
    synchronized int next() {
        handedUp = (handedUp + 1) & MASK;
        return handedUp;
    }
}
