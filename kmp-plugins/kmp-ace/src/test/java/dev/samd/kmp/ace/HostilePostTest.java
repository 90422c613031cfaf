// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.upokecenter.cbor.CBORObject;
import dev.samd.kmp.Answer;
import dev.samd.kmp.ace.token.IssuerKey;
import dev.samd.kmp.ace.token.TokenAlgorithm;
import dev.samd.kmp.ace.token.TokenVerifier;
import dev.samd.kmp.ace.token.TokenWriter;
import dev.samd.kmp.ace.token.Tokens;
import dev.samd.kmp.testkit.FakeKeyManagement.Failure;
import dev.samd.kmp.testkit.Joined;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What posts that mean no good are answered by a real driver, and that nothing comes of them. */
class HostilePostTest {
    private static final Octets GOOD = Tokens.cwt(Tokens.valid());

    static Stream<Arguments> tokens() {
        return Stream.of(
                Arguments.of("forged by a flipped octet", flipped(GOOD), Answer.UNAUTHORIZED),
                Arguments.of("forged under a key of its own", forged(), Answer.UNAUTHORIZED),
                Arguments.of("expired", cwt("expired"), Answer.UNAUTHORIZED),
                Arguments.of("not yet valid", cwt("early"), Answer.UNAUTHORIZED),
                Arguments.of("for another server", Tokens.cwt(edit -> edit.audience("rs2")), Answer.FORBIDDEN),
                Arguments.of("for two servers", sealed(claims(List.of("rs1", "rs2"))), Answer.FORBIDDEN),
                Arguments.of("for no server", sealed(claims(List.of())), Answer.FORBIDDEN),
                Arguments.of("of another issuer", Tokens.cwt(edit -> edit.issuer("evil.example")), Answer.UNAUTHORIZED),
                Arguments.of(
                        "under an unknown kid",
                        Tokens.sealed(Octets.ofHex("ff"), claims(List.of("rs1"))),
                        Answer.UNAUTHORIZED),
                Arguments.of("under no kid", Tokens.sealed(Octets.EMPTY, claims(List.of("rs1"))), Answer.UNAUTHORIZED),
                Arguments.of("alg none", algorithmNone(), Answer.UNAUTHORIZED),
                Arguments.of("alg none with its claims in clear", clearClaims(), Answer.BAD_REQUEST),
                Arguments.of("signed with its key in the open", openKey(), Answer.BAD_REQUEST),
                Arguments.of("with a short key", Tokens.cwt(edit -> edit.key(zeros(15))), Answer.BAD_REQUEST),
                Arguments.of("of another key", Tokens.cwt(edit -> edit.key(zeros(32))), Answer.UNAUTHORIZED),
                Arguments.of("with a cnonce", sealed(claims(List.of("rs1")).Set(39, new byte[8])), Answer.UNAUTHORIZED),
                Arguments.of("too long", zeros(TokenVerifier.MAX_TOKEN + 1), Answer.BAD_REQUEST),
                Arguments.of("empty", Octets.EMPTY, Answer.BAD_REQUEST),
                Arguments.of("junk", Octets.ofHex("d08343"), Answer.BAD_REQUEST),
                Arguments.of("JWT forged", jwtOf(flipped(Tokens.jwt(Tokens.valid()))), Answer.UNAUTHORIZED));
    }

