// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.upokecenter.cbor.CBORObject;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoseTest {
    private static final Octets KID = Octets.ofHex("6b");

    /** RFC 8392 A.5: an encrypted CWT, whose tag verifies under the key of A.2.1. */
    @Test
    void encryptedTokenOfTheRfcOpens() {
        Octets token = Octets.ofHex("d08343a1010aa2044c53796d6d65747269633132" + "38054d99a0d7846e762c49ffe8a63e0b"
                + "5858b918a11fd81e438b7f973d9e2e119bcb22424ba0f38a80f27562f400ee1d0d6c0fdb559c02421fd384fc2ebe22"
                + "d7071378b0ea7428fff157444d45f7e6afcda1aae5f6495830c58627087fc5b4974f319a8707a635dd643b");
        KeyMaterial key = KeyMaterial.adopt(
                Octets.ofHex("231f4c4d4d3051fdc2ec0a3851d5b383").toArray());

        Optional<byte[]> claims = StrictCbor.decode(token.toArray())
                .map(CBORObject::UntagOne)
                .flatMap(CoseEncrypt0::parse)
                .flatMap(item -> item.open(key));

        assertThat(claims).isPresent();
        assertThat(Octets.of(claims.get()).toHex()).startsWith("a70175636f61703a2f2f61732e6578616d706c652e636f6d");
    }

    @ParameterizedTest
    @EnumSource(CoseAead.class)
    void whatIsSealedOpensUnderItsKeyOnly(CoseAead aead) {
        KeyMaterial key = KeyMaterial.adopt(new byte[16]);
        KeyMaterial other = KeyMaterial.adopt(Octets.ofHex("01".repeat(16)).toArray());
        byte[] content = {1, 2, 3};

        CBORObject item = CoseEncrypt0.seal(aead, KID, key, Octets.of(new byte[aead.nonceLength()]), content);
        CoseEncrypt0 sealed = CoseEncrypt0.parse(item.UntagOne()).orElseThrow();

        assertThat(sealed.open(key)).contains(content);
        assertThat(sealed.open(other)).isEmpty();
        assertThat(sealed.kid()).isEqualTo(KID);
    }

    @Test
    void closedKeyOpensNothing() {
        KeyMaterial key = KeyMaterial.adopt(new byte[16]);
        key.close();
        CBORObject item = CoseEncrypt0.seal(
                CoseAead.A128GCM, KID, KeyMaterial.adopt(new byte[16]), Octets.of(new byte[12]), new byte[0]);

        assertThatThrownBy(
                        () -> CoseEncrypt0.parse(item.UntagOne()).orElseThrow().open(key))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("use of a closed secret");
    }

    @Test
    void criticalHeaderThatNobodyUnderstandsIsRefused() {
        CBORObject closed =
                CBORObject.NewMap().Add(1, 10).Add(2, CBORObject.NewArray().Add(99));
        CBORObject item = CBORObject.NewArray()
                .Add(closed.EncodeToBytes())
                .Add(CBORObject.NewMap().Add(5, new byte[13]))
                .Add(new byte[20]);

        assertThat(CoseEncrypt0.parse(item)).isEmpty();
    }

    @Test
    void algorithmOutsideOfTheProtectedHeaderIsNone() {
        CBORObject item = CBORObject.NewArray()
                .Add(CBORObject.NewMap().EncodeToBytes())
                .Add(CBORObject.NewMap().Add(1, 10).Add(5, new byte[13]))
                .Add(new byte[20]);

        assertThat(CoseEncrypt0.parse(item)).isEmpty();
    }

    @Test
    void algorithmWithATagIsNone() {
        CBORObject item = CBORObject.NewArray()
                .Add(Octets.ofHex("a101d101").toArray())
                .Add(CBORObject.NewMap().Add(5, new byte[12]))
                .Add(new byte[32]);

        assertThat(CoseEncrypt0.parse(item)).isEmpty();
    }

    @Test
    void labelInBothHeadersIsRefused() {
        CBORObject item = CBORObject.NewArray()
                .Add(CBORObject.NewMap().Add(1, 10).Add(5, new byte[13]).EncodeToBytes())
                .Add(CBORObject.NewMap().Add(5, new byte[13]))
                .Add(new byte[20]);

        assertThat(CoseEncrypt0.parse(item)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a201010102", // a key twice
                "9f01ff", // an indefinite length
                "5f4101ff",
                "bf0101ff",
                "0101", // something behind it
                "", // nothing
                "62c328", // a text that is no UTF-8
                "9b7fffffffffffffff", // a length that nothing is allocated for
                "5b7fffffffffffffff00",
                "1c" // a reserved form
            })
    void carelessCborIsRefused(String hex) {
        assertThat(StrictCbor.decode(Octets.ofHex(hex).toArray())).isEmpty();
    }

    @Test
    void depthAndNumberOfItemsAreBounded() {
        assertThat(StrictCbor.decode(Octets.ofHex("81".repeat(16) + "01").toArray()))
                .isPresent();
        assertThat(StrictCbor.decode(Octets.ofHex("81".repeat(17) + "01").toArray()))
                .isEmpty();
        assertThat(StrictCbor.decode(Octets.ofHex("990258" + "01".repeat(600)).toArray()))
                .isEmpty();
    }

    @Property(tries = 1000)
    void garbageNeverThrows(@ForAll @Size(max = 64) byte[] garbage) {
        StrictCbor.decode(garbage).ifPresent(item -> {
            CoseEncrypt0.parse(item);
            CoseSign1.parse(item);
            CoseKey.parse(item);
        });
    }

    @Test
    void keyPrintsNoSecret() {
        CoseKey key = new CoseKey(
                KID, KeyMaterial.adopt(Octets.ofHex("c0ffee".repeat(6)).toArray()));

        assertThat(key.toString()).doesNotContain("c0ffee");
        assertThat(CoseKey.parse(key.toCbor()).orElseThrow().secret().sameAs(key.secret()))
                .isTrue();
    }
}
