// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

/** What the process says when it ends. */
final class ExitCode {
    /** Done. */
    static final int DONE = 0;

    /** The daemon refuses, or a peer's message is discarded or challenged. */
    static final int REFUSED = 1;

    /** A command line that cannot be read. */
    static final int USAGE = 2;

    /** No daemon, or one that went away. */
    static final int UNREACHABLE = 3;

    private ExitCode() {}
}