    static Stream<Arguments> posts() {
        return Stream.of(
                Arguments.of("a short nonce", set(ProfileLabels.NONCE1, new byte[7]), Answer.BAD_REQUEST),
                Arguments.of("a long nonce", set(ProfileLabels.NONCE1, new byte[65]), Answer.BAD_REQUEST),
                Arguments.of("an empty nonce", set(ProfileLabels.NONCE1, new byte[0]), Answer.BAD_REQUEST),
                Arguments.of("a nonce of text", set(ProfileLabels.NONCE1, "nonce of text"), Answer.BAD_REQUEST),
                Arguments.of("no nonce", without(ProfileLabels.NONCE1), Answer.BAD_REQUEST),
                Arguments.of("an empty SPI", set(ProfileLabels.CLIENT_CID, new byte[0]), Answer.BAD_REQUEST),
                Arguments.of("a long SPI", set(ProfileLabels.CLIENT_CID, new byte[21]), Answer.BAD_REQUEST),
                Arguments.of("no SPI", without(ProfileLabels.CLIENT_CID), Answer.BAD_REQUEST),
                Arguments.of("no suites", set(ProfileLabels.SUITES, new int[0]), Answer.BAD_REQUEST),
                Arguments.of("too many suites", set(ProfileLabels.SUITES, new int[33]), Answer.BAD_REQUEST),
                Arguments.of("a negative suite", set(ProfileLabels.SUITES, new int[] {-1}), Answer.BAD_REQUEST),
                Arguments.of("unknown suites", set(ProfileLabels.SUITES, new int[] {1, 2}), Answer.NOT_ACCEPTABLE),
                Arguments.of("DTLS 1.3", set(ProfileLabels.VERSION, 65276), Answer.NOT_ACCEPTABLE),
                Arguments.of("content 4", set(ProfileLabels.CONTENT, 4), Answer.NOT_ACCEPTABLE),
                Arguments.of("an unknown member", set(-70999, 1), Answer.BAD_REQUEST),
                Arguments.of("no token", without(ProfileLabels.ACCESS_TOKEN), Answer.BAD_REQUEST),
                Arguments.of("a token of text", set(ProfileLabels.ACCESS_TOKEN, "token"), Answer.BAD_REQUEST),
                Arguments.of("no proof", without(ProfileLabels.PROOF), Answer.UNAUTHORIZED),
                Arguments.of("a wrong proof", flipped(post(GOOD)), Answer.UNAUTHORIZED),
                Arguments.of("a short proof", unproven(new byte[7]), Answer.BAD_REQUEST),
                Arguments.of("a member behind the proof", afterProof(), Answer.BAD_REQUEST),
                Arguments.of("an octet behind its end", Octets.ofHex(post(GOOD).toHex() + "00"), Answer.BAD_REQUEST),
                Arguments.of("a tag in front", Octets.ofHex("d83d" + post(GOOD).toHex()), Answer.BAD_REQUEST),
                Arguments.of("a label with a tag", Octets.ofHex("a1d11828480102030405060708"), Answer.BAD_REQUEST),
                Arguments.of("no map", Octets.ofHex("80"), Answer.BAD_REQUEST),
                Arguments.of("9 KiB and more", zeros(TokenVerifier.MAX_TOKEN + 1025), Answer.TOO_LARGE));
    }

    @ParameterizedTest(name = "token {0}")
    @MethodSource("tokens")
    void tokenIsRefusedAndNothingComesOfIt(String what, Octets token, int code) {
        Joined joined = joined(GOOD);

        assertThat(answer(joined, post(token))).as(what).isEqualTo(Answer.of(code));

        assertNothingCame(joined);
        assertThat(answer(joined, post(GOOD)).code())
                .as("a good one afterwards")
                .isEqualTo(Answer.CREATED);
    }

    @ParameterizedTest(name = "token {0}")
    @MethodSource("tokens")
    void clientWithSuchATokenHearsSo(String what, Octets token, int code) {
        Joined joined = joined(token);

        joined.acquire();
        joined.clock.run(Joined.ALL);

        String said = "coap://sensor-1/authz-info answered "
                + String.format(Locale.ROOT, "%d.%02d", code >> 5, code & 0x1f) + ", unauthenticated";
        assertThat(joined.initiatorKeys.failures().values())
                .as(what)
                .extracting(Failure::reason)
                .containsExactly(said);
        assertThat(joined.initiatorKeys.pairs()).isEmpty();
        assertThat(joined.initiatorKeys.reserved()).isEmpty();
        assertThat(joined.responderKeys.pairs()).isEmpty();
        assertThat(joined.responderKeys.reserved()).isEmpty();
    }

    @ParameterizedTest(name = "post with {0}")
    @MethodSource("posts")
    void postIsRefusedAndNothingComesOfIt(String what, Octets post, int code) {
        Joined joined = joined(GOOD);

        assertThat(answer(joined, post)).as(what).isEqualTo(Answer.of(code));

        assertNothingCame(joined);
        assertThat(answer(joined, post(GOOD)).code())
                .as("a good one afterwards")
                .isEqualTo(Answer.CREATED);
    }

