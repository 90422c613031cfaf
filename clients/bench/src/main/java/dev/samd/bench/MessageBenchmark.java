// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One whole request of 64 octets of payload, from octets to octets. Threads share the engines and have an SA each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH fills the fields, by parameter and in prepare
public class MessageBenchmark {
    /** How messages are protected. */
    public enum Protection {
        /** By the record engine. */
        SAMD,
        /** OSCORE, by cf-oscore. */
        OSCORE
    }

    /** What the threads have in common. */
    @State(Scope.Benchmark)
    public static class Shared {
        private final EnginePair engines = new EnginePair();
        private final AtomicInteger numbers = new AtomicInteger();
    }

    private static final int PAYLOAD = 64;
    /** Below the number of records that a key may seal. */
    private static final int RESTART_PROTECTING = 1 << 20;

    /** The implementation. */
    @Param
    public Protection protection;

    private MessageSubject subject;
    private byte[] request;
    private Ring ring;
    private int protections;

    /** Makes what is unprotected, and checks that it comes out as it went in. */
    @Setup
    public void prepare(Shared shared) {
        SaSpec spec = SaSpec.messages(shared.numbers.incrementAndGet());
        subject = switch (protection) {
            case SAMD -> new SamdMessages(shared.engines, spec);
            case OSCORE -> new OscoreMessages(spec.host());
        };
        request = Requests.put(spec.host(), PAYLOAD);
        ring = new Ring(request, subject::protect);
        if (!Arrays.equals(request, subject.unprotect(subject.protect(request)))) {
            throw new IllegalStateException(protection + " does not give back what it protected");
        }
    }

    /** Protects under the next number. */
    @Benchmark
    public byte[] protect() {
        if (++protections == RESTART_PROTECTING) {
            protections = 0;
            subject.restart();
        }
        return subject.protect(request);
    }

    /** Unprotects, with the window's checks and acceptance. */
    @Benchmark
    public byte[] unprotect() {
        if (ring.isAtStart()) {
            subject.restart();
        }
        return subject.unprotect(ring.take());
    }
}
