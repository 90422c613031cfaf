// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.events;

import dev.samd.daemon.sadb.SadbEvent;
import dev.samd.sa.Octets;
import dev.samd.sa.Usage;

/**
 * One event as it is told.
 *
 * @param event what happened
 * @param usage of the SA it is about, when it happened
 * @param closeNotify the last record of an outbound SA, for its peer; empty for every other event
 */
public record LoggedEvent(SadbEvent event, Usage usage, Octets closeNotify) {}
