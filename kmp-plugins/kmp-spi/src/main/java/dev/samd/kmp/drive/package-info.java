// SPDX-License-Identifier: Apache-2.0
/**
 * Runs one KMP: offers it acquires and requests, carries out what its negotiations want, and bounds what strangers can
 * cause. Enters: what the daemon, the network and the clock say, through three ports. Leaves: calls on the same ports. One
 * thread, which the caller brings; no socket and no clock of its own.
 */
@NullMarked
package dev.samd.kmp.drive;

import org.jspecify.annotations.NullMarked;
