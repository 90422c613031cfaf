// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Direction;
import dev.samd.sa.SaId;

/**
 * A number would go beyond its mark. Nothing was released: raise the mark, then make the same call again.
 *
 * @param sa the SA whose mark must rise
 * @param direction OUTBOUND for the send mark, INBOUND for the accept mark
 * @param mark the least mark with which the call can go on
 */
public record MustWait(SaId sa, Direction direction, long mark)
        implements ProtectResult, UnprotectResult, SealResult, OpenResult {}
