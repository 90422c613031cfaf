// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/**
 * Why a request of a local caller is refused: the closed list behind every status of the API. What a peer did is a
 * {@link DiscardReason} instead.
 */
public enum SaError {
    /** A field that cannot be read, is missing, or must not be there. */
    MALFORMED(22, false),
    /** Not one CoAP message. */
    MALFORMED_COAP(22, false),
    /** Not the name of an endpoint. */
    MALFORMED_ENDPOINT(22, false),
    /** A record reference that this daemon did not give to this caller. */
    INVALID_REFERENCE(22, false),
    /** A suite that no record can be made with. */
    UNSUPPORTED_SUITE(93, false),
    /** A record version that no record can be made with. */
    UNSUPPORTED_VERSION(93, false),
    /** A key or an IV of the wrong length for its suite. */
    INVALID_KEY(22, false),
    /** An SPI that is empty, too long, or zero. */
    INVALID_SPI(22, false),
    /** A replay window of a size that is not offered. */
    INVALID_WINDOW(22, false),
    /** A limit that cannot be. */
    INVALID_LIFETIME(22, false),
    /** An epoch or a sequence number outside of DTLS. */
    INVALID_SEQUENCE(22, false),
    /** An SPI that is taken, or collides with one that is. */
    SPI_IN_USE(17, false),
    /** Another SA already stands where only one can. */
    SA_EXISTS(17, false),
    /** A name that fits several SAs. */
    AMBIGUOUS_SA(22, false),
    /** No such SA. */
    NO_SUCH_SA(3, false),
    /** No SA may protect this message. */
    NO_USABLE_SA(3, true),
    /** The SA of the request is gone, and nothing superseded it. */
    NO_SA_FOR_REPLY(3, false),
    /** An answer to an ACQUIRE that is over, or that somebody else is working on. */
    STALE_ACQUIRE(3, false),
    /** The SA, or the daemon, is in a state that does not allow this. */
    WRONG_STATE(22, false),
    /** A field of an SA that cannot be changed. */
    IMMUTABLE(22, false),
    /** The SA carries something else. */
    WRONG_CONTENT(22, false),
    /** The caller's default target is not the one the message names. */
    TARGET_MISMATCH(22, false),
    /** A message that names no target, from a caller who names none either. */
    NO_TARGET(22, false),
    /** A message that is never protected: empty, signalling, or protected already. */
    NOT_PROTECTABLE(95, false),
    /** The key was used before, above the numbers that were stated, or with other parameters. */
    KEY_REUSED(17, false),
    /** The same request id came with another content. */
    REQUEST_ID_REUSED(22, false),
    /** The SA has reached a hard limit. */
    SA_EXPIRED(127, true),
    /** The sequence numbers of the SA are used up. */
    SEQ_EXHAUSTED(127, true),
    /** More than one record, or one message, can carry. */
    TOO_LARGE(90, false),
    /** A bound of the daemon is reached. */
    TOO_MANY(105, true),
    /** The caller may not do this. */
    NOT_PERMITTED(1, false),
    /** The daemon is stopping. */
    SHUTTING_DOWN(111, true),
    /** The time of the call ran out. */
    TIMED_OUT(110, true),
    /** An identity that may not speak for the peer. */
    IDENTITY_NOT_AUTHORIZED(13, false),
    /** A message that the policy discards. */
    DENIED_BY_POLICY(13, false),
    /** No KMP that the policy names is registered. */
    NO_KMP(3, true),
    /** Every KMP that the policy names has failed. */
    KMP_FAILED(71, true),
    /** The KMPs failed a moment ago: not tried again yet. */
    HELD_DOWN(11, true),
    /** A KMP of that name is registered already. */
    ALREADY_REGISTERED(17, true),
    /** A policy of that name stands already. */
    POLICY_EXISTS(17, false),
    /** No policy of that name. */
    NO_SUCH_POLICY(2, false),
    /** The SA is suspended: its numbers may have gone back. */
    SUSPENDED(128, false),
    /** Nothing can be made durable now: the disk is full, or fails. */
    NO_SPACE(28, true),
    /** The caller takes more than its quota. */
    OVER_QUOTA(122, true),
    /** The audit log cannot be written, and nothing may happen without it. */
    AUDIT_UNAVAILABLE(28, true);

    private final int errno;
    private final boolean retryable;

    SaError(int errno, boolean retryable) {
        this.errno = errno;
        this.retryable = retryable;
    }

    /** The Linux error number that PF_KEY users know. */
    public int errno() {
        return errno;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
