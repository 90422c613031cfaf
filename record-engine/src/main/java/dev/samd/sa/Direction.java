// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/** The direction of an SA as its daemon sees it. */
public enum Direction {
    /** Opens records that arrive. */
    INBOUND,
    /** Seals records that leave. */
    OUTBOUND
}
