// SPDX-License-Identifier: Apache-2.0
/**
 * The daemon: {@link dev.samd.daemon.Daemon} puts the rooms together, {@link dev.samd.daemon.SadbLoop} is the one thread
 * that the database is confined to, {@link dev.samd.daemon.Main} is the program.
 */
@NullMarked
package dev.samd.daemon;

import org.jspecify.annotations.NullMarked;
