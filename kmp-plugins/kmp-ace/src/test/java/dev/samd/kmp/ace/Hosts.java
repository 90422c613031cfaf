// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Need;
import dev.samd.kmp.ace.token.Tokens;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A client with a token and the server that it is for, joined. */
final class Hosts {
    static final Endpoint SERVER = Endpoint.parse("coap://sensor-1");
    static final List<CipherSuite> SUITES =
            List.of(CipherSuite.TLS_PSK_WITH_AES_128_CCM, CipherSuite.TLS_PSK_WITH_AES_128_CCM_8);

    final TestHost client;
    final TestHost server;

    Hosts(Octets token) {
        this(List.of(held(token)), List.of());
    }

    Hosts(List<AceSettings.HeldToken> tokens, List<AceSettings.AskedServer> authorizationServers) {
        client = new TestHost(
                new AceKmp(new AceSettings(Optional.empty(), tokens, authorizationServers), new Random(1)),
                "coap://client",
                0x1000);
        server = server(true);
        client.network = server.from(client);
        server.network = client.from(server);
    }

    static TestHost server(boolean requireProof) {
        AceSettings.Server settings = new AceSettings.Server(
                Tokens.verifier(),
                requireProof,
                List.of(
                        CipherSuite.TLS_PSK_WITH_AES_128_CCM,
                        CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                        CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256));
        return new TestHost(
                new AceKmp(new AceSettings(Optional.of(settings), List.of(), List.of()), new Random(2)),
                SERVER.uri(),
                0x2000);
    }

    static AceSettings.HeldToken held(Octets token) {
        return new AceSettings.HeldToken(
                SERVER,
                Tokens.ISSUER,
                Tokens.AUDIENCE,
                token,
                KeyMaterial.adopt(Tokens.POP_KEY.toArray()),
                Octets.ofHex("9e7ca92223786340"),
                Optional.empty(),
                Octets.EMPTY);
    }

    static Need need() {
        return need(PairId.NONE, SUITES);
    }

    static Need need(PairId replaces, List<CipherSuite> suites) {
        return need(replaces, suites, Content.MESSAGE, Form.SAMD, IdentityPattern.ANY);
    }

    static Need need(
            PairId replaces, List<CipherSuite> suites, Content content, Form form, IdentityPattern acceptable) {
        return new Need(
                7,
                Endpoint.HOST_WIDE,
                SERVER,
                Optional.empty(),
                content,
                form,
                suites,
                List.of(acceptable),
                replaces,
                Lifetime.UNLIMITED,
                128,
                42);
    }

    /** What one end seals the other opens, in both directions. */
    static void assertPartners(KeyedPair one, KeyedPair other) {
        assertThat(one.outbound().spi()).isEqualTo(other.inbound().spi());
        assertThat(one.inbound().spi()).isEqualTo(other.outbound().spi());
        assertThat(one.outbound().suite()).isEqualTo(other.inbound().suite());
        assertThat(one.outbound().content()).isEqualTo(other.inbound().content());
        assertThat(one.outbound().form()).isEqualTo(other.inbound().form());
        assertThat(one.outboundKeys().key().sameAs(other.inboundKeys().key())).isTrue();
        assertThat(one.outboundKeys().iv().sameAs(other.inboundKeys().iv())).isTrue();
        assertThat(one.inboundKeys().key().sameAs(other.outboundKeys().key())).isTrue();
        assertThat(one.inboundKeys().iv().sameAs(other.outboundKeys().iv())).isTrue();
        assertThat(one.inboundKeys().key().sameAs(one.outboundKeys().key())).isFalse();
    }
}
