// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/** So many lines a minute about what strangers can cause, and a count of those that were left out. Not thread-safe. */
final class LineBudget {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final int most;
    private Instant began = Instant.MIN;
    private int written;
    private long leftOut;

    /** @param most lines of one minute */
    LineBudget(int most) {
        this.most = most;
    }

    /** Empty if no line is to be written now; else how many were left out since the last one that was. */
    OptionalLong take(Instant now) {
        // A wall clock that was put back begins a minute of its own.
        if (now.isBefore(began) || !now.isBefore(began.plus(MINUTE))) {
            began = now;
            written = 0;
        }
        if (written == most) {
            leftOut++;
            return OptionalLong.empty();
        }
        written++;
        long since = leftOut;
        leftOut = 0;
        return OptionalLong.of(since);
    }
}
