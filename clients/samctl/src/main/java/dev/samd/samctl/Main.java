// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import java.util.logging.LogManager;

/** The program. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // What the libraries would log belongs on no terminal, and protect promises one line on standard error.
        LogManager.getLogManager().reset();
        System.exit(Samctl.run(Env.ofProcess(), arguments));
    }
}
