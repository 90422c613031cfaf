// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import java.util.logging.LogManager;

/** The program. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // Some hundred classes less to load for one call: no flight recorder, no pools that nothing comes back from.
        System.setProperty("io.netty.jfr.enabled", "false");
        System.setProperty("io.netty.allocator.type", "unpooled");
        // What the libraries would log belongs on no terminal, and protect promises one line on standard error.
        LogManager.getLogManager().reset();
        System.exit(Samctl.run(Env.ofProcess(), arguments));
    }
}
