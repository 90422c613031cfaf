// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of the chain. Confined to its owner.
 *
 * <p>A log has a key K, each of its files a key F, and each line of that a key L: F = PRF(K, "file"), F' = PRF(F, "file"), L =
 * PRF(F, "line"), L' = PRF(L, "next"), where PRF is HMAC-SHA-256. A line's MAC is made under PRF(L, "mac"), the anchor after the line before it under PRF(L, "anchor").
 * Whoever holds L and F' of today cannot make a line of yesterday: that is the point of it. Whoever holds K can
 * make everything again, and so can verify everything.
 */
final class Ratchet implements AutoCloseable {
    /** Octets of a key. */
    static final int KEY = 32;

    private static final byte[] FILE = octets("file");
    private static final byte[] LINE = octets("line");
    private static final byte[] NEXT = octets("next");
    private static final byte[] MAC = octets("mac");
    private static final byte[] ANCHOR = octets("anchor");

    private final byte[] line;
    private final byte[] nextFile;

    private Ratchet(byte[] line, byte[] nextFile) {
        this.line = line;
        this.nextFile = nextFile;
    }

    /** Before the first line of a file, from the key of the file. */
    static Ratchet ofFile(byte[] fileKey) {
        return new Ratchet(prf(fileKey, LINE), prf(fileKey, FILE));
    }

    /** Before the first file, from the key of the log: there is no line to make yet, and the key is not kept. */
    static Ratchet ofLog(byte[] logKey) {
        return new Ratchet(new byte[KEY], prf(logKey, FILE));
    }

    /** Reads what {@link #save} wrote. */
    static Ratchet restore(byte[] octets, int offset) {
        return new Ratchet(
                Arrays.copyOfRange(octets, offset, offset + KEY),
                Arrays.copyOfRange(octets, offset + KEY, offset + 2 * KEY));
    }

    /** Writes both keys, secret, 64 octets. */
    void save(byte[] target, int offset) {
        System.arraycopy(line, 0, target, offset, KEY);
        System.arraycopy(nextFile, 0, target, offset + KEY, KEY);
    }

    Ratchet copy() {
        return new Ratchet(line.clone(), nextFile.clone());
    }

    /** Before the first line of the next file. */
    Ratchet nextFile() {
        return ofFile(nextFile);
    }

    /** Steps to the next line; the key of this one is gone. */
    void step() {
        byte[] next = prf(line, NEXT);
        System.arraycopy(next, 0, line, 0, KEY);
        Arrays.fill(next, (byte) 0);
    }

    byte[] mac(byte[] body, int length) {
        return under(MAC, body, length);
    }

    byte[] anchorMac(byte[] text) {
        return under(ANCHOR, text, text.length);
    }

    private byte[] under(byte[] purpose, byte[] octets, int length) {
        byte[] key = prf(line, purpose);
        try {
            return hmac(key, octets, length);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] prf(byte[] key, byte[] label) {
        return hmac(key, label, label.length);
    }

    private static byte[] hmac(byte[] key, byte[] octets, int length) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(octets, 0, length);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
        }
    }

    static byte[] sha256(byte[] octets, int length) {
        MessageDigest digest = digest();
        digest.update(octets, 0, length);
        return digest.digest();
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private static byte[] octets(String label) {
        return label.getBytes(StandardCharsets.US_ASCII);
    }

    /** Zeroes the keys. */
    @Override
    public void close() {
        Arrays.fill(line, (byte) 0);
        Arrays.fill(nextFile, (byte) 0);
    }
}
