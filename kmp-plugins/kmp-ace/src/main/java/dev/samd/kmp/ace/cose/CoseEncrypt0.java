// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.cose;

import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.util.Optional;

/** COSE_Encrypt0 (RFC 9052 s5.2): {@code 16([protected, {4: kid, 5: IV}, ciphertext])}. Immutable. */
public final class CoseEncrypt0 {
    /** The tag in front of it. */
    public static final int TAG = 16;

    private final CoseHeaders headers;
    private final CoseAead aead;
    private final byte[] ciphertext;

    private CoseEncrypt0(CoseHeaders headers, CoseAead aead, byte[] ciphertext) {
        this.headers = headers;
        this.aead = aead;
        this.ciphertext = ciphertext;
    }

    /**
     * Reads one.
     *
     * @param item with its tag taken off
     * @return empty if it is malformed or of an algorithm that is not offered
     */
    public static Optional<CoseEncrypt0> parse(CBORObject item) {
        if (item.isTagged() || item.getType() != CBORType.Array || item.size() != 3) {
            return Optional.empty();
        }
        CBORObject sealed = item.get(2);
        Optional<CoseHeaders> headers = CoseHeaders.parse(item.get(0), item.get(1));
        Optional<CoseAead> aead = headers.flatMap(h -> CoseAead.of(h.algorithm()));
        if (aead.isEmpty()
                || sealed.getType() != CBORType.ByteString
                || headers.get().iv().length() != aead.get().nonceLength()) {
            return Optional.empty();
        }
        return Optional.of(new CoseEncrypt0(headers.get(), aead.get(), sealed.GetByteString()));
    }

    /**
     * Seals.
     *
     * @param iv a nonce that the key has never had
     * @return with its tag
     */
    public static CBORObject seal(CoseAead aead, Octets kid, KeyMaterial key, Octets iv, byte[] plaintext) {
        CBORObject closed = CoseHeaders.protectedMap(aead.label());
        byte[] sealed = aead.seal(key, iv.toArray(), additionalData(closed.GetByteString()), plaintext);
        return CBORObject.NewArray()
                .Add(closed)
                .Add(CBORObject.NewOrderedMap()
                        .Add(CoseHeaders.KID, kid.toArray())
                        .Add(CoseHeaders.IV, iv.toArray()))
                .Add(sealed)
                .WithTag(TAG);
    }

    /** The algorithm, as protected as the content is. */
    public CoseAead aead() {
        return aead;
    }

    /** The name of the key, empty if there is none. */
    public Octets kid() {
        return headers.kid();
    }

    /** The plaintext, owned by the caller; empty if it does not verify under the key. */
    public Optional<byte[]> open(KeyMaterial key) {
        byte[] aad = additionalData(headers.protectedOctets().toArray());
        return aead.open(key, headers.iv().toArray(), aad, ciphertext);
    }

    /** {@code Enc_structure} of RFC 9052 s5.3. */
    private static byte[] additionalData(byte[] protectedOctets) {
        return CBORObject.NewArray()
                .Add("Encrypt0")
                .Add(protectedOctets)
                .Add(new byte[0])
                .EncodeToBytes();
    }
}