    @Test
    void tokenCutOffAnywhereIsRefused() {
        for (Octets whole : List.of(GOOD, Tokens.jwt(Tokens.valid()))) {
            Joined joined = joined(GOOD);
            for (int length = 0; length < whole.length(); length++) {
                joined.clock.run(Duration.ofSeconds(1));
                assertThat(answer(joined, post(Octets.of(whole.toArray(), 0, length)))
                                .code())
                        .as("%d octets", length)
                        .isIn(Answer.BAD_REQUEST, Answer.UNAUTHORIZED);
            }
            assertNothingCame(joined);
        }
    }

    @Test
    void postCutOffAnywhereIsMalformed() {
        Octets whole = post(GOOD);
        Joined joined = joined(GOOD);

        for (int length = 0; length < whole.length(); length++) {
            joined.clock.run(Duration.ofSeconds(1));
            assertThat(answer(joined, Octets.of(whole.toArray(), 0, length)))
                    .as("%d octets", length)
                    .isEqualTo(Answer.of(Answer.BAD_REQUEST));
        }

        assertNothingCame(joined);
    }

    @Test
    void postWithAnyOneBitChangedIsRefused() {
        Octets whole = post(GOOD);
        Joined joined = joined(GOOD);

        for (int bit = 0; bit < 8 * whole.length(); bit++) {
            byte[] octets = whole.toArray();
            octets[bit / 8] ^= (byte) (1 << bit % 8);
            joined.clock.run(Duration.ofSeconds(1));
            assertThat(answer(joined, Octets.of(octets)).code())
                    .as("bit %d", bit)
                    .isIn(Answer.BAD_REQUEST, Answer.UNAUTHORIZED);
        }

        assertNothingCame(joined);
    }

    @Test
    void jsonTwinRefusesTheSame() {
        Octets jwt = Tokens.jwt(Tokens.valid());
        Joined joined = joined(GOOD);

        assertThat(json(joined, JsonPost.of(jwtOf(flipped(jwt)), "AQIDBAUGBwg", "FkU", List.of(0xc0a4), true)))
                .isEqualTo(Answer.of(Answer.UNAUTHORIZED));
        assertThat(json(joined, JsonPost.of(algorithmNone(), "AQIDBAUGBwg", "FkU", List.of(0xc0a4), true)))
                .isEqualTo(Answer.of(Answer.UNAUTHORIZED));
        assertThat(json(joined, JsonPost.of(jwt, "AQIDBAUGBw", "FkU", List.of(0xc0a4), true)))
                .as("a short nonce")
                .isEqualTo(Answer.of(Answer.BAD_REQUEST));
        assertThat(json(joined, JsonPost.of(jwt, "AQIDBAUGBwg", "", List.of(0xc0a4), true)))
                .isEqualTo(Answer.of(Answer.BAD_REQUEST));
        assertThat(json(joined, JsonPost.of(jwt, "AQIDBAUGBwg", "FkU", List.of(), true)))
                .isEqualTo(Answer.of(Answer.BAD_REQUEST));
        assertThat(json(joined, ascii("null"))).isEqualTo(Answer.of(Answer.BAD_REQUEST));
        assertThat(json(joined, ascii("{\"access_token\":null}"))).isEqualTo(Answer.of(Answer.BAD_REQUEST));

        assertNothingCame(joined);
    }

    private static Joined joined(Octets clientsToken) {
        return new Joined(AceParties.holding(clientsToken, 1), 1);
    }

    private static Answer answer(Joined joined, Octets post) {
        return joined.post(ProfileLabels.AUTHZ_INFO, 2, ProfileLabels.ACE_CBOR, post)
                .orElseThrow();
    }

    private static Answer json(Joined joined, Octets post) {
        return joined.post(ProfileLabels.AUTHZ_INFO, 2, ProfileLabels.JSON, post)
                .orElseThrow();
    }

    private static void assertNothingCame(Joined joined) {
        assertThat(joined.faults).isEmpty();
        assertThat(joined.begun()).as("runs").isZero();
        assertThat(joined.responderKeys.pairs()).isEmpty();
        assertThat(joined.responderKeys.reserved()).isEmpty();
    }

    private static Octets post(Octets token) {
        return post(token, UnaryOperator.identity());
    }

    private static Octets set(int label, Object value) {
        return post(GOOD, map -> map.Set(label, value));
    }

