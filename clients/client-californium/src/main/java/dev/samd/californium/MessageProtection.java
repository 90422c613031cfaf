// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.client.ProtectOutcome;
import dev.samd.client.ProtectRequest;
import dev.samd.client.Records;
import dev.samd.client.UnprotectOutcome;
import dev.samd.client.UnprotectRequest;
import java.util.concurrent.CompletionStage;

/**
 * The door to the daemon: whole CoAP messages in, whole CoAP messages out, never a key.
 *
 * <p>Implementations are thread-safe and never block the caller. A stage completes once. What the local caller did wrong,
 * or what the daemon cannot grant, completes it with {@link dev.samd.sa.SaException}; a daemon that cannot be reached
 * with any other exception. What a peer did wrong is a {@link dev.samd.client.Discarded} value.
 */
public interface MessageProtection {
    /** Protects one message. A message that was protected must not be protected again to send it again. */
    CompletionStage<ProtectOutcome> protect(ProtectRequest request);

    /** Unprotects one message. Never repeated by itself: the record may have been accepted, and is then a replay. */
    CompletionStage<UnprotectOutcome> unprotect(UnprotectRequest request);

    /** The door of a connection to the daemon, which stays the caller's to close. */
    static MessageProtection of(Records records) {
        return new MessageProtection() {
            @Override
            public CompletionStage<ProtectOutcome> protect(ProtectRequest request) {
                return records.protect(request);
            }

            @Override
            public CompletionStage<UnprotectOutcome> unprotect(UnprotectRequest request) {
                return records.unprotect(request);
            }
        };
    }
}
