// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.cose;

import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import dev.samd.sa.Octets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Optional;

/** COSE_Sign1 with ES256 (RFC 9052 s4.2, RFC 9053 s2.1): {@code 18([protected, {4: kid}, payload, signature])}. Immutable. */
public final class CoseSign1 {
    /** The tag in front of it. */
    public static final int TAG = 18;

    /** ECDSA with SHA-256, the one signature that is offered. */
    public static final int ES256 = -7;

    private static final String SIGNATURE = "SHA256withECDSAinP1363Format";

    private final CoseHeaders headers;
    private final byte[] payload;
    private final byte[] signature;

    private CoseSign1(CoseHeaders headers, byte[] payload, byte[] signature) {
        this.headers = headers;
        this.payload = payload;
        this.signature = signature;
    }

    /**
     * Reads one.
     *
     * @param item with its tag taken off
     * @return empty if it is malformed or not of ES256
     */
    public static Optional<CoseSign1> parse(CBORObject item) {
        if (item.isTagged() || item.getType() != CBORType.Array || item.size() != 4) {
            return Optional.empty();
        }
        Optional<CoseHeaders> headers = CoseHeaders.parse(item.get(0), item.get(1));
        CBORObject payload = item.get(2);
        CBORObject signature = item.get(3);
        if (headers.isEmpty()
                || headers.get().algorithm() != ES256
                || payload.getType() != CBORType.ByteString
                || signature.getType() != CBORType.ByteString) {
            return Optional.empty();
        }
        return Optional.of(new CoseSign1(headers.get(), payload.GetByteString(), signature.GetByteString()));
    }

    /** Signs; gives the structure with its tag. */
    public static CBORObject sign(Octets kid, PrivateKey key, byte[] payload) {
        CBORObject closed = CoseHeaders.protectedMap(ES256);
        try {
            Signature signer = Signature.getInstance(SIGNATURE);
            signer.initSign(key);
            signer.update(toBeSigned(closed.GetByteString(), payload));
            return CBORObject.NewArray()
                    .Add(closed)
                    .Add(CBORObject.NewOrderedMap().Add(CoseHeaders.KID, kid.toArray()))
                    .Add(payload)
                    .Add(signer.sign())
                    .WithTag(TAG);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with ES256 failed", e);
        }
    }

    /** The name of the key, empty if there is none. */
    public Octets kid() {
        return headers.kid();
    }

    /** The payload, owned by the caller; empty if the signature does not verify under the key. */
    public Optional<byte[]> verify(PublicKey key) {
        try {
            Signature verifier = Signature.getInstance(SIGNATURE);
            verifier.initVerify(key);
            verifier.update(toBeSigned(headers.protectedOctets().toArray(), payload));
            return verifier.verify(signature) ? Optional.of(payload.clone()) : Optional.empty();
        } catch (SignatureException e) {
            return Optional.empty(); // a signature of the wrong length
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("verifying with ES256 failed", e);
        }
    }

    /** {@code Sig_structure} of RFC 9052 s4.4. */
    private static byte[] toBeSigned(byte[] protectedOctets, byte[] payload) {
        return CBORObject.NewArray()
                .Add("Signature1")
                .Add(protectedOctets)
                .Add(new byte[0])
                .Add(payload)
                .EncodeToBytes();
    }
}
