// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.sa.CipherSuite;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One DTLS 1.2 record of TLS_PSK_WITH_AES_128_CCM_8. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH fills the fields, by parameter and in prepare
public class RecordBenchmark {
    /** Whose record layer. */
    public enum Layer {
        /** The record layer alone. */
        SAMD,
        /** With the engine's look-up of the SA. */
        SAMD_ENGINE,
        /** Scandium's. */
        SCANDIUM;

        RecordSubject subject(SaSpec spec) {
            return switch (this) {
                case SAMD -> new SamdRecords(spec);
                case SAMD_ENGINE -> new EngineRecords(spec);
                case SCANDIUM -> new ScandiumRecords(spec);
            };
        }
    }

    /** Below the number of records that a key of this suite may seal. */
    private static final int RESTART_SEALING = 1 << 20;

    /** The implementation. */
    @Param
    public Layer layer;

    /** Whether the records carry a connection ID, of 4 octets. */
    @Param({"false", "true"})
    public boolean connectionId;

    /** Octets of plaintext. */
    @Param({"64", "256", "1024"})
    public int octets;

    private RecordSubject subject;
    private byte[] plaintext;
    private Ring ring;
    private int sealings;

    /** Makes what is opened, and checks that all implementations agree on it. */
    @Setup
    public void prepare() {
        SaSpec spec = SaSpec.records(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8, connectionId, 1);
        subject = layer.subject(spec);
        plaintext = new byte[octets];
        Arrays.fill(plaintext, (byte) 'x');
        ring = new Ring(plaintext, subject::seal);
        for (Layer other : Layer.values()) {
            RecordSubject reader = other.subject(spec);
            if (!Arrays.equals(plaintext, reader.open(subject.seal(plaintext)))) {
                throw new IllegalStateException(other + " does not open what " + layer + " sealed");
            }
        }
    }

    /** Seals under the next number. */
    @Benchmark
    public byte[] seal() {
        if (++sealings == RESTART_SEALING) {
            sealings = 0;
            subject.restart();
        }
        return subject.seal(plaintext);
    }

    /** Opens, with the window's checks and acceptance. */
    @Benchmark
    public byte[] open() {
        if (ring.isAtStart()) {
            subject.restart();
        }
        return subject.open(ring.take());
    }
}
