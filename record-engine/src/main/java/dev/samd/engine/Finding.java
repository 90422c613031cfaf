// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.DiscardReason;
import java.util.Optional;

/**
 * What a message meets at one door of unprotect.
 *
 * @param door the door
 * @param closed why it does not pass there; empty: it does
 */
public record Finding(Door door, Optional<DiscardReason> closed) {
    /** The doors, in order. */
    public enum Door {
        /** Whether it may pass as a request in clear; the others are not asked then. */
        CLEAR,
        /** What it shows of its protection. */
        SIGNS,
        /** Whether there is an SA for its record. */
        SA,
        /** Whether it arrived at the SA's endpoint and is addressed to it. */
        ENDPOINT,
        /** Of a response: whether it may answer the request that it is said to answer. */
        BINDING,
        /** Whether the SA opens anything now, and this record was not accepted before. */
        RECORD,
        /** The authentication tag. */
        TAG,
        /** The message inside. */
        MESSAGE,
        /** Of a request: the policy. */
        POLICY,
        /** Of a request that the policy wants to be fresh: its Echo value. Where it is closed, the peer is given another one. */
        FRESH
    }

    static Finding open(Door door) {
        return new Finding(door, Optional.empty());
    }

    static Finding closed(Door door, DiscardReason reason) {
        return new Finding(door, Optional.of(reason));
    }
}