    private static Octets without(int label) {
        if (label == ProfileLabels.PROOF) {
            return Octets.of(unprovenPost(GOOD).EncodeToBytes());
        }
        return post(GOOD, map -> {
            map.Remove(CBORObject.FromObject(label));
            return map;
        });
    }

    private static Octets unproven(byte[] proof) {
        return Octets.of(unprovenPost(GOOD).Add(ProfileLabels.PROOF, proof).EncodeToBytes());
    }

    private static CBORObject unprovenPost(Octets token) {
        return CBORObject.NewOrderedMap()
                .Add(ProfileLabels.ACCESS_TOKEN, token.toArray())
                .Add(ProfileLabels.NONCE1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8})
                .Add(ProfileLabels.CLIENT_CID, new byte[] {0x16, 0x45})
                .Add(ProfileLabels.SUITES, CBORObject.NewArray().Add(0xc0a4).Add(0xc0a8));
    }

    /** The proof is good for what was changed: its maker has the key. */
    private static Octets post(Octets token, UnaryOperator<CBORObject> edit) {
        CBORObject map = edit.apply(unprovenPost(token)).Add(ProfileLabels.PROOF, new byte[8]);
        byte[] octets = map.EncodeToBytes();
        byte[] covered = Octets.of(octets, 0, octets.length - 8).toArray();
        try (KeyMaterial key = KeyMaterial.adopt(Tokens.POP_KEY.toArray())) {
            ProofOfPossession.over(key, covered).copyTo(octets, covered.length);
        }
        return Octets.of(octets);
    }

    private static Octets afterProof() {
        CBORObject proven = CBORObject.DecodeFromBytes(post(GOOD).toArray());
        byte[] proof = proven.get(ProfileLabels.PROOF).GetByteString();
        return Octets.of(unprovenPost(GOOD)
                .Add(ProfileLabels.PROOF, proof)
                .Add(ProfileLabels.CONTENT, 0)
                .EncodeToBytes());
    }

    private static Octets flipped(Octets octets) {
        byte[] flipped = octets.toArray();
        flipped[flipped.length - 1] ^= 1;
        return Octets.of(flipped);
    }

    /** A flipped bit of the last character of base64url may be one that stands for nothing: the one before it is changed. */
    private static Octets jwtOf(Octets flipped) {
        byte[] octets = flipped.toArray();
        octets[octets.length - 2] = (byte) (octets[octets.length - 2] == 'A' ? 'B' : 'A');
        return Octets.of(octets);
    }

    private static Octets zeros(int length) {
        return Octets.of(new byte[length]);
    }

    private static Octets cwt(String what) {
        return what.equals("expired")
                ? Tokens.cwt(edit -> edit.expires(Tokens.NOW.minusSeconds(31)))
                : Tokens.cwt(edit -> edit.notBefore(Tokens.NOW.plusSeconds(31)));
    }

    private static Octets forged() {
        IssuerKey own = IssuerKey.parse(Tokens.ISSUER, "ccm", TokenAlgorithm.AES_CCM_16_64_128, "00".repeat(16));
        return new TokenWriter(Optional.empty(), own, new Random(1)).cwt(Tokens.valid());
    }

    private static CBORObject claims(List<String> audience) {
        CBORObject array = CBORObject.NewArray();
        audience.forEach(array::Add);
        CBORObject key = CBORObject.NewMap().Add(1, 4).Add(-1, Tokens.POP_KEY.toArray());
        CBORObject map = CBORObject.NewOrderedMap().Add(1, Tokens.ISSUER);
        if (!audience.isEmpty()) {
            map.Add(3, audience.size() == 1 ? CBORObject.FromObject(audience.get(0)) : array);
        }
        return map.Add(8, CBORObject.NewMap().Add(1, key));
    }

    private static Octets sealed(CBORObject claims) {
        return Tokens.sealed(Tokens.ccm().kidOctets(), claims);
    }

    private static Octets algorithmNone() {
        return ascii(new PlainJWT(new JWTClaimsSet.Builder()
                        .issuer(Tokens.ISSUER)
                        .audience(Tokens.AUDIENCE)
                        .build())
                .serialize());
    }

    private static Octets clearClaims() {
        return Octets.of(claims(List.of("rs1")).EncodeToBytes());
    }

    private static Octets openKey() {
        return Tokens.signed(claims(List.of("rs1")));
    }

    private static Octets ascii(String text) {
        return Octets.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
