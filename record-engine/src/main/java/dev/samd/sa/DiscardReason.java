// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/** Why a message or a record of a peer was not accepted. A value, told to the local caller and never to strangers. */
public enum DiscardReason {
    /** Signs, header or plaintext that cannot be read, or do not fit the SA. */
    MALFORMED(74, false),
    /** No SA for the connection ID, or none that the caller has a right to. */
    NO_SUCH_SA(3, false),
    /** For another endpoint than the one it arrived at. */
    WRONG_ENDPOINT(13, false),
    /** A response whose request is not named. */
    BINDING_MISSING(22, false),
    /** A response to another request, or of another peer. The requester keeps waiting. */
    BINDING_MISMATCH(71, true),
    /** The SA is DEAD or past a hard limit. */
    SA_EXPIRED(127, false),
    /** The SA was suspended, because its numbers may have gone back. */
    SUSPENDED(128, false),
    /** Too many failed openings lately: dropped unopened. */
    THROTTLED(11, true),
    /** The number was accepted before. */
    REPLAY(114, false),
    /** The number lies below the replay window. */
    TOO_OLD(114, false),
    /** The AEAD refuses the record: the one reason that counts as a forgery. */
    BAD_TAG(74, false),
    /** The inbound SA has reached its limit of failed openings. */
    FORGERY_LIMIT(129, false),
    /** A record that opens, and may not pass. */
    POLICY(13, false);

    private final int errno;
    private final boolean retryable;

    DiscardReason(int errno, boolean retryable) {
        this.errno = errno;
        this.retryable = retryable;
    }

    /** The Linux error number nearest to the reason. */
    public int errno() {
        return errno;
    }

    /** Whether waiting on, with the same request, may still succeed. */
    public boolean retryable() {
        return retryable;
    }
}
