// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.sa.DiscardReason;

/** What became of a record. */
public sealed interface OpenResult {
    /**
     * The record is authentic and its number was never accepted before, and never will be again.
     *
     * @param plaintext a fresh array, owned by the receiver; padding and inner type are gone
     * @param contentType {@link ContentType#APPLICATION_DATA} or {@link ContentType#ALERT}
     * @param sequence number of the record
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
    record Opened(byte[] plaintext, int contentType, long sequence) implements OpenResult {}

    /**
     * The record was dropped, and counted.
     *
     * @param reason for the local caller, not for strangers
     */
    record Discarded(DiscardReason reason) implements OpenResult {}

    /**
     * The record is authentic, but its number does not lie below the accept mark. Nothing was accepted: whoever has raised
     * the mark above the number opens the record again.
     *
     * @param sequence number of the record
     */
    record MustWait(long sequence) implements OpenResult {}
}
