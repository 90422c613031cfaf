// SPDX-License-Identifier: Apache-2.0
/**
 * What happened to the SADB, for whoever wants to know: a bounded log by revision, read from cursors. A slow reader loses
 * events and is told so; it never slows the writer.
 */
@NullMarked
package dev.samd.daemon.events;

import org.jspecify.annotations.NullMarked;
