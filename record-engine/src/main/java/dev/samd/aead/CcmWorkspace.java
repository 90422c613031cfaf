// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The two AES ciphers of one thread and the arrays they work on. Confined to its thread.
 *
 * <p>One pair serves all SAs: it is re-keyed when a call brings another key than the one before. Whether it is another one
 * is decided by its octets, against a copy kept here: an array that was zeroed or filled again in between is never taken
 * for the key it once held. The copy adds no exposure, since the JDK's cipher keeps one as well.
 */
final class CcmWorkspace {
    private static final int BLOCK = 16;
    private static final int INITIAL = 256;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final ThreadLocal<CcmWorkspace> OF_THREAD = ThreadLocal.withInitial(CcmWorkspace::new);

    private final Cipher mac;
    private final Cipher counter;
    private byte[] key = new byte[0];

    /** B_0, additional data, plaintext, each padded to blocks. */
    private byte[] macInput = new byte[INITIAL];
    /** The CBC pass over {@link #macInput}; its last block is the unencrypted tag. */
    private byte[] macOutput = new byte[INITIAL];
    /** A_0, A_1, … */
    private byte[] counters = new byte[INITIAL];
    /** S_0, which encrypts the tag, and then the key stream S_1, S_2, … */
    private byte[] keyStream = new byte[INITIAL];
    /** Where the last block of {@link #macOutput} begins. */
    private int tag;

    private CcmWorkspace() {
        try {
            mac = Cipher.getInstance("AES/CBC/NoPadding");
            counter = Cipher.getInstance("AES/ECB/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform has no AES", e);
        }
    }

    /** The workspace of the calling thread, keyed. */
    static CcmWorkspace ofThread(byte[] key) {
        CcmWorkspace work = OF_THREAD.get();
        if (!work.hasKey(key)) {
            work.rekey(key);
        }
        return work;
    }

    /** Constant time in the octets: all of them are looked at. AES keys are whole longs. */
    private boolean hasKey(byte[] other) {
        if (key.length != other.length) {
            return false;
        }
        long difference = 0;
        for (int i = 0; i < key.length; i += Long.BYTES) {
            difference |= (long) LONG.get(key, i) ^ (long) LONG.get(other, i);
        }
        return difference == 0;
    }

    private void rekey(byte[] other) {
        if (other.length != 16 && other.length != 24 && other.length != 32) {
            throw new IllegalArgumentException("AES key of " + other.length + " octets; 16, 24 or 32 expected");
        }
        Arrays.fill(key, (byte) 0);
        key = new byte[0];
        try {
            SecretKeySpec spec = new SecretKeySpec(other, "AES");
            // The cipher returns to this IV by itself after every message.
            mac.init(Cipher.ENCRYPT_MODE, spec, new IvParameterSpec(new byte[BLOCK]));
            counter.init(Cipher.ENCRYPT_MODE, spec);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform refuses an AES key of " + other.length + " octets", e);
        }
        key = other.clone();
    }

    /**
     * Writes the counter blocks, B_0 and the additional data. All writing comes before the ciphers run: they read sixteen
     * octets at a time, which is slow where the eights they were written in are still on their way to memory.
     *
     * @return offset of the message in {@link #macInput}
     */
    int begin(byte[] nonce, byte[] additionalData, int length, int tagLength) {
        int additional = additionalData.length;
        int prefix = additional == 0 ? 0 : additional < 0xff00 ? 2 : 6;
        int message = BLOCK + roundUp(prefix + additional);
        grow(message + roundUp(length), BLOCK + roundUp(length));

        // RFC 3610 s2.2 and s2.3: flags = 64 * Adata + 8 * M' + L' in B_0, and L' in every A_i.
        int lengthFlag = 14 - nonce.length;
        int flags = (additional > 0 ? 0x40 : 0) | (((tagLength - 2) / 2) << 3) | lengthFlag;
        long high = high(nonce);
        long low = low(nonce);
        writeCounters(((long) lengthFlag << 56) | high, low, BLOCK + roundUp(length));
        LONG.set(macInput, 0, ((long) flags << 56) | high);
        LONG.set(macInput, Long.BYTES, low | length);
        writeAdditionalData(additionalData, prefix, message);
        return message;
    }

    private void grow(int macLength, int streamLength) {
        if (macInput.length < macLength) {
            macInput = new byte[macLength];
            macOutput = new byte[macLength];
        }
        if (counters.length < streamLength) {
            counters = new byte[streamLength];
            keyStream = new byte[streamLength];
        }
    }

