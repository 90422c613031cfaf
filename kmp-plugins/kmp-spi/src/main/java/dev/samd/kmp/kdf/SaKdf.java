// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kdf;

import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.TrafficKeys;
import java.util.Arrays;

/**
 * SA-KDF: the derivation of everything that a pair needs from one secret. Confined to its caller's thread; owns the
 * pseudorandom key, which is zeroed when this is closed. What it gives out belongs to the caller.
 *
 * <pre>
 * PRK  = HKDF-Extract( bstr(salt) | bstr(N1) | bstr(N2), IKM )
 * OKM(label, L) = HKDF-Expand( PRK, ["samd/dtls-record/v1", label, suite, version, ctx_hash, ID1, ID2, L], L )
 * </pre>
 *
 * <p>Why it is sound: the secret is the IKM of HKDF and nothing else; every output has a label of its own; SPIs, suite and
 * version stand in {@code info}, so that no key serves two of them; the context hash ties the keys to the very exchange,
 * offered suites included; two nonces give fresh keys even where one side repeats its own. It gives no forward secrecy.
 */
public final class SaKdf implements AutoCloseable {
    static final String CONTEXT = "samd/dtls-record/v1";

    private static final int EXPORTER = 32;
    private static final int SA_TAG = 8;
    private static final int REKEY = 32;
    private static final int LESS_Y = 16;

    private final HkdfHash hash;
    private final SaKdfInput input;
    private final KeyMaterial prk;

    /**
     * @param ikm at least 128 bits of entropy; stays the caller's
     * @throws IllegalStateException if {@code ikm} is closed
     */
    public SaKdf(KeyMaterial ikm, SaKdfInput input) {
        this.hash = HkdfHash.of(input.suite());
        this.input = input;
        this.prk = Hkdf.extract(hash, input.extractSalt(), ikm);
    }

    /**
     * The key block of DTLS 1.2 (RFC 5246 s6.3), cut into the keys of both directions. "Client" is who began the run of the
     * KMP, whoever speaks CoAP first.
     */
    public PairKeys pairKeys() {
        AeadAlgorithm aead = input.suite().aead();
        int key = aead.keyLength();
        int iv = aead.ivLength();
        byte[] block = expand("key block", 2 * (key + iv));
        try {
            return new PairKeys(
                    new TrafficKeys(part(block, 0, key), part(block, 2 * key, iv)),
                    new TrafficKeys(part(block, key, key), part(block, 2 * key + iv, iv)));
        } finally {
            Arrays.fill(block, (byte) 0);
        }
    }

    /** A secret for other uses of the exchange, 32 octets. */
    public KeyMaterial exporter() {
        return KeyMaterial.adopt(expand("exporter", EXPORTER));
    }

    /** The name of the pair that both ends agree on, 8 octets. Public: for logs, and for the transcript of a re-key. */
    public Octets saTag() {
        return Octets.of(expand("sa tag", SA_TAG));
    }

    /** The secret from which the next pair is derived when both ends re-key under this one, 32 octets. */
    public KeyMaterial rekeySecret() {
        return KeyMaterial.adopt(expand("rekey", REKEY));
    }

    /** The next Y of LESS, 16 octets. */
    public KeyMaterial lessY() {
        return KeyMaterial.adopt(expand("less y", LESS_Y));
    }

    private byte[] expand(String label, int length) {
        return Hkdf.expand(hash, prk, input.info(label, length), length);
    }

    private static KeyMaterial part(byte[] block, int offset, int length) {
        return KeyMaterial.adopt(Arrays.copyOfRange(block, offset, offset + length));
    }

    /** Zeroes the pseudorandom key. */
    @Override
    public void close() {
        prk.close();
    }

    @Override
    public String toString() {
        return "SaKdf[" + input + "]";
    }
}
