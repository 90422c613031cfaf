// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.sa.SaError;

/** What became of a plaintext. */
public sealed interface SealResult {
    /**
     * A record.
     *
     * @param octets a fresh array, owned by the receiver; the record fills it from {@code offset} on, and what is in front
     *     is the receiver's to write
     * @param offset the headroom that was asked for
     * @param epoch of the record, 1..2^16-1
     * @param sequence number of the record, 0..2^48-1, never given to another one
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
    record Sealed(byte[] octets, int offset, int epoch, long sequence) implements SealResult {}

    /**
     * No record, and none for the same plaintext later.
     *
     * @param error {@link SaError#SEQ_EXHAUSTED}, {@link SaError#SA_EXPIRED} or {@link SaError#TOO_LARGE}
     */
    record Refused(SaError error) implements SealResult {}

    /**
     * No record yet: the next number has to lie below the send mark, and does not.
     *
     * @param mark the send mark that has to rise
     */
    record MustWait(long mark) implements SealResult {}
}
