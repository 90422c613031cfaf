// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.aead.Aeads;
import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.SaParameters;

/** Records that a {@link Sealer} would not make, by somebody who has the keys. */
final class ForgedRecord {
    private ForgedRecord() {}

    /** A record around just this plaintext, whatever it says of inner type and padding. */
    static byte[] of(TestSa sa, int outerType, long sequence, byte[] plaintext) {
        return of(sa, outerType, sequence, Dtls12Codec.epochAndSequence(sa.epoch(), sequence), plaintext);
    }

    /** A record whose explicit nonce is another one than epoch and sequence number. */
    static byte[] of(TestSa sa, int outerType, long sequence, long explicitNonce, byte[] plaintext) {
        SaParameters parameters = sa.outbound().parameters();
        AeadAlgorithm aead = parameters.suite().aead();
        byte[] record = new byte[Dtls12Codec.recordLength(parameters, plaintext.length)];
        byte[] nonce = new byte[AeadAlgorithm.NONCE_LENGTH];
        byte[] additionalData = new byte[Dtls12Codec.additionalDataLength(parameters)];
        int fragment =
                Dtls12Codec.writeHeader(parameters, outerType, sequence, plaintext.length + aead.overhead(), record, 0);
        int at = Nonces.forSealing(aead, sa.iv().toArray(), explicitNonce, record, fragment, nonce);
        System.arraycopy(plaintext, 0, record, at, plaintext.length);
        Dtls12Codec.writeAdditionalData(parameters, outerType, sequence, plaintext.length, additionalData);
        Aeads.of(aead).seal(sa.key().toArray(), nonce, additionalData, record, at, plaintext.length);
        return record;
    }
}
