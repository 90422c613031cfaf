// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process when it is asked to, in order and with exit code 0. */
final class Lifecycle {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private Lifecycle() {}

    /**
     * Stops the daemon on SIGTERM or SIGINT.
     *
     * @param stopped counted down when it has stopped
     */
    static void stopOnSignal(Daemon daemon, CountDownLatch stopped) {
        Thread hook = new Thread(
                () -> {
                    int code = 0;
                    try {
                        daemon.close();
                    } catch (RuntimeException e) {
                        log.error("could not stop in order", e);
                        code = 1;
                    }
                    stopped.countDown();
                    // The virtual machine would end with 143: it takes every signal for an accident.
                    Runtime.getRuntime().halt(code);
                },
                "samd-stop-1");
        Runtime.getRuntime().addShutdownHook(hook);
    }
}
