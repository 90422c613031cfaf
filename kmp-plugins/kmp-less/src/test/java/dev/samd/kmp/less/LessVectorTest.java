// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.Outgoing;
import dev.samd.kmp.Screening;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The exchange of the profile's vector, octet for octet, by both sides. */
class LessVectorTest {
    private static final String M1 = "01086465762d3030303102164502c0a808a0a1a2a3a4a5a6a7";
    private static final String M2 =
            "010f0e0d0c0b0a090807060504f27993efb4514a93500ecdf16f6808f7cf6b3a15d170c3278d54623fb7ec1541cf0b497e5197"
                    + "0399d64a6c3fefcca942009242f489";
    private static final String M3 =
            "01f838e61498c3fa4b1058f9d15e80503fe4f274b268274ccdb1ec7e1b67af381b60b7134dc4f873cc85bc6bf5b4d3c567";
    private static final String M4 = "013dfa827165fadf3c21118328e99434fcef3561e3a47e7d26ec80f14162752cf8";
    private static final String N_C = "101112131415161718191a1b1c1d1e1f";
    private static final String N_S = "202122232425262728292a2b2c2d2e2f";
    private static final String K = "303132333435363738393a3b3c3d3e3f";
    private static final Spi CID_C = Spi.ofHex("1645");
    private static final Spi CID_S = Spi.ofHex("2b01");

    private final Negotiation client = LessParties.device(
                    "dev-0001", LessParties.Y, new Scripted(N_C, "a0a1a2a3a4a5a6a7"))
            .initiate(LessParties.need());
    private final LessKmp host = LessParties.host(new Scripted(N_S, K, "0f0e0d0c0b0a090807060504", "0123456789abcdef"));

    @Test
    void bothSidesSayWhatTheVectorSaysAndComeToItsKeys() {
        client.start(LessParties.NOW);
        Outgoing first = sent(client.onReserved(LessParties.NOW, CID_C));
        assertThat(first.payload().toHex()).isEqualTo(M1);
        assertThat(first.options()).containsEntry(65001, Octets.EMPTY).containsEntry(65005, Octets.EMPTY);
        assertThat(LessCipher.transcript(Octets.EMPTY, first.payload()).toHex())
                .isEqualTo("7ba8fc2975e3a4381b699b096e527eef70a8c782e7e5f8ebe24000e01caa1edf");

        Negotiation server = ((Screening.Admitted) host.screen(LessParties.NOW, incoming(first))).negotiation();
        server.start(LessParties.NOW);
        Answer challenge = replied(server.onReserved(LessParties.NOW, CID_S));
        assertThat(challenge.code()).isEqualTo(Answer.CREATED);
        assertThat(challenge.payload().toHex()).isEqualTo(M2);
        assertThat(challenge.location()).isEqualTo("/.well-known/less/0123456789abcdef");

        Outgoing second = sent(client.onAnswer(LessParties.NOW, 1, challenge));
        assertThat(second.payload().toHex()).isEqualTo(M3);
        assertThat(second.path()).isEqualTo(challenge.location());
        assertThat(second.options()).containsEntry(65001, Octets.EMPTY).containsEntry(65005, Octets.ofHex("01"));

        KeyedPair served = installed(server.onRequest(LessParties.NOW, incoming(second)));
        Answer response = replied(server.onInstalled(LessParties.NOW, new PairId(1)));
        assertThat(response.code()).isEqualTo(Answer.CHANGED);
        assertThat(response.payload().toHex()).isEqualTo(M4);

        KeyedPair asked = installed(client.onAnswer(LessParties.NOW, 2, response));
        assertKeys(asked.outboundKeys(), "3bb6cf42edabd72dbf7ab0b8cd7519d1", "bc52f238");
        assertKeys(asked.inboundKeys(), "faf27856c39c71eb7bfb662eafb903c2", "207d73f0");
        assertKeys(served.inboundKeys(), "3bb6cf42edabd72dbf7ab0b8cd7519d1", "bc52f238");
        assertKeys(served.outboundKeys(), "faf27856c39c71eb7bfb662eafb903c2", "207d73f0");
        assertThat(asked.outbound().spi()).isEqualTo(CID_S);
        assertThat(served.outbound().spi()).isEqualTo(CID_C);
        assertThat(asked.unconfirmed()).isTrue();
        assertThat(served.unconfirmed()).isTrue();
        assertThat(served.inbound().identity()).hasToString("less:dev-0001");
        assertThat(served.inbound().peer()).isEqualTo(Endpoint.parse("coap://dev-0001"));
        assertThat(asked.inbound().identity()).hasToString("less:server-1");
    }

    private static Incoming incoming(Outgoing sent) {
        return new Incoming(
                sent.path(),
                2,
                sent.contentFormat(),
                sent.payload(),
                "192.0.2.1:5683",
                LessParties.SERVER,
                sent.options(),
                Optional.empty());
    }

    private static Outgoing sent(List<KmpOutput> outputs) {
        return one(outputs, KmpOutput.Send.class).request();
    }

    private static Answer replied(List<KmpOutput> outputs) {
        return one(outputs, KmpOutput.Reply.class).answer();
    }

    private static KeyedPair installed(List<KmpOutput> outputs) {
        return one(outputs, KmpOutput.Install.class).pair();
    }

    private static <T> T one(List<KmpOutput> outputs, Class<T> kind) {
        return outputs.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError(outputs.toString()));
    }

    private static void assertKeys(TrafficKeys keys, String key, String iv) {
        assertThat(hex(keys.key())).isEqualTo(key);
        assertThat(hex(keys.iv())).isEqualTo(iv);
    }

    private static String hex(KeyMaterial secret) {
        byte[] octets = secret.borrow();
        try {
            return HexFormat.of().formatHex(octets);
        } finally {
            secret.giveBack();
        }
    }
}
