// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

/**
 * One row to be written.
 *
 * @param family its family
 * @param key its key
 * @param value its octets as they are stored; {@code null} deletes it
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
record RowWrite(RowFamily family, byte[] key, byte @org.jspecify.annotations.Nullable [] value) {}
