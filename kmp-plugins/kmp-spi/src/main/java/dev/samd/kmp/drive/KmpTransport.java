// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Outgoing;
import java.util.concurrent.CompletableFuture;

/** Carries the requests of a KMP. Retransmission, block-wise transfer and protection are its own. */
public interface KmpTransport {
    /**
     * Sends a request. Does not wait.
     *
     * @return the answer, on any thread; fails when none came after the last retransmission, or when the request could not
     *     leave. Cancelled by the driver when nobody wants it any more
     */
    CompletableFuture<Answer> send(Outgoing request);
}
