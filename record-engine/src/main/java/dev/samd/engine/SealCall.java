// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;

/**
 * Octets to seal under a RAW SA.
 *
 * @param sa the outbound SA
 * @param local the endpoint they come from, or {@link Endpoint#HOST_WIDE}
 * @param plaintext the octets; not kept, not changed
 * @param padding octets of zero padding inside the record, with connection ID only
 * @param rights what the local caller may use
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
public record SealCall(SaId sa, Endpoint local, byte[] plaintext, int padding, CallerRights rights) {
    /** Octets of a caller who may use every SA. */
    public SealCall(SaId sa, Endpoint local, byte[] plaintext, int padding) {
        this(sa, local, plaintext, padding, CallerRights.ALL);
    }
}
