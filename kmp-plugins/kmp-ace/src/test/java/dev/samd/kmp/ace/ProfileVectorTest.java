// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The octets of the profile's vectors, in both directions. */
class ProfileVectorTest {
    private static final Octets POST = Octets.ofHex(
            "a501582073616d642d766563746f722d6163636573732d746f6b656e2d30303030303031182848018a278f7faab55a"
                    + "3a000111704216453a000111728119c0a83a00011175480e3c22479f7f8a89");
    private static final Octets ANSWER = Octets.ofHex("a3182a4825a8991cd700ac013a00011171422b013a0001117219c0a8");
    private static final Octets REKEY_POST =
            Octets.ofHex("a3182848b0b1b2b3b4b5b6b73a00011170444a10203f3a000111728219c0a419c0a8");
    private static final Octets REKEY_ANSWER =
            Octets.ofHex("a3182a48c0c1c2c3c4c5c6c73a00011171445b10203f3a0001117219c0a4");

    private static KeyMaterial popKey() {
        return KeyMaterial.adopt(Octets.ofHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
                .toArray());
    }

    @Test
    void postIsThatOfTheVector() {
        Octets token = Octets.of("samd-vector-access-token-0000001".getBytes(StandardCharsets.US_ASCII));

        assertThat(PostCodec.post(
                        token,
                        Octets.ofHex("018a278f7faab55a"),
                        Spi.ofHex("1645"),
                        List.of(0xc0a8),
                        CarriedContent.SAMD,
                        popKey()))
                .isEqualTo(POST);
    }

    @Test
    void proofOfTheVectorVerifies() {
        Post post = PostCodec.readPost(POST, false).orElseThrow();

        assertThat(ProofOfPossession.verifies(
                        popKey(),
                        Octets.of(POST.toArray(), 0, post.covered()).toArray(),
                        post.proof().orElseThrow()))
                .isTrue();
        assertThat(post.id1()).isEqualTo(Spi.ofHex("1645"));
        assertThat(post.suites()).containsExactly(0xc0a8);
    }

    @Test
    void answerIsThatOfTheVector() {
        assertThat(PostCodec.answer(
                        Octets.ofHex("25a8991cd700ac01"),
                        Spi.ofHex("2b01"),
                        0xc0a8,
                        CarriedContent.SAMD,
                        Optional.empty()))
                .isEqualTo(ANSWER);
        assertThat(PostCodec.readAnswer(ANSWER).orElseThrow().suite()).isEqualTo(0xc0a8);
    }

    @Test
    void rekeyIsThatOfTheVector() {
        assertThat(PostCodec.rekey(Octets.ofHex("b0b1b2b3b4b5b6b7"), Spi.ofHex("4a10203f"), List.of(0xc0a4, 0xc0a8)))
                .isEqualTo(REKEY_POST);
        assertThat(PostCodec.readPost(REKEY_POST, true)).isPresent();
        assertThat(PostCodec.answer(
                        Octets.ofHex("c0c1c2c3c4c5c6c7"),
                        Spi.ofHex("5b10203f"),
                        0xc0a4,
                        CarriedContent.SAMD,
                        Optional.empty()))
                .isEqualTo(REKEY_ANSWER);
    }

    @Test
    void missingAndUnknownMembersAreRefused() {
        assertThat(PostCodec.readPost(REKEY_POST, false)).as("no token").isEmpty();
        assertThat(PostCodec.readPost(POST, true)).as("a token too many").isEmpty();
        assertThat(PostCodec.readPost(Octets.ofHex("a0"), false)).isEmpty();
        assertThat(PostCodec.readPost(Octets.ofHex("80"), false)).isEmpty();
    }

    @Test
    void proofThatIsNotTheLastMemberIsRefused() {
        String hex = POST.toHex();
        String proof = "3a00011175480e3c22479f7f8a89";
        String suites = "3a000111728119c0a8";

        assertThat(PostCodec.readPost(Octets.ofHex(hex.replace(suites + proof, proof + suites)), false))
                .isEmpty();
    }
}
