// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.PairId;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SecurityAssociation;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;

/**
 * The SAs of the targets, the same at both ends. Their keys are always the same, so that seeds are; they guard nothing.
 *
 * @param suite the cipher suite
 * @param content what the records carry
 * @param form how messages look
 * @param connectionId whether the records carry the SPI
 * @param spi its hexadecimal digits
 */
record FuzzSa(CipherSuite suite, Content content, Form form, boolean connectionId, String spi) {
    static final int EPOCH = 1;
    static final Endpoint PEER = Endpoint.parse("coap://device-1");

    static FuzzSa raw(CipherSuite suite, boolean connectionId) {
        return new FuzzSa(suite, Content.RAW, Form.NONE, connectionId, "c1d2e3f4");
    }

    byte[] key() {
        return filled(suite.aead().keyLength(), 3);
    }

    byte[] iv() {
        return filled(suite.aead().ivLength(), 7);
    }

    private static byte[] filled(int length, int step) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) (i * step + 1);
        }
        return octets;
    }

    /** One end. Owned by whoever asked. */
    SecurityAssociation end(Direction direction, long id, PairId pair) {
        SaParameters parameters = new SaParameters(
                direction,
                Spi.ofHex(spi),
                PEER,
                Endpoint.HOST_WIDE,
                Identity.manual("device-1"),
                suite,
                RecordVersion.DTLS12,
                EPOCH,
                content,
                form,
                connectionId,
                SaParameters.DEFAULT_WINDOW,
                Lifetime.UNLIMITED,
                new History.Fresh());
        return new SecurityAssociation(
                new SaId(id), pair, parameters, new TrafficKeys(KeyMaterial.adopt(key()), KeyMaterial.adopt(iv())));
    }

    SecurityAssociation end(Direction direction) {
        return end(direction, 1, PairId.NONE);
    }
}
