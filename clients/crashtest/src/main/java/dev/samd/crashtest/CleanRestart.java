// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.util.ArrayList;
import java.util.List;

/**
 * Asks daemons to stop, starts them again, and looks whether anything is left out: the next number follows the last one,
 * records that were on the way are released, and those that had arrived are not.
 */
final class CleanRestart {
    /** How many records are sealed before each stop, and are on the way when it comes; every other one has arrived. */
    private static final int RECORDS = 6;

    /** More than what is refused after a crash. */
    private static final int MOST_REFUSED = 100_000;

    private final Links links;
    private final Calls calls;

    CleanRestart(Links links, Calls calls) {
        this.links = links;
        this.calls = calls;
    }

    /** Stops and starts the daemons. */
    @FunctionalInterface
    interface Restart {
        void run() throws InterruptedException;
    }

    /** Nobody else sends meanwhile. */
    void run(Restart restart) throws InterruptedException {
        List<Way> ways = new ArrayList<>();
        for (Link link : links.all()) {
            ways.add(before(link, 0));
            ways.add(before(link, 1));
        }
        restart.run();
        ways.forEach(this::after);
    }

    /**
     * One way of one link.
     *
     * @param from who sends
     * @param records in the order of their numbers; those at odd places have not arrived
     */
    private record Way(Link link, int from, List<Delivery> records) {}

    private Way before(Link link, int from) {
        pastTheMark(link, from);
        List<Delivery> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            records.add(send(link, from));
        }
        for (int i = 0; i < RECORDS; i += 2) {
            mustBeReleased(records.get(i), "before a clean stop");
        }
        return new Way(link, from, records);
    }

    /** Sends until the receiver takes records again: below its mark of the last crash it does not. */
    private void pastTheMark(Link link, int from) {
        for (int i = 0; i < MOST_REFUSED; i++) {
            if (outcome(send(link, from)).equals(Delivery.RELEASED)) {
                return;
            }
        }
        throw new ViolationException("link " + link.number() + " takes no records from host " + from + " any more");
    }

    private void after(Way way) {
        List<Delivery> records = way.records();
        for (int i = 0; i < RECORDS; i++) {
            Delivery record = records.get(i);
            if (i % 2 != 0) {
                mustBeReleased(record, "after a clean restart");
            } else if (calls.replay(record, Calls.SOURCE).join().equals(Delivery.RELEASED)) {
                throw new ViolationException(
                        "record " + name(record) + " was released before and after a clean restart");
            }
        }
        Delivery next = send(way.link(), way.from());
        long expected = records.get(RECORDS - 1).number() + 1;
        if (next.number() != expected) {
            throw new ViolationException(
                    "a clean restart skipped numbers: " + name(next) + " came instead of " + expected);
        }
        mustBeReleased(next, "after a clean restart");
    }

    private void mustBeReleased(Delivery record, String when) {
        String outcome = outcome(record);
        if (!outcome.equals(Delivery.RELEASED)) {
            throw new ViolationException("record " + name(record) + " was refused " + when + ": " + outcome);
        }
    }

    private Delivery send(Link link, int from) {
        return calls.send(link, from)
                .orElseThrow(() -> new ViolationException(
                        "host " + from + " cannot send on link " + link.number() + " though nothing is wrong"));
    }

    private String outcome(Delivery record) {
        return calls.deliver(record).map(Calls.Arrival::outcome).orElse("no answer");
    }

    private static String name(Delivery record) {
        return Long.toHexString(record.key()) + "/" + record.number();
    }
}
