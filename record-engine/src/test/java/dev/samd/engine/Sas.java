// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.AeadAlgorithm;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.PairId;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SecurityAssociation;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;

/** Describes SAs for tests, step by step, and installs them. */
final class Sas {
    private static final HexFormat HEX = HexFormat.of();

    private Direction direction = Direction.OUTBOUND;
    private String spi = "2b01";
    private Endpoint peer = Endpoint.parse("coap://example.com");
    private Endpoint local = Endpoint.HOST_WIDE;
    private CipherSuite suite = CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
    private Content content = Content.MESSAGE;
    private Form form = Form.SAMD;
    private boolean connectionId = true;
    private Lifetime lifetime = Lifetime.UNLIMITED;
    private History history = new History.Fresh();
    private byte[] key;
    private byte[] iv;
    private long pair;
    private long supersedes;
    private long mark = Installation.NO_MARK;
    private String kmp = "manual";
    private Set<Endpoint> scope;
    private Confirmation confirmation = Confirmation.CONFIRMED;

    static Sas out(String spi) {
        Sas sas = new Sas();
        sas.spi = spi;
        return sas;
    }

    static Sas in(String spi) {
        Sas sas = out(spi);
        sas.direction = Direction.INBOUND;
        return sas;
    }

    Sas peer(String uri) {
        peer = Endpoint.parse(uri);
        return this;
    }

    Sas local(String uri) {
        local = Endpoint.parse(uri);
        return this;
    }

    Sas suite(CipherSuite other) {
        suite = other;
        return this;
    }

    Sas content(Content other, Form otherForm) {
        content = other;
        form = otherForm;
        return this;
    }

    Sas noConnectionId() {
        connectionId = false;
        return this;
    }

    Sas lifetime(Lifetime other) {
        lifetime = other;
        return this;
    }

    Sas history(History other) {
        history = other;
        return this;
    }

    Sas keys(String keyHex, String ivHex) {
        key = HEX.parseHex(keyHex);
        iv = HEX.parseHex(ivHex);
        return this;
    }

    /** Keys that depend on the seed and the suite alone. */
    Sas keys(int seed) {
        AeadAlgorithm aead = suite.aead();
        key = filled(aead.keyLength(), seed);
        iv = filled(aead.ivLength(), seed + 1);
        return this;
    }

    private static byte[] filled(int length, int seed) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) (seed * 31 + i);
        }
        return octets;
    }

    Sas pair(long id) {
        pair = id;
        return this;
    }

    Sas supersedes(long earlier) {
        supersedes = earlier;
        return this;
    }

    Sas mark(long other) {
        mark = other;
        return this;
    }

    /** The KMP that authenticated the peer. */
    Sas kmp(String name) {
        kmp = name;
        return this;
    }

    /** The peers it may be used for; without this the peer it is named after. */
    Sas scope(String... uris) {
        scope = Arrays.stream(uris).map(Endpoint::parse).collect(Collectors.toSet());
        return this;
    }

    Sas waiting(Confirmation other) {
        confirmation = other;
        return this;
    }

    SaId install(RecordEngine engine, long id) {
        SaParameters parameters = new SaParameters(
                direction,
                Spi.ofHex(spi),
                peer,
                local,
                new Identity(kmp, IdentityType.MANUAL, "", peer.uri()),
                suite,
                RecordVersion.DTLS12,
                1,
                content,
                form,
                connectionId,
                SaParameters.DEFAULT_WINDOW,
                lifetime,
                history);
        if (key == null) {
            keys(1);
        }
        SecurityAssociation sa = new SecurityAssociation(
                new SaId(id),
                new PairId(pair),
                parameters,
                new TrafficKeys(KeyMaterial.copyOf(key), KeyMaterial.copyOf(iv)));
        Set<Endpoint> peers = scope == null ? Set.of(peer) : scope;
        engine.install(sa, new Installation(new PairId(supersedes), peers, mark, confirmation));
        return new SaId(id);
    }
}
