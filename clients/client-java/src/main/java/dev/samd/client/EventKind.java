// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

/** What happened. */
public enum EventKind {
    /** An SPI was reserved. */
    GETSPI,
    /** An SA was installed. */
    ADD,
    /** A LARVAL SA was completed, or a lifetime changed. */
    UPDATE,
    /** An SA was deleted. */
    DELETE,
    /** A limit was met, or a LARVAL SA was not completed in time. */
    EXPIRE,
    /** SAs were flushed; one DELETE for each came before. */
    FLUSH,
    /** Failed openings of an SA reached its alarm level. Nothing stops yet. */
    ALARM,
    /** An SA is needed: asked of a KMP. */
    ACQUIRE,
    /** A KMP failed, declined, vanished or ran out of time. */
    ACQUIRE_FAILED,
    /** An acquire ended with SAs. */
    ACQUIRE_DONE,
    /** The first good record confirmed a pair. */
    CONFIRMED,
    /** A KMP registered. */
    REGISTER,
    /** A KMP is gone. */
    UNREGISTER,
    /** The policies changed. */
    POLICY
}
