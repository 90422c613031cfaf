// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

import dev.samd.audit.AuditEvent;
import java.time.Instant;

/** An event, and when it happened. */
record TimedEvent(AuditEvent event, Instant time) {}
