// SPDX-License-Identifier: Apache-2.0
/**
 * What can be seen of the daemon afterwards: the audit log.
 *
 * <p>Events enter by {@link dev.samd.daemon.observe.AuditLog}, from any thread, and leave as lines of a file. One thread
 * writes; nobody else waits for the disk, the path of records never. What a line is, and how it is chained, {@code
 * dev.samd.audit} says; {@code docs/audit.md} says what all of it is worth.
 */
@NullMarked
package dev.samd.daemon.observe;

import org.jspecify.annotations.NullMarked;
