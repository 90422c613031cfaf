// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import static dev.samd.kmp.ace.token.Tokens.NOW;
import static dev.samd.kmp.ace.token.Tokens.code;
import static dev.samd.kmp.ace.token.Tokens.cwt;
import static dev.samd.kmp.ace.token.Tokens.shown;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.CompressionAlgorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.upokecenter.cbor.CBORObject;
import dev.samd.kmp.Answer;
import dev.samd.kmp.ace.cose.CoseAead;
import dev.samd.kmp.ace.cose.CoseEncrypt0;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenVerifierTest {
    private static final Octets NONCE = Octets.of(new byte[13]);

    private final TokenVerifier verifier = Tokens.verifier();

    static Stream<Arguments> wrappers() {
        Random random = new Random(7);
        Optional<IssuerKey> signing = Optional.of(Tokens.signing());
        AccessToken token = Tokens.valid();
        return Stream.of(
                Arguments.of("CWT, CCM", new TokenWriter(Optional.empty(), Tokens.ccm(), random).cwt(token)),
                Arguments.of("CWT, GCM", new TokenWriter(Optional.empty(), Tokens.gcm(), random).cwt(token)),
                Arguments.of("CWT, signed", new TokenWriter(signing, Tokens.ccm(), random).cwt(token)),
                Arguments.of("JWT, dir", new TokenWriter(Optional.empty(), Tokens.gcm(), random).jwt(token)),
                Arguments.of("JWT, A256KW", new TokenWriter(Optional.empty(), Tokens.wrap(), random).jwt(token)),
                Arguments.of("JWT, signed", new TokenWriter(signing, Tokens.wrap(), random).jwt(token)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrappers")
    void everyFormatBringsTheClaimsAndTheKey(String name, Octets octets) {
        TokenVerdict verdict = verifier.verify(NOW, octets);

        assertThat(verdict).isInstanceOf(TokenVerdict.Accepted.class);
        AccessToken token = ((TokenVerdict.Accepted) verdict).token();
        assertThat(token.issuer()).isEqualTo(Tokens.ISSUER);
        assertThat(token.subject()).isEqualTo("device-1");
        assertThat(token.audience()).isEqualTo(Tokens.AUDIENCE);
        assertThat(token.expires()).contains(NOW.plusSeconds(3600));
        assertThat(token.scope()).isEqualTo("read write");
        assertThat(token.salt()).isEqualTo(Octets.ofHex("9e7ca92223786340"));
        assertThat(token.keyId()).isEqualTo(Octets.ofHex("6b31"));
        assertThat(shown(token.key())).isEqualTo(Tokens.POP_KEY);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrappers")
    void noTokenShowsItsKey(String name, Octets octets) {
        String text = new String(octets.toArray(), StandardCharsets.ISO_8859_1);

        assertThat(octets.toHex()).doesNotContain(Tokens.POP_KEY.toHex());
        assertThat(text)
                .doesNotContain(Base64.getUrlEncoder().withoutPadding().encodeToString(Tokens.POP_KEY.toArray()));
    }

    static Stream<Arguments> cwtWrappers() {
        return wrappers().filter(wrapper -> ((String) wrapper.get()[0]).startsWith("CWT"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cwtWrappers")
    void everyFlippedOctetOfACwtIsRefused(String name, Octets octets) {
        for (int i = 0; i < octets.length(); i++) {
            byte[] flipped = octets.toArray();
            flipped[i] ^= 1;

            assertThat(code(verifier.verify(NOW, Octets.of(flipped))))
                    .as("octet %d of %s", i, name)
                    .isIn(Answer.BAD_REQUEST, Answer.UNAUTHORIZED);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrappers")
    void truncatedTokenIsRefused(String name, Octets octets) {
        for (int length = 0; length < octets.length(); length++) {
            assertThat(code(verifier.verify(NOW, Octets.of(octets.toArray(), 0, length))))
                    .as("%d octets of %s", length, name)
                    .isIn(Answer.BAD_REQUEST, Answer.UNAUTHORIZED);
        }
    }

    static Stream<Arguments> badClaims() {
        return Stream.of(
                bad("expired", Answer.UNAUTHORIZED, edit -> edit.expires(NOW.minusSeconds(30))),
                bad("not yet valid", Answer.UNAUTHORIZED, edit -> edit.notBefore(NOW.plusSeconds(31))),
                bad("of another issuer", Answer.UNAUTHORIZED, edit -> edit.issuer("evil.example")),
                bad("for another server", Answer.FORBIDDEN, edit -> edit.audience("rs2")),
                bad("with a short key", Answer.BAD_REQUEST, edit -> edit.key(Octets.of(new byte[15]))),
                bad("with a long key", Answer.BAD_REQUEST, edit -> edit.key(Octets.of(new byte[65]))),
                bad("with a long name", Answer.BAD_REQUEST, edit -> edit.id(Octets.of(new byte[65]))),
                bad("with a long scope", Answer.BAD_REQUEST, edit -> edit.scope("s".repeat(600))),
                bad("ending by first use without a name", Answer.BAD_REQUEST, edit -> edit.expiresIn(
                                Duration.ofSeconds(5))
                        .id(Octets.EMPTY)));
    }

    private static Arguments bad(String name, int code, UnaryOperator<TokenEdit> edit) {
        return Arguments.of(name, code, edit);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badClaims")
    void tokenIsRefused(String name, int code, UnaryOperator<TokenEdit> edit) {
        AccessToken token = edit.apply(new TokenEdit(Tokens.valid())).token();

        assertThat(code(verifier.verify(NOW, Tokens.cwt(token))))
                .as("CWT " + name)
                .isEqualTo(code);
        assertThat(code(verifier.verify(NOW, Tokens.jwt(token))))
                .as("JWT " + name)
                .isEqualTo(code);
    }

    @Test
    void clocksMayDifferByTheSkew() {
        assertThat(code(verifier.verify(NOW, cwt(edit -> edit.expires(NOW.minusSeconds(29))))))
                .isEqualTo(Answer.CREATED);
        assertThat(code(verifier.verify(NOW, cwt(edit -> edit.notBefore(NOW.plusSeconds(30))))))
                .isEqualTo(Answer.CREATED);
    }

    @Test
    void audienceOfTwoServersIsRefusedForASharedKey() {
        CBORObject claims = claims();
        claims.Set(3, CBORObject.NewArray().Add("rs1").Add("rs2"));

        assertThat(code(verifier.verify(NOW, sealed(claims)))).isEqualTo(Answer.FORBIDDEN);
    }

    @Test
    void tokenWithoutAudienceIsRefused() {
        CBORObject claims = claims();
        claims.Remove(CBORObject.FromObject(3));

        assertThat(code(verifier.verify(NOW, sealed(claims)))).isEqualTo(Answer.FORBIDDEN);
    }

    @Test
    void tokenWithoutIssuerIsOfTheIssuerOfItsKey() {
        CBORObject claims = claims();
        claims.Remove(CBORObject.FromObject(1));

        TokenVerdict verdict = verifier.verify(NOW, sealed(claims));

        assertThat(((TokenVerdict.Accepted) verdict).token().issuer()).isEqualTo(Tokens.ISSUER);
    }

    @Test
    void nonceThatNobodyGaveIsRefused() {
        assertThat(code(verifier.verify(NOW, sealed(claims().Set(39, new byte[8])))))
                .isEqualTo(Answer.UNAUTHORIZED);
    }

    @Test
    void claimsOfTheWrongKindAreRefused() {
        for (int label : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 40, -70011}) {
            assertThat(code(verifier.verify(NOW, sealed(claims().Set(label, CBORObject.True)))))
                    .as("claim %d", label)
                    .isEqualTo(Answer.BAD_REQUEST);
        }
        assertThat(code(verifier.verify(NOW, sealed(claims().Set(4, Double.NaN)))))
                .isEqualTo(Answer.BAD_REQUEST);
        assertThat(code(verifier.verify(NOW, sealed(claims().Set(4, -5))))).isEqualTo(Answer.BAD_REQUEST);
    }

    @Test
    void keyThatLiesOpenInASignedTokenIsRefused() {
        assertThat(code(verifier.verify(NOW, Tokens.signed(claims())))).isEqualTo(Answer.BAD_REQUEST);
    }

    @Test
    void cwtTagInFrontIsOptional() {
        Octets tagged = Octets.ofHex("d83d" + Tokens.cwt(Tokens.valid()).toHex());

        assertThat(code(verifier.verify(NOW, tagged))).isEqualTo(Answer.CREATED);
    }

    @Test
    void unknownKeyAndMissingKeyAreRefused() {
        assertThat(code(verifier.verify(NOW, Tokens.sealed(Octets.ofHex("ff"), claims()))))
                .isEqualTo(Answer.UNAUTHORIZED);
        assertThat(code(verifier.verify(NOW, Tokens.sealed(Octets.EMPTY, claims()))))
                .isEqualTo(Answer.UNAUTHORIZED);
    }

    @Test
    void keyServesItsOwnAlgorithmOnly() {
        IssuerKey confused = IssuerKey.parse(Tokens.ISSUER, "ccm", TokenAlgorithm.A128GCM, Tokens.CCM_KEY);

        Octets token = new TokenWriter(Optional.empty(), confused, new Random(1)).cwt(Tokens.valid());

        assertThat(code(verifier.verify(NOW, token))).isEqualTo(Answer.UNAUTHORIZED);
    }

    @Test
    void algorithmNoneIsRefused() {
        PlainJWT plain = new PlainJWT(new JWTClaimsSet.Builder()
                .issuer(Tokens.ISSUER)
                .audience(Tokens.AUDIENCE)
                .build());

        assertThat(code(verifier.verify(NOW, ascii(plain.serialize())))).isEqualTo(Answer.UNAUTHORIZED);
    }

    @Test
    void compressedTokenIsRefused() throws Exception {
        EncryptedJWT jwt = new EncryptedJWT(
                new JWEHeader.Builder(JWEAlgorithm.A256KW, EncryptionMethod.A128GCM)
                        .keyID("wrap")
                        .compressionAlgorithm(CompressionAlgorithm.DEF)
                        .build(),
                new JWTClaimsSet.Builder()
                        .audience(Tokens.AUDIENCE)
                        .claim("cnf", Map.of("jwk", Map.of("kty", "oct", "k", "A".repeat(43))))
                        .build());
        jwt.encrypt(new AESEncrypter(shown(Tokens.wrap().secret()).toArray()));

        assertThat(code(verifier.verify(NOW, ascii(jwt.serialize())))).isEqualTo(Answer.UNAUTHORIZED);
    }

    @Test
    void oversizedTokenIsRefusedUnread() {
        assertThat(code(verifier.verify(NOW, Octets.of(new byte[TokenVerifier.MAX_TOKEN + 1]))))
                .isEqualTo(Answer.BAD_REQUEST);
        assertThat(code(verifier.verify(NOW, ascii("ey" + "A".repeat(9000))))).isEqualTo(Answer.BAD_REQUEST);
    }

    @Property(tries = 300)
    void garbageIsRefusedAndNeverThrows(@ForAll @Size(max = 200) byte[] garbage) {
        assertThat(code(verifier.verify(NOW, Octets.of(garbage)))).isIn(Answer.BAD_REQUEST, Answer.UNAUTHORIZED);
    }

    @Property(tries = 300)
    void garbageInsideOfAGoodWrapperIsRefused(@ForAll @Size(max = 100) byte[] garbage) {
        CBORObject sealed = CoseEncrypt0.seal(
                CoseAead.AES_CCM_16_64_128,
                Tokens.ccm().kidOctets(),
                Tokens.ccm().secret(),
                NONCE,
                garbage);

        assertThat(code(verifier.verify(NOW, Octets.of(sealed.EncodeToBytes()))))
                .isEqualTo(Answer.BAD_REQUEST);
    }

    @Property(tries = 300)
    void jwtWithAnOctetChangedNeverThrows(@ForAll @IntRange(max = 300) int at, @ForAll byte value) {
        byte[] octets = Tokens.jwt(Tokens.valid()).toArray();
        octets[at % octets.length] = value;

        assertThat(code(verifier.verify(NOW, Octets.of(octets))))
                .isIn(Answer.BAD_REQUEST, Answer.UNAUTHORIZED, Answer.CREATED);
    }

    @Test
    void nothingPrintsASecret() {
        AccessToken token = Tokens.valid();
        List<Object> printed = List.of(
                token,
                new TokenVerdict.Accepted(token),
                Tokens.ccm(),
                verifier,
                verifier.verify(NOW, cwt(edit -> edit.audience("rs2"))));

        assertThat(printed.toString())
                .doesNotContainIgnoringCase(Tokens.POP_KEY.toHex())
                .doesNotContainIgnoringCase(Tokens.CCM_KEY);
    }

    private static CBORObject claims() {
        return CBORObject.NewOrderedMap()
                .Add(1, Tokens.ISSUER)
                .Add(3, Tokens.AUDIENCE)
                .Add(8, CBORObject.NewMap().Add(1, CBORObject.NewMap().Add(1, 4).Add(-1, Tokens.POP_KEY.toArray())));
    }

    private static Octets sealed(CBORObject claims) {
        return Tokens.sealed(Tokens.ccm().kidOctets(), claims);
    }

    private static Octets ascii(String text) {
        return Octets.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
