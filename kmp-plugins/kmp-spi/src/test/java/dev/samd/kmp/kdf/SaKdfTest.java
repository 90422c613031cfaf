// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kdf;

import static dev.samd.kmp.kdf.SaKdfVector.shown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Spi;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SaKdfTest {
    private static final SaKdfVector VECTOR = SaKdfVector.of("token-ccm8");

    /** RFC 5869 A.1: a case of HKDF alone. */
    @Test
    void hkdfAgreesWithItsRfc() {
        try (KeyMaterial ikm = KeyMaterial.adopt(Octets.ofHex("0b".repeat(22)).toArray());
                KeyMaterial prk = Hkdf.extract(HkdfHash.SHA256, Octets.ofHex("000102030405060708090a0b0c"), ikm)) {
            assertThat(shown(prk).toHex())
                    .isEqualTo("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
            assertThat(Octets.of(Hkdf.expand(HkdfHash.SHA256, prk, Octets.ofHex("f0f1f2f3f4f5f6f7f8f9"), 42))
                            .toHex())
                    .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
        }
    }

    /** RFC 5869 A.3: no salt stands for zeros. */
    @Test
    void emptySaltStandsForZeros() {
        try (KeyMaterial ikm = KeyMaterial.adopt(Octets.ofHex("0b".repeat(22)).toArray());
                KeyMaterial prk = Hkdf.extract(HkdfHash.SHA256, Octets.EMPTY, ikm)) {
            assertThat(shown(prk).toHex())
                    .isEqualTo("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04");
        }
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void everySuiteGetsKeysOfItsLengths(CipherSuite suite) {
        SaKdfInput input = with(suite);

        try (KeyMaterial ikm = VECTOR.ikm();
                SaKdf kdf = new SaKdf(ikm, input);
                PairKeys keys = kdf.pairKeys()) {
            keys.initiator().requireFor(suite);
            keys.responder().requireFor(suite);
            assertThat(keys.initiator().key().sameAs(keys.responder().key())).isFalse();
        }
    }

    static Stream<UnaryOperator<SaKdfInput>> changes() {
        Octets other = Octets.ofHex("0102030405060708090a");
        return Stream.of(
                i -> copy(i, other, i.n1(), i.n2(), i.contextHash(), i.id1(), i.id2()),
                i -> copy(i, i.salt(), other, i.n2(), i.contextHash(), i.id1(), i.id2()),
                i -> copy(i, i.salt(), i.n1(), other, i.contextHash(), i.id1(), i.id2()),
                i -> copy(i, i.salt(), i.n1(), i.n2(), Octets.ofHex("11".repeat(32)), i.id1(), i.id2()),
                i -> copy(i, i.salt(), i.n1(), i.n2(), i.contextHash(), new Spi(other), i.id2()),
                i -> copy(i, i.salt(), i.n1(), i.n2(), i.contextHash(), i.id1(), new Spi(other)),
                i -> copy(i, i.salt(), i.n1(), i.n2(), i.contextHash(), i.id2(), i.id1()));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyInputChangesEveryOutput(UnaryOperator<SaKdfInput> change) {
        try (KeyMaterial ikm = VECTOR.ikm();
                SaKdf one = new SaKdf(ikm, VECTOR.input());
                SaKdf other = new SaKdf(ikm, change.apply(VECTOR.input()));
                PairKeys oneKeys = one.pairKeys();
                PairKeys otherKeys = other.pairKeys();
                KeyMaterial oneRekey = one.rekeySecret();
                KeyMaterial otherRekey = other.rekeySecret()) {
            assertThat(oneKeys.initiator().key().sameAs(otherKeys.initiator().key()))
                    .isFalse();
            assertThat(oneKeys.responder().key().sameAs(otherKeys.responder().key()))
                    .isFalse();
            assertThat(oneRekey.sameAs(otherRekey)).isFalse();
            assertThat(one.saTag()).isNotEqualTo(other.saTag());
        }
    }

    @Property(tries = 50)
    void bothEndsDeriveTheSameFromTheSameInputs(@ForAll @Size(min = 16, max = 64) byte[] secret) {
        try (KeyMaterial mine = KeyMaterial.copyOf(secret);
                KeyMaterial theirs = KeyMaterial.copyOf(secret);
                SaKdf here = new SaKdf(mine, VECTOR.input());
                SaKdf there = new SaKdf(theirs, VECTOR.input());
                PairKeys hereKeys = here.pairKeys();
                PairKeys thereKeys = there.pairKeys()) {
            assertThat(hereKeys.initiator().key().sameAs(thereKeys.initiator().key()))
                    .isTrue();
            assertThat(here.saTag()).isEqualTo(there.saTag());
        }
    }

    @Test
    void closedDerivationGivesNothingMore() {
        try (KeyMaterial ikm = VECTOR.ikm()) {
            SaKdf kdf = new SaKdf(ikm, VECTOR.input());
            kdf.close();

            assertThatThrownBy(kdf::rekeySecret).isInstanceOf(IllegalStateException.class);
            assertThat(ikm.borrow()).as("the secret stays its owner's").isNotNull();
        }
    }

    @Test
    void keysAreZeroedWhenClosed() {
        try (KeyMaterial ikm = VECTOR.ikm();
                SaKdf kdf = new SaKdf(ikm, VECTOR.input())) {
            PairKeys keys = kdf.pairKeys();
            keys.close();

            assertThat(keys.initiator().key().borrow()).isNull();
            assertThat(keys.responder().iv().borrow()).isNull();
        }
    }

    @Test
    void nothingPrintsASecret() {
        try (KeyMaterial ikm = VECTOR.ikm();
                SaKdf kdf = new SaKdf(ikm, VECTOR.input());
                PairKeys keys = kdf.pairKeys()) {
            String printed = kdf + " " + keys;

            for (String secret : new String[] {"ikm", "prk", "rekey", "exporter"}) {
                assertThat(printed).doesNotContain(VECTOR.octets(secret).toHex());
            }
            assertThat(printed)
                    .doesNotContain(shown(keys.initiator().key()).toHex())
                    .doesNotContain(shown(keys.responder().iv()).toHex());
        }
    }

    @Test
    void inputsOutsideOfTheirBoundsAreRefused() {
        SaKdfInput i = VECTOR.input();

        assertThatThrownBy(() -> copy(i, i.salt(), Octets.ofHex("01"), i.n2(), i.contextHash(), i.id1(), i.id2()))
                .hasMessage("N1 of 1 octets; at least 8 expected");
        assertThatThrownBy(() -> copy(i, i.salt(), i.n1(), i.n2(), Octets.ofHex("01"), i.id1(), i.id2()))
                .hasMessage("context hash of 1 octets; 32 expected");
        assertThatThrownBy(() -> Hkdf.expand(HkdfHash.SHA256, VECTOR.ikm(), Octets.EMPTY, 255 * 32 + 1))
                .hasMessageStartingWith("HKDF-Expand to 8161 octets");
    }

    @Test
    void longNumbersAndTextsAreWrittenInTheirShortestForm() {
        Octets written = new CborOctets()
                .array(4)
                .number(23)
                .number(24)
                .number(0x1_0000)
                .octets(Octets.of(new byte[256]))
                .toOctets();

        assertThat(written.toHex()).isEqualTo("84" + "17" + "1818" + "1a00010000" + "590100" + "00".repeat(256));
    }

    private static SaKdfInput with(CipherSuite suite) {
        SaKdfInput i = VECTOR.input();
        return new SaKdfInput(i.salt(), i.n1(), i.n2(), i.contextHash(), i.id1(), i.id2(), suite, RecordVersion.DTLS12);
    }

    private static SaKdfInput copy(
            SaKdfInput i, Octets salt, Octets n1, Octets n2, Octets contextHash, Spi id1, Spi id2) {
        return new SaKdfInput(salt, n1, n2, contextHash, id1, id2, i.suite(), i.version());
    }
}
