// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Kills daemons and starts them again, as often as the plan says, or until something is there that must not be. */
final class Run implements AutoCloseable {
    private static final int CLIENTS = 6;
    private static final int ROUNDS_PER_CLEAN_RESTART = 10;
    private static final int ROUNDS_PER_LINE = 20;
    private static final int BOTH_ONCE_IN = 5;
    private static final int STARTS_PER_KILL = 4;
    private static final long LONGEST_LOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);
    private static final long RIGHT_AFTER_START_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Plan plan;
    private final Consumer<String> log;
    private final Random random;
    private final Journal journal;
    private final Figures figures = new Figures();
    private final Links links = new Links();
    private final Gate gate = new Gate();
    private final List<Host> hosts;
    private final Calls calls;
    private final Churn churn;
    private final Workers workers;
    private final Map<Phase, Integer> kills = new EnumMap<>(Phase.class);
    private int cleanRestarts;
    private int stopsUnderLoad;

    /**
     * @param plan what is to be done
     * @param log a line now and then
     */
    Run(Plan plan, Consumer<String> log) {
        this.plan = plan;
        this.log = log;
        this.random = new Random(plan.seed());
        this.journal = new Journal(plan.directory().resolve("journal"));
        this.hosts = List.of(new Host(0, plan, journal), new Host(1, plan, journal));
        this.calls = new Calls(hosts, journal, figures);
        this.churn = new Churn(hosts, links, journal, figures, random.nextLong());
        this.workers = new Workers(journal, gate);
    }

    /** Does all of it; what it found is in the report. */
    Report run() throws InterruptedException {
        long start = System.nanoTime();
        try {
            for (Host host : hosts) {
                host.start();
                host.awaitReady();
            }
            startWorkers();
            for (int round = 1; goesOn(start); round++) {
                killAndBringBack();
                if (round % ROUNDS_PER_CLEAN_RESTART == 0) {
                    restartCleanly();
                } else if (round % ROUNDS_PER_CLEAN_RESTART == ROUNDS_PER_CLEAN_RESTART / 2) {
                    stopUnderLoad(hosts.get(random.nextInt(hosts.size())));
                }
                if (round % ROUNDS_PER_LINE == 0) {
                    log.accept(kills() + " kills, " + journal.figures(Checker::releasedRecords) + " records released");
                }
            }
            awaitProgress();
            restartCleanly();
            awaitProgress();
            hosts.forEach(churn::list);
        } catch (ViolationException e) {
            journal.violated(e.violation());
        }
        workers.close();
        return new Report(
                plan, journal, figures, kills, cleanRestarts, stopsUnderLoad, hosts, System.nanoTime() - start);
    }

    private boolean goesOn(long start) {
        return kills() < plan.kills()
                && System.nanoTime() - start < plan.time().toNanos()
                && journal.violation().isEmpty();
    }

    private void startWorkers() {
        Loot loot = new Loot(random.nextLong());
        Traffic traffic = new Traffic(calls, links, loot);
        workers.start("manager", churn::step);
        for (Host host : hosts) {
            Attacker attacker = new Attacker(host.index(), loot, calls, figures);
            workers.start("attacker of " + host.index(), attacker::attack);
            for (int i = 0; i < CLIENTS; i++) {
                Random own = new Random(random.nextLong());
                workers.start("exchanges of " + host.index(), () -> traffic.exchange(host.index(), own));
                workers.start("records of " + host.index(), () -> traffic.record(host.index(), own));
            }
        }
    }

    private void killAndBringBack() throws InterruptedException {
        List<Host> victims =
                random.nextInt(BOTH_ONCE_IN) == 0 ? hosts : List.of(hosts.get(random.nextInt(hosts.size())));
        if (random.nextBoolean()) {
            awaitProgress();
            pause(LONGEST_LOAD_NANOS);
            for (Host victim : victims) {
                kill(victim, Phase.UNDER_LOAD);
            }
        } else {
            Phase phase = churn.awaitAcknowledgement() ? Phase.AFTER_ACKNOWLEDGEMENT : Phase.UNDER_LOAD;
            for (Host victim : victims) {
                kill(victim, phase);
            }
        }
        victims.forEach(Host::start);
        for (Host victim : victims) {
            bringBack(victim);
            churn.list(victim);
        }
    }

    /** Waits until a daemon that was started serves, if it lives that long. */
    private void bringBack(Host host) throws InterruptedException {
        for (; ; host.start()) {
            if (killsThisTime()) {
                pause(TimeUnit.MILLISECONDS.toNanos(host.usualStartMillis()));
                kill(host, Phase.DURING_START);
                continue;
            }
            host.awaitReady();
            if (!killsThisTime()) {
                return;
            }
            pause(RIGHT_AFTER_START_NANOS);
            kill(host, Phase.AFTER_START);
        }
    }

    private boolean killsThisTime() {
        return kills() < plan.kills() && random.nextInt(STARTS_PER_KILL) == 0;
    }

    private void kill(Host host, Phase phase) throws InterruptedException {
        host.kill();
        kills.merge(phase, 1, Integer::sum);
    }

    private int kills() {
        return kills.values().stream().mapToInt(n -> n).sum();
    }

    private void stopUnderLoad(Host host) throws InterruptedException {
        awaitProgress();
        host.stop();
        stopsUnderLoad++;
        host.start();
        host.awaitReady();
        churn.list(host);
    }

    private void restartCleanly() throws InterruptedException {
        gate.alone(() -> new CleanRestart(links, calls).run(() -> {
            for (Host host : hosts) {
                host.stop();
                host.start();
                host.awaitReady();
                churn.list(host);
            }
        }));
        cleanRestarts++;
    }

    /** Clients find their daemons again by themselves; clients of both hosts are served before anything else is done. */
    private void awaitProgress() throws InterruptedException {
        long[] before = hosts.stream().mapToLong(this::released).toArray();
        long end = System.nanoTime() + PATIENCE_NANOS;
        for (Host host : hosts) {
            while (released(host) == before[host.index()] && journal.violation().isEmpty()) {
                if (System.nanoTime() > end) {
                    throw new ViolationException("clients of samd " + host.index() + " do not go on: "
                            + figures.startingWith("refused at first: ") + figures.startingWith("failed calls: "));
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    private long released(Host host) {
        return figures.of(Calls.RELEASED_BY + host.index());
    }

    private void pause(long atMostNanos) {
        LockSupport.parkNanos(random.nextLong(Math.max(1, atMostNanos)));
    }

    /** Leaves no daemon behind, whatever becomes of this program. Any thread. */
    void endDaemons() {
        hosts.forEach(Host::end);
    }

    @Override
    public void close() {
        workers.close();
        hosts.forEach(Host::close);
        journal.close();
    }
}
