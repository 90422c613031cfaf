// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

/** Whether the peer of a pair has proven that it holds the keys. */
public enum Confirmation {
    /** It has, or nobody asks for it. */
    CONFIRMED,
    /** Not yet, and this side began: the pair protects, but whatever it supersedes is preferred. */
    INITIATOR_WAITS,
    /** Not yet, and the peer began: the pair opens, and does not protect. */
    RESPONDER_WAITS
}
