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
     * Writes B_0 and the additional data.
     *
     * @return offset of the message in {@link #macInput}
     */
    int beginMac(byte[] nonce, byte[] additionalData, int length, int tagLength) {
        int additional = additionalData.length;
        int prefix = additional == 0 ? 0 : additional < 0xff00 ? 2 : 6;
        int message = BLOCK + roundUp(prefix + additional);
        int total = message + roundUp(length);
        if (macInput.length < total) {
            macInput = new byte[total];
            macOutput = new byte[total];
        }
        // RFC 3610 s2.2: flags = 64 * Adata + 8 * M' + L'.
        int flags = (additional > 0 ? 0x40 : 0) | (((tagLength - 2) / 2) << 3) | (14 - nonce.length);
        LONG.set(macInput, 0, high(flags, nonce));
        LONG.set(macInput, 8, low(nonce) | length);
        if (prefix == 0) {
            return message;
        }
        if (prefix == 2) {
            macInput[BLOCK] = (byte) (additional >> 8);
            macInput[BLOCK + 1] = (byte) additional;
        } else {
            LONG.set(macInput, BLOCK, 0xfffeL << 48 | (long) additional << 16);
        }
        int from = BLOCK + prefix;
        System.arraycopy(additionalData, 0, macInput, from, additional);
        Arrays.fill(macInput, from + additional, message, (byte) 0);
        return message;
    }

    /** Makes S_0 and enough key stream for {@code length} octets. */
    void makeKeyStream(byte[] nonce, int length) {
        int total = BLOCK + roundUp(length);
        if (counters.length < total) {
            counters = new byte[total];
            keyStream = new byte[total];
        }
        long high = high(14 - nonce.length, nonce);
        long low = low(nonce);
        for (int at = 0; at < total; at += BLOCK) {
            LONG.set(counters, at, high);
            LONG.set(counters, at + Long.BYTES, low++);
        }
        run(counter, counters, total, keyStream);
    }

    /** Takes the plaintext into the MAC. */
    void absorb(byte[] plaintext, int offset, int message, int length) {
        System.arraycopy(plaintext, offset, macInput, message, length);
    }

    /** Takes the plaintext of a ciphertext into the MAC. */
    void absorbThroughKeyStream(byte[] ciphertext, int offset, int message, int length) {
        xor(ciphertext, offset, macInput, message, length);
    }

    /** Pads the message and runs the MAC over everything. */
    void finishMac(int message, int length) {
        int end = message + length;
        int total = message + roundUp(length);
        Arrays.fill(macInput, end, total, (byte) 0);
        run(mac, macInput, total, macOutput);
        tag = total - BLOCK;
    }

    /** Encrypts; source and target may be one. */
    void applyKeyStream(byte[] source, int offset, byte[] target, int at, int length) {
        xor(source, offset, target, at, length);
    }

    void writeTag(byte[] target, int at, int tagLength) {
        for (int i = 0; i < tagLength; i++) {
            target[at + i] = (byte) (macOutput[tag + i] ^ keyStream[i]);
        }
    }

    /** Compares without telling, by its time, where a difference is. */
    boolean tagEquals(byte[] sealed, int at, int tagLength) {
        int difference = 0;
        for (int i = 0; i < tagLength; i++) {
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

    private void xor(byte[] source, int offset, byte[] target, int at, int length) {
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            long mixed = (long) LONG.get(source, offset + i) ^ (long) LONG.get(keyStream, BLOCK + i);
            LONG.set(target, at + i, mixed);
        }
        for (; i < length; i++) {
            target[at + i] = (byte) (source[offset + i] ^ keyStream[BLOCK + i]);
        }
    }

    private static void run(Cipher cipher, byte[] input, int length, byte[] output) {
        try {
            cipher.doFinal(input, 0, length, output, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES over " + length + " octets", e);
        }
    }

    /** Octets 0..7 of a block: flags and the first seven of the nonce. */
    private static long high(int flags, byte[] nonce) {
        long high = flags;
        for (int i = 0; i < 7; i++) {
            high = (high << 8) | (nonce[i] & 0xff);
        }
        return high;
    }

    /** Octets 8..15 of a block: the rest of the nonce, and zeros where length or counter go. */
    private static long low(byte[] nonce) {
        long low = 0;
        for (int i = 7; i < nonce.length; i++) {
            low = (low << 8) | (nonce[i] & 0xff);
        }
        int counterBits = 8 * (15 - nonce.length);
        return counterBits == Long.SIZE ? 0 : low << counterBits;
    }

    private static int roundUp(int length) {
        return length + BLOCK - 1 & -BLOCK;
    }
}
