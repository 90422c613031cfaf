// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.DiscardReason;

/** A peer's message that was not accepted. */
public record DiscardedMessage(DiscardReason reason) implements OuterReading, Unprotection {
    static final DiscardedMessage MALFORMED = new DiscardedMessage(DiscardReason.MALFORMED);
}
