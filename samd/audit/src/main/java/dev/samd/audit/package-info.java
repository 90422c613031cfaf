// SPDX-License-Identifier: Apache-2.0
/**
 * The format of the audit log: lines of JSON, how each is bound to the one before it, and who verifies them.
 *
 * <p>Pure but for {@link dev.samd.audit.AuditVerifier}, which reads files. Daemon and samctl share this room: the one writes
 * by {@link dev.samd.audit.AuditChain}, the other verifies. {@code docs/audit.md} states the format for those who write a
 * verifier of their own.
 */
@NullMarked
package dev.samd.audit;

import org.jspecify.annotations.NullMarked;
