// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import java.time.Duration;
import java.time.Instant;

/** The one thread of a driver, and its clock. */
public interface DriverThread {
    /** The time. */
    Instant now();

    /** Runs work on the thread, in the order of the calls. From any thread; never at once. */
    void execute(Runnable work);

    /** Runs work on the thread after a while. */
    Timer after(Duration delay, Runnable work);

    /** Work to come. */
    interface Timer {
        /** It does not come any more. Called on the thread. */
        void cancel();
    }
}
