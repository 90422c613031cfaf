// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SecurityAssociation;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;

/**
 * What both ends of an SA agree on, to make either end from. Keys follow from {@code number} and guard nothing.
 *
 * @param suite the cipher suite
 * @param content what the records carry
 * @param connectionId whether the records carry the SPI
 * @param number tells the SAs of one run apart: it is in the SPI, in the peer's name and in the keys
 */
record SaSpec(CipherSuite suite, Content content, boolean connectionId, int number) {
    /** Epoch of all records. */
    static final int EPOCH = 1;

    private static final int SPI_LENGTH = 4;

    /** An SA for whole messages, with the suite that every constrained device has. */
    static SaSpec messages(int number) {
        return new SaSpec(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8, Content.MESSAGE, true, number);
    }

    /** An SA for records alone. */
    static SaSpec records(CipherSuite suite, boolean connectionId, int number) {
        return new SaSpec(suite, Content.RAW, connectionId, number);
    }

    /** Host of the {@link #peer}: an address literal, because some implementations look names up. */
    String host() {
        return "10." + octet(16) + "." + octet(8) + "." + octet(0);
    }

    private int octet(int shift) {
        return (number >> shift) & 0xff;
    }

    /** Whom the SA is with, a fresh object as from the API. */
    Endpoint peer() {
        return Endpoint.of("coap", host(), 0);
    }

    /** Name of the SA, on the wire the connection ID. */
    Spi spi() {
        byte[] octets = new byte[SPI_LENGTH];
        for (int i = 0; i < SPI_LENGTH; i++) {
            octets[i] = (byte) ((number + 1) >>> (8 * (SPI_LENGTH - 1 - i)));
        }
        return new Spi(Octets.of(octets));
    }

    /** A fresh array with the write key. */
    byte[] key() {
        return filled(suite.aead().keyLength(), number);
    }

    /** A fresh array with the fixed IV. */
    byte[] iv() {
        return filled(suite.aead().ivLength(), ~number);
    }

    private static byte[] filled(int length, int seed) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) (seed * 31 + i * 7 + (seed >>> (8 * (i % 4))));
        }
        return octets;
    }

    /**
     * One end of the SA.
     *
     * @param direction as the engine sees it
     * @param id new in the engine
     * @param pair {@link PairId#NONE} for an SA that stands alone
     */
    SecurityAssociation end(Direction direction, long id, PairId pair) {
        Endpoint peer = peer();
        SaParameters parameters = new SaParameters(
                direction,
                spi(),
                peer,
                Endpoint.HOST_WIDE,
                Identity.manual(peer.uri()),
                suite,
                RecordVersion.DTLS12,
                EPOCH,
                content,
                content == Content.MESSAGE ? Form.SAMD : Form.NONE,
                connectionId,
                SaParameters.DEFAULT_WINDOW,
                Lifetime.UNLIMITED,
                new History.Fresh());
        TrafficKeys keys = new TrafficKeys(KeyMaterial.adopt(key()), KeyMaterial.adopt(iv()));
        return new SecurityAssociation(new SaId(id), pair, parameters, keys);
    }
}