    private void writeCounters(long high, long low, int end) {
        for (int at = 0; at < end; at += BLOCK) {
            LONG.set(counters, at, high);
            LONG.set(counters, at + Long.BYTES, low + at / BLOCK);
        }
    }

    private void writeAdditionalData(byte[] additionalData, int prefix, int end) {
        if (prefix == 0) {
            return;
        }
        int additional = additionalData.length;
        if (prefix == 2) {
            macInput[BLOCK] = (byte) (additional >> 8);
            macInput[BLOCK + 1] = (byte) additional;
        } else {
            LONG.set(macInput, BLOCK, (0xfffeL << 48) | ((long) additional << 16));
        }
        int from = BLOCK + prefix;
        System.arraycopy(additionalData, 0, macInput, from, additional);
        Arrays.fill(macInput, from + additional, end, (byte) 0);
    }

    /** Makes S_0 and enough key stream for {@code length} octets. */
    void makeKeyStream(int length) {
        run(counter, counters, BLOCK + roundUp(length), keyStream);
    }

    /** Takes the plaintext into the MAC. */
    void absorb(byte[] plaintext, int offset, int message, int length) {
        System.arraycopy(plaintext, offset, macInput, message, length);
    }

    /** Takes the plaintext of a ciphertext into the MAC. */
    void absorbThroughKeyStream(byte[] ciphertext, int offset, int message, int length) {
        mix(ciphertext, offset, BLOCK, macInput, message, length);
    }

    /** Pads the message and runs the MAC over everything. */
    void finishMac(int message, int length) {
        int end = message + length;
        int total = message + roundUp(length);
        Arrays.fill(macInput, end, total, (byte) 0);
        run(mac, macInput, total, macOutput);
        tag = total - BLOCK;
    }

    /** Encrypts in place. */
    void applyKeyStream(byte[] octets, int offset, int length) {
        mix(octets, offset, BLOCK, octets, offset, length);
    }

    void writeTag(byte[] target, int at, int tagLength) {
        mix(macOutput, tag, 0, target, at, tagLength);
    }

    /** Compares without telling, by its time, where a difference is. */
    boolean tagEquals(byte[] sealed, int at, int tagLength) {
        long difference = 0;
        int i = 0;
        for (; i <= tagLength - Long.BYTES; i += Long.BYTES) {
            long expected = (long) LONG.get(macOutput, tag + i) ^ (long) LONG.get(keyStream, i);
            difference |= expected ^ (long) LONG.get(sealed, at + i);
        }
        for (; i < tagLength; i++) {
            difference |= macOutput[tag + i] ^ keyStream[i] ^ sealed[at + i];
        }
        return difference == 0;
    }

    /** Hands out the verified plaintext. */
    void release(int message, byte[] plaintext, int length) {
        System.arraycopy(macInput, message, plaintext, 0, length);
    }

    /** Forgets plaintext and key stream. */
    void wipe(int message, int length) {
        Arrays.fill(macInput, message, message + length, (byte) 0);
        Arrays.fill(keyStream, 0, BLOCK + length, (byte) 0);
    }

    /** Target = source xor key stream from {@code stream} on. */
    private void mix(byte[] source, int offset, int stream, byte[] target, int at, int length) {
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            long mixed = (long) LONG.get(source, offset + i) ^ (long) LONG.get(keyStream, stream + i);
            LONG.set(target, at + i, mixed);
        }
        for (; i < length; i++) {
            target[at + i] = (byte) (source[offset + i] ^ keyStream[stream + i]);
        }
    }

    private static void run(Cipher cipher, byte[] input, int length, byte[] output) {
        try {
            cipher.doFinal(input, 0, length, output, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES over " + length + " octets", e);
        }
    }

    /** Octets 1..7 of a block: the first seven of the nonce, with zero in front where the flags go. */
    private static long high(byte[] nonce) {
        if (nonce.length >= Long.BYTES) {
            return (long) LONG.get(nonce, 0) >>> 8;
        }
        long high = 0;
        for (byte octet : nonce) {
            high = (high << 8) | (octet & 0xff);
        }
        return high;
    }

    /** Octets 8..15 of a block: the rest of the nonce, and zeros where length or counter go. */
    private static long low(byte[] nonce) {
        return nonce.length < Long.BYTES
                ? 0
                : (long) LONG.get(nonce, nonce.length - Long.BYTES) << (8 * (15 - nonce.length));
    }

    private static int roundUp(int length) {
        return length + BLOCK - 1 & -BLOCK;
    }
}
