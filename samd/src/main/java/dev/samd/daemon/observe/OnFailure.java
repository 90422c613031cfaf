// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

/** What it means for operations that the audit log cannot be written. */
public enum OnFailure {
    /** They are refused until it can: nothing happens without its line. */
    STOP,
    /** They go on; what is not written is counted, and the number is written as soon as that is possible. */
    COUNT
}
