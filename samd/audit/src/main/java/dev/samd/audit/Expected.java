// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import dev.samd.sa.KeyMaterial;
import org.jspecify.annotations.Nullable;

/**
 * What a verifier knows of a log beside the log.
 *
 * @param key that of the log; without it, who recomputes the chain is not found
 * @param anchor how far the log goes at least
 * @param head the same, from a place that the daemon's host cannot reach; its file does not count
 */
public record Expected(@Nullable KeyMaterial key, @Nullable AuditAnchor anchor, @Nullable ChainHead head) {
    /** Nothing: the chain alone is looked at. */
    public static final Expected NOTHING = new Expected(null, null, null);
}
