// SPDX-License-Identifier: Apache-2.0
/**
 * The operator's command line: one command a file, {@link dev.samd.samctl.Env} for everything outside of the process,
 * {@link dev.samd.samctl.Printer} for every form of output.
 *
 * <p>Exit codes: 0 done, 1 refused, 2 bad usage, 3 daemon unreachable. Names in JSON are those of the .proto files, their
 * constants without their prefix, octets hexadecimal, 64-bit numbers numbers. No command prints a key.
 */
@NullMarked
package dev.samd.samctl;

import org.jspecify.annotations.NullMarked;
