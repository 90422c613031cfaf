// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.sa.AeadAlgorithm;
import java.nio.ByteBuffer;
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

/** One AEAD call, with the 13 octets of additional data that a record without connection ID has. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH fills the fields, by parameter and in prepare
public class AeadBenchmark {
    /** Whose AEAD. */
    public enum Owner {
        /** The record engine's. */
        SAMD,
        /** Bouncy Castle's. */
        BOUNCY_CASTLE;

        AeadSubject subject(AeadAlgorithm algorithm, byte[] key) {
            return switch (this) {
                case SAMD -> new SamdAead(algorithm, key);
                case BOUNCY_CASTLE -> new BouncyCastleAead(algorithm, key);
            };
        }
    }

    private static final int ADDITIONAL_DATA = 13;
    /** So many that a nonce is not the one of the call before, which the JDK refuses. */
    private static final int SEALED = 64;

    /** The algorithm. */
    @Param({"AES_128_CCM_8", "AES_128_GCM", "CHACHA20_POLY1305"})
    public AeadAlgorithm algorithm;

    /** The implementation. */
    @Param
    public Owner owner;

    /** Octets of plaintext. */
    @Param({"16", "64", "256", "1024"})
    public int octets;

    private final byte[] additionalData = new byte[ADDITIONAL_DATA];
    private final byte[] nonce = new byte[AeadAlgorithm.NONCE_LENGTH];
    private final byte[][] nonces = new byte[SEALED][];
    private final byte[][] sealed = new byte[SEALED][];
    private AeadSubject subject;
    private byte[] plaintext;
    private byte[] target;
    private long number;

    /** Makes what is opened, and checks that all implementations agree on it. */
    @Setup
    public void prepare() {
        byte[] key = new byte[algorithm.keyLength()];
        Arrays.fill(key, (byte) 7);
        subject = owner.subject(algorithm, key);
        plaintext = new byte[octets];
        Arrays.fill(plaintext, (byte) 'x');
        target = new byte[octets + subject.tagLength()];
        for (int i = 0; i < SEALED; i++) {
            number(i);
            nonces[i] = nonce.clone();
            sealed[i] = new byte[octets + subject.tagLength()];
            subject.seal(nonces[i], additionalData, plaintext, octets, sealed[i]);
            for (Owner other : Owner.values()) {
                byte[] opened = new byte[octets];
                AeadSubject reader = other.subject(algorithm, key);
                if (!reader.open(nonces[i], additionalData, sealed[i], opened) || !Arrays.equals(opened, plaintext)) {
                    throw new IllegalStateException(other + " does not open what " + owner + " sealed");
                }
            }
        }
        number = SEALED;
    }

    private void number(long value) {
        ByteBuffer.wrap(nonce).putLong(AeadAlgorithm.NONCE_LENGTH - Long.BYTES, value);
    }

    /** Seals under a nonce never used before. */
    @Benchmark
    public byte[] seal() {
        number(number++);
        subject.seal(nonce, additionalData, plaintext, octets, target);
        return target;
    }

    /** Opens what verifies. */
    @Benchmark
    public byte[] open() {
        int i = (int) number++ & SEALED - 1;
        if (!subject.open(nonces[i], additionalData, sealed[i], target)) {
            throw new IllegalStateException("what was sealed does not open");
        }
        return target;
    }
}
