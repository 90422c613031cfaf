// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What a message costs among many SAs, and what an SA costs to keep. Runs in a process of its own per size; its {@link
 * #main} prints {@code protect unprotect heap}.
 */
public final class Crowd {
    /** Messages that are protected, then unprotected, in one go; their making is not timed. */
    private static final int BATCH = 1024;
    /** Below the number of records that a key may seal, in batches that all go to one SA. */
    private static final int BATCHES_PER_PAIR = 1 << 12;

    private static final int PAYLOAD = 64;
    /** Numbers of the SAs for responses stand beside those for requests. */
    private static final int RESPONSES = 1 << 22;

    private static final long SLICE_NANOS = 250_000_000L;
    private static final String HEAP = "4g";

    private final EnginePair engines = new EnginePair();
    private final Random random = new Random(1);
    private final int pairs;

    private Crowd(int pairs) {
        this.pairs = pairs;
        for (int i = 0; i < pairs; i++) {
            engines.installPair(SaSpec.messages(i), SaSpec.messages(RESPONSES + i));
        }
    }

    /**
     * What was measured with one number of SAs.
     *
     * @param protect ns per message
     * @param unprotect ns per message
     * @param heapPerSa octets that an engine keeps per SA, with names and keys
     */
    record Cost(double protect, double unprotect, double heapPerSa) {}

    /** Measures each number of SAs per engine in a process of its own; half of them are inbound. */
    static Map<Integer, Cost> measure(Plan plan, List<Integer> sizes) {
        Map<Integer, Cost> costs = new TreeMap<>();
        for (int size : sizes) {
            Progress.say(size + " SAs per engine");
            costs.put(size, inProcess(size / 2, plan.quick() ? 1 : 4, plan.quick() ? 2 : 6));
        }
        return costs;
    }

    private static Cost inProcess(int pairs, int warmupSeconds, int seconds) {
        List<String> command = new ArrayList<>(Children.java(List.of(
                "-Xms" + HEAP, "-Xmx" + HEAP, "-XX:+AlwaysPreTouch", "-XX:+UseParallelGC", "-XX:-UsePerfData")));
        command.addAll(List.of(Crowd.class.getName(), "" + pairs, "" + warmupSeconds, "" + seconds));
        try (Children.Child child = Children.start(command);
                BufferedReader out = child.output()) {
            String line = out.readLine();
            if (line == null) {
                throw new IllegalStateException("the process with " + pairs + " pairs said nothing");
            }
            String[] figures = line.split(" ", -1);
            return new Cost(
                    Double.parseDouble(figures[0]), Double.parseDouble(figures[1]), Double.parseDouble(figures[2]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Measures one number of SAs.
     *
     * @param arguments pairs, seconds of warm-up, seconds
     */
    public static void main(String[] arguments) {
        Cost cost =
                cost(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        System.out.println(cost.protect + " " + cost.unprotect + " " + cost.heapPerSa);
    }

    /** Measures in this process. */
    static Cost cost(int pairs, int warmupSeconds, int seconds) {
        long before = usedHeap();
        Crowd crowd = new Crowd(pairs);
        // Two engines, and in each of them two SAs per pair.
        double heapPerSa = (usedHeap() - before) / (4.0 * pairs);
        Slices slices = new Slices();
        long start = System.nanoTime();
        long warm = start + 1_000_000_000L * warmupSeconds;
        long end = warm + 1_000_000_000L * seconds;
        for (int batch = 0; batch < (long) BATCHES_PER_PAIR * pairs; batch++) {
            long now = System.nanoTime();
            if (now >= end) {
                break;
            }
            crowd.run(slices, now < warm);
        }
        return new Cost(slices.protect(), slices.unprotect(), heapPerSa);
    }

    private void run(Slices slices, boolean warming) {
        byte[][] messages = new byte[BATCH][];
        for (int i = 0; i < BATCH; i++) {
            messages[i] = Requests.put(SaSpec.messages(random.nextInt(pairs)).host(), PAYLOAD);
        }
        long start = System.nanoTime();
        for (int i = 0; i < BATCH; i++) {
            messages[i] = SamdMessages.protect(engines, messages[i], start);
        }
        long between = System.nanoTime();
        for (int i = 0; i < BATCH; i++) {
            messages[i] = SamdMessages.unprotect(engines, messages[i], between);
        }
        long end = System.nanoTime();
        if (!warming) {
            slices.add(between - start, end - between);
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Means over slices of measured time, collections included, so that a median can be taken. */
    private static final class Slices {
        private final List<Double> protects = new ArrayList<>();
        private final List<Double> unprotects = new ArrayList<>();
        private long protectNanos;
        private long unprotectNanos;
        private int batches;

        void add(long protect, long unprotect) {
            protectNanos += protect;
            unprotectNanos += unprotect;
            batches++;
            if (protectNanos + unprotectNanos >= SLICE_NANOS) {
                flush();
            }
        }

        private void flush() {
            if (batches > 0) {
                protects.add(protectNanos / ((double) batches * BATCH));
                unprotects.add(unprotectNanos / ((double) batches * BATCH));
            }
            protectNanos = 0;
            unprotectNanos = 0;
            batches = 0;
        }

        double protect() {
            flush();
            return new Series(protects).median();
        }

        double unprotect() {
            flush();
            return new Series(unprotects).median();
        }
    }
}
