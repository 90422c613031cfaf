// SPDX-License-Identifier: Apache-2.0
/**
 * The SADB kernel: what SAs there are and what becomes of them (RFC 2367, {@code samd} API).
 *
 * <p>A request and the present time enter, a {@link dev.samd.daemon.sadb.Step} leaves: the reply, the changes to make
 * durable and to show to the record engine, and the events to tell. Everything is confined to the thread of the loop
 * that drives it; nothing here reads a clock, opens a socket, logs or waits.
 */
@NullMarked
package dev.samd.daemon.sadb;

import org.jspecify.annotations.NullMarked;
