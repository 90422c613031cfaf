// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.sadb.AcquireView;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.daemon.sadb.SadbEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events in the daemon's log: what an operator wants to find there. */
final class EventLogger {
    private static final Logger log = LoggerFactory.getLogger(EventLogger.class);

    private EventLogger() {}

    static void log(SadbEvent event) {
        if (event instanceof SadbEvent.OfEntry ofEntry) {
            log(ofEntry);
        } else if (event instanceof SadbEvent.Acquiring acquiring) {
            log(acquiring.acquire());
        } else if (event instanceof SadbEvent.PoliciesChanged changed) {
            log.info("policies changed count={} by={}", changed.count(), event.principal());
        } else if (event instanceof SadbEvent.Flushed flushed) {
            log.info("sas flushed count={} by={}", flushed.count(), event.principal());
        } else if (event instanceof SadbEvent.Registered registered) {
            log.info("kmp registered kmp={} by={}", registered.kmp(), event.principal());
        } else if (event instanceof SadbEvent.Unregistered unregistered) {
            log.info("kmp gone kmp={} by={}", unregistered.kmp(), event.principal());
        }
    }

    private static void log(SadbEvent.OfEntry event) {
        SadbEntry entry = event.entry();
        if (event instanceof SadbEvent.Expired expired) {
            log.info(
                    "sa expired {} reason={} sa={} spi={} peer={} state={}",
                    expired.hard() ? "hard" : "soft",
                    expired.cause(),
                    entry.id(),
                    entry.spi(),
                    entry.peer(),
                    entry.state());
        } else if (event instanceof SadbEvent.Alarmed) {
            log.warn("forged records sa={} spi={} peer={}", entry.id(), entry.spi(), entry.peer());
        } else {
            log.debug(
                    "sa changed sa={} spi={} peer={} state={} by={}",
                    entry.id(),
                    entry.spi(),
                    entry.peer(),
                    entry.state(),
                    event.principal());
        }
    }

    private static void log(AcquireView acquire) {
        switch (acquire.state()) {
            case OFFERED, CLAIMED, DONE ->
                log.debug(
                        "acquire {} seq={} target={} kmp={}",
                        acquire.state(),
                        acquire.sequence(),
                        acquire.target(),
                        acquire.kmp());
            case NEXT, FAILED, TIMED_OUT, WITHDRAWN ->
                log.info(
                        "acquire {} seq={} target={} kmp={} waiting={} reason={}",
                        acquire.state(),
                        acquire.sequence(),
                        acquire.target(),
                        acquire.kmp(),
                        acquire.waiting(),
                        acquire.reason());
        }
    }
}
