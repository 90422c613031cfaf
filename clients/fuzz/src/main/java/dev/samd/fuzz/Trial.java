// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import com.sun.management.ThreadMXBean;
import dev.samd.fuzz.Budget.Threads;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Runs one target and holds it to its bounds: what an input makes it allocate, and how long it makes it compute. An input that
 * never ends is the fuzzer's to notice. Confined to one thread.
 */
final class Trial {
    /** Computing time of one input, whatever its length. */
    private static final Duration MOST_TIME = Duration.ofSeconds(1);

    /** Once a class is loaded, a table grown or a method compiled on the way; what comes again each time is the input's doing. */
    private static final int ATTEMPTS = 16;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Decoder decoder;
    private final FuzzTarget target;
    private final Duration mostTime;

    /**
     * What came of an input.
     *
     * @param taken whether the decoder took it
     * @param allocated octets allocated on the way
     * @param nanos computing time
     */
    record Result(boolean taken, long allocated, long nanos) {}

    /** A trial of the decoder, warm. */
    Trial(Decoder decoder) throws Exception {
        this(decoder, MOST_TIME);
    }

    /** @param mostTime computing time of one input */
    Trial(Decoder decoder, Duration mostTime) throws Exception {
        this.decoder = decoder;
        this.mostTime = mostTime;
        this.target = decoder.target().get();
        for (byte[] seed : target.seeds().values()) {
            target.run(seed.clone());
        }
    }

    /**
     * Tries an input.
     *
     * @throws Finding if it costs too much; the target's own findings, and whatever the decoder should not have thrown
     */
    Result run(byte[] input) throws Exception {
        long allowed = decoder.budget().allowed(input.length);
        for (int attempt = 1; ; attempt++) {
            byte[] given = input.clone();
            long allocated = allocated();
            long time = THREADS.getCurrentThreadCpuTime();
            boolean taken = target.run(given);
            time = THREADS.getCurrentThreadCpuTime() - time;
            allocated = allocated() - allocated;
            if (allocated <= allowed && time <= mostTime.toNanos()) {
                return new Result(taken, allocated, time);
            }
            if (attempt == ATTEMPTS) {
                throw new Finding(input.length + " octets of input made " + decoder.name() + " allocate " + allocated
                        + " octets of " + allowed + ", and compute for " + time / 1_000_000 + " ms of "
                        + mostTime.toMillis());
            }
        }
    }

    private long allocated() {
        if (decoder.budget().threads() == Threads.CALLER) {
            return THREADS.getCurrentThreadAllocatedBytes();
        }
        long sum = 0;
        for (long octets : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, octets);
        }
        return sum;
    }
}
