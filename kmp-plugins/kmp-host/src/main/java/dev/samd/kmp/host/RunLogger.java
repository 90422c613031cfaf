// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.kmp.drive.DriverObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what drivers do. A daemon that is away is one line, and one when it is there again; runs that strangers began are seen
 * at DEBUG only, since they could fill any log, and of what they are refused for there are so many lines a minute. Confined to
 * the drivers' thread.
 */
final class RunLogger implements DriverObserver {
    private static final Logger log = LoggerFactory.getLogger("kmpd");
    private static final int REFUSALS_A_MINUTE = 20;

    private final Set<String> away = new HashSet<>();
    private final Clock clock;
    private final LineBudget refusals = new LineBudget(REFUSALS_A_MINUTE);

    RunLogger(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void registered(String kmp, int recalledPairs) {
        away.remove(kmp);
        log.info("registered kmp={} pairs={}", kmp, recalledPairs);
    }

    @Override
    public void disconnected(String kmp, String reason, Duration retryAfter) {
        if (away.add(kmp)) {
            log.warn("not registered kmp={} reason=\"{}\"; trying again until it works", kmp, reason);
        } else {
            log.debug("not registered kmp={} reason=\"{}\" next={}", kmp, reason, retryAfter);
        }
    }

    @Override
    public void began(String kmp, String run) {
        log.debug("begins kmp={} run=\"{}\"", kmp, run);
    }

    @Override
    public void ended(String kmp, String run, String outcome) {
        if (run.startsWith("acquire")) {
            log.info("ended kmp={} run=\"{}\" outcome=\"{}\"", kmp, run, outcome);
        } else {
            log.debug("ended kmp={} run=\"{}\" outcome=\"{}\"", kmp, run, outcome);
        }
    }

    @Override
    public void refused(String kmp, String source, int code, String reason) {
        refusals.take(clock.instant())
                .ifPresent(leftOut -> log.info(
                        "refused kmp={} source={} answer={} reason=\"{}\"{}",
                        kmp,
                        source,
                        String.format(Locale.ROOT, "%d.%02d", code >> 5, code & 0x1f),
                        reason,
                        leftOut == 0 ? "" : " left_out=" + leftOut));
    }

    @Override
    public void fault(String kmp, RuntimeException defect) {
        log.error("defect kmp=" + kmp, defect);
    }
}
