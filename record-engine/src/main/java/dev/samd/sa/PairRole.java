// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/** Which side of a negotiation made a pair. */
public enum PairRole {
    /** Began it. While the pair is unconfirmed it protects, and what it supersedes stays preferred. */
    INITIATOR,
    /** Answered. While the pair is unconfirmed it opens and does not protect. */
    RESPONDER
}
