// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SecurityAssociation;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The two ends of an SA for tests, both with the same keys. Every new one has another key, since a key is used once.
 *
 * @param spi also the connection ID; empty for records without one
 */
record TestSa(
        AeadAlgorithm aead,
        Octets key,
        Octets iv,
        Octets spi,
        int epoch,
        int window,
        Lifetime lifetime,
        History history) {
    /** No authority: every number may be used. */
    static final long NO_MARK = 1L << 48;
    /** Where records come from when it does not matter. */
    static final String SOURCE = "192.0.2.1:5683";

    private static final AtomicInteger KEYS = new AtomicInteger();
    private static final Octets CID = Octets.ofHex("c1d2e3f4");

    static TestSa of(AeadAlgorithm aead) {
        byte[] key = new byte[aead.keyLength()];
        byte[] iv = new byte[aead.ivLength()];
        Arrays.fill(iv, (byte) 0x5a);
        int number = KEYS.incrementAndGet();
        key[0] = (byte) (number >> 24);
        key[1] = (byte) (number >> 16);
        key[2] = (byte) (number >> 8);
        key[3] = (byte) number;
        return new TestSa(aead, Octets.of(key), Octets.of(iv), CID, 1, 64, Lifetime.UNLIMITED, new History.Fresh());
    }

    static TestSa ccm8() {
        return of(AeadAlgorithm.AES_128_CCM_8);
    }

    TestSa keys(Octets newKey, Octets newIv) {
        return new TestSa(aead, newKey, newIv, spi, epoch, window, lifetime, history);
    }

    TestSa cid(String hex) {
        return new TestSa(aead, key, iv, Octets.ofHex(hex), epoch, window, lifetime, history);
    }

    TestSa withoutCid() {
        return cid("");
    }

    TestSa epoch(int newEpoch) {
        return new TestSa(aead, key, iv, spi, newEpoch, window, lifetime, history);
    }

    TestSa window(int records) {
        return new TestSa(aead, key, iv, spi, epoch, records, lifetime, history);
    }

    TestSa soft(long records, long octets) {
        Limits soft = new Limits(Duration.ZERO, Duration.ZERO, records, octets, 0);
        return new TestSa(aead, key, iv, spi, epoch, window, new Lifetime(soft, lifetime.hard()), history);
    }

    TestSa hard(long records, long octets) {
        Limits hard = new Limits(Duration.ZERO, Duration.ZERO, records, octets, 0);
        return new TestSa(aead, key, iv, spi, epoch, window, new Lifetime(lifetime.soft(), hard), history);
    }

    TestSa failedOpenings(long softLimit, long hardLimit) {
        Lifetime limited = new Lifetime(
                lifetime.soft().withFailedOpenings(softLimit), lifetime.hard().withFailedOpenings(hardLimit));
        return new TestSa(aead, key, iv, spi, epoch, window, limited, history);
    }

    TestSa history(History before) {
        return new TestSa(aead, key, iv, spi, epoch, window, lifetime, before);
    }

    TestSa sendingFrom(long sequence) {
        return history(new History.ResumeSending(sequence));
    }

    SecurityAssociation outbound() {
        return sa(Direction.OUTBOUND, history instanceof History.ResumeAccepting ? new History.Fresh() : history);
    }

    SecurityAssociation inbound() {
        return sa(Direction.INBOUND, history instanceof History.ResumeSending ? new History.Fresh() : history);
    }

    Sealer sealer() {
        return new Sealer(outbound(), NO_MARK, WearListener.NONE);
    }

    Opener opener() {
        return new Opener(inbound(), NO_MARK, WearListener.NONE);
    }

    private SecurityAssociation sa(Direction direction, History stated) {
        boolean cid = !spi.isEmpty();
        SaParameters parameters = new SaParameters(
                direction,
                new Spi(cid ? spi : CID),
                Endpoint.parse("coap://device-1"),
                Endpoint.HOST_WIDE,
                Identity.manual("device-1"),
                CipherSuite.parse(aead.name().equals("CHACHA20_POLY1305") ? "ccab" : aead.name()),
                RecordVersion.DTLS12,
                epoch,
                Content.RAW,
                Form.NONE,
                cid,
                window,
                lifetime,
                stated);
        TrafficKeys keys = new TrafficKeys(KeyMaterial.adopt(key.toArray()), KeyMaterial.adopt(iv.toArray()));
        return new SecurityAssociation(new SaId(1), new PairId(1), parameters, keys);
    }

    /** The record of a result that has to be one. */
    static byte[] octetsOf(SealResult result) {
        if (!(result instanceof SealResult.Sealed sealed)) {
            throw new AssertionError("not sealed: " + result);
        }
        return sealed.octets();
    }
}
