// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import dev.samd.client.NewPair;
import dev.samd.client.NewSa;
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
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * Two keys between the two hosts, one for each way.
 *
 * @param number of the link; the links that take each other's place have the same
 * @param generation which of them it is, from 0
 * @param suite of both ways
 * @param content MESSAGE, for exchanges of CoAP messages, or RAW
 * @param octets from which the keys of both ways are taken
 */
record Link(int number, int generation, CipherSuite suite, Content content, Octets octets) {
    /** The first links stay, and their numbers see every start; all others come and go. */
    static final int LASTING = 4;

    /** Octets that are enough for the keys of both ways. */
    static final int KEY_OCTETS = 128;

    private static final long FIRST_KEY = 0x10_00_00_00L;
    private static final long SPARE_SPI = 0x20_00_00_00L;
    private static final int KEYS_OF_A_GENERATION = 1 << 20;

    /** Of every SA when it is installed. */
    static final long FIRST_LIFETIME_SECONDS = 36_000;

    /** More than are ever on the way: what comes late between two hosts is not what is looked for here. */
    private static final int WINDOW = 4096;

    /** A new link; its number says what it carries, and under which suite. */
    static Link first(int number, Octets octets) {
        CipherSuite suite = suites().get(number % suites().size());
        return new Link(number, 0, suite, number % 2 == 0 ? Content.MESSAGE : Content.RAW, octets);
    }

    /** The link that takes the place of this one, under other keys. */
    Link next(Octets other) {
        return new Link(number, generation + 1, suite, content, other);
    }

    /** Whether it stays, by itself or by those that take its place. */
    boolean isLasting() {
        return number < LASTING;
    }

    /** Whether a key is of a link that stays. */
    static boolean isLasting(long key) {
        return (key - FIRST_KEY) % KEYS_OF_A_GENERATION < LASTING * 2L;
    }

    /** The key, as a number, that records from a host are sealed under: the SPI that the other host knows it by. */
    long key(int from) {
        return FIRST_KEY + (long) generation * KEYS_OF_A_GENERATION + number * 2L + from;
    }

    /** Whether a key is one that records from a host may be sealed under: this link's, or that of one that took its place. */
    boolean mayBeKey(long key, int from) {
        long later = key - key(from);
        return later >= 0 && later % KEYS_OF_A_GENERATION == 0;
    }

    /** The SPI of records from a host. */
    Spi spi(int from) {
        return spi(key(from));
    }

    /** An SPI of no link. */
    static Spi spareSpi(int number) {
        return spi(SPARE_SPI + number);
    }

    private static Spi spi(long number) {
        return new Spi(Octets.of(ByteBuffer.allocate(4).putInt((int) number).array()));
    }

    /** By what name a host knows the other side. */
    Endpoint peerOf(int host) {
        return Endpoint.parse("coap://host" + (1 - host) + "-" + number);
    }

    /** The SAs of both ways in one step. The caller closes the keys. */
    NewPair pair(int host, TrafficKeys inbound, TrafficKeys outbound, PairId supersedes) {
        return new NewPair(
                parameters(host, Direction.INBOUND),
                inbound,
                parameters(host, Direction.OUTBOUND),
                outbound,
                supersedes,
                requestId(host, 0));
    }

    /** The SA of one way. The caller closes the keys. */
    NewSa single(int host, Direction direction, TrafficKeys keys) {
        return new NewSa(
                parameters(host, direction), keys, "", requestId(host, direction == Direction.INBOUND ? 1 : 2));
    }

    /** The keys of one way, as a host has them; the caller's to close. */
    TrafficKeys keys(int host, Direction direction) {
        int from = direction == Direction.OUTBOUND ? host : 1 - host;
        int key = suite.aead().keyLength();
        int offset = from * KEY_OCTETS / 2;
        byte[] all = octets.toArray();
        return new TrafficKeys(
                KeyMaterial.adopt(Octets.of(all, offset, key).toArray()),
                KeyMaterial.adopt(
                        Octets.of(all, offset + key, suite.aead().ivLength()).toArray()));
    }

    private SaParameters parameters(int host, Direction direction) {
        Endpoint peer = peerOf(host);
        return new SaParameters(
                direction,
                spi(direction == Direction.OUTBOUND ? host : 1 - host),
                peer,
                Endpoint.HOST_WIDE,
                Identity.manual(peer.uri()),
                suite,
                RecordVersion.DTLS12,
                1,
                content,
                content == Content.MESSAGE ? Form.SAMD : Form.NONE,
                true,
                WINDOW,
                lifetime(FIRST_LIFETIME_SECONDS),
                History.FRESH);
    }

    private Octets requestId(int host, int part) {
        return Octets.of(ByteBuffer.allocate(16)
                .putInt(number)
                .putInt(generation)
                .putInt(host)
                .putInt(part)
                .array());
    }

    /** A lifetime that never ends meanwhile, and can be told from others. */
    static Lifetime lifetime(long seconds) {
        return new Lifetime(Limits.NONE, new Limits(Duration.ofSeconds(seconds), Duration.ZERO, 0, 0, 0));
    }

    /** The kinds of links there are. */
    static List<CipherSuite> suites() {
        return List.of(
                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                CipherSuite.TLS_PSK_WITH_AES_128_CCM,
                CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
                CipherSuite.TLS_PSK_WITH_CHACHA20_POLY1305_SHA256);
    }
}
