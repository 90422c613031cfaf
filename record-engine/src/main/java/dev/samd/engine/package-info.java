// SPDX-License-Identifier: Apache-2.0
/**
 * The data path: whole CoAP messages and records in, whole CoAP messages and records out, by the SAs that are installed.
 *
 * <p>{@link dev.samd.engine.RecordEngine} is the door. Its one caller on the SADB side installs and retires; any number of
 * threads protect and unprotect. Nothing here blocks, waits, reads a clock or logs: time is an argument, and where a number
 * would have to go beyond its mark the answer is {@link dev.samd.engine.MustWait}.
 */
@NullMarked
package dev.samd.engine;

import org.jspecify.annotations.NullMarked;
