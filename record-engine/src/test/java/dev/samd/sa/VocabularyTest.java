// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
    private static SaError errorOf(Runnable call) {
        try {
            call.run();
        } catch (SaException e) {
            return e.error();
        }
        throw new AssertionError("nothing was refused");
    }

    @ParameterizedTest
    @CsvSource({
        "coap://Example.COM, coap://example.com",
        "COAP://example.com:5683, coap://example.com",
        "coap://example.com:, coap://example.com",
        "coap://example.com/, coap://example.com",
        "coap://example.com:61616, coap://example.com:61616",
        "coaps://example.com:5684, coaps://example.com",
        "coaps://example.com:5683, coaps://example.com:5683",
        "coap+tcp://example.com:5683, coap+tcp://example.com",
        "coap://[2001:DB8::1]:5683, coap://[2001:db8::1]",
        "coap://192.0.2.1:1, coap://192.0.2.1:1",
        "coap://example.com:05683, coap://example.com",
    })
    void endpointHasOneForm(String written, String canonical) {
        assertThat(Endpoint.parse(written)).hasToString(canonical).isEqualTo(Endpoint.parse(canonical));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "coap:",
                "coap://",
                "http://example.com",
                "coap://example.com/path",
                "coap://example.com?q",
                "coap://example.com#f",
                "coap://u@example.com",
                "coap://example.com:0",
                "coap://example.com:65536",
                "coap://example.com:-1",
                "coap://exa mple.com",
                "coap://[2001:db8::1",
                "coap://example.com:1:2",
                "://host"
            })
    void whatIsNoEndpointIsRefusedByName(String written) {
        assertThatThrownBy(() -> Endpoint.parse(written))
                .isInstanceOf(SaException.class)
                .hasMessageContaining("\"" + written + "\"");
    }

    @Test
    void endpointTellsItsParts() {
        Endpoint endpoint = Endpoint.parse("coaps://[2001:db8::1]:7777");

        assertThat(endpoint.scheme()).isEqualTo("coaps");
        assertThat(endpoint.host()).isEqualTo("2001:db8::1");
        assertThat(endpoint.port()).isEqualTo(7777);
        assertThat(Endpoint.parse("coap://h").port()).isEqualTo(5683);
        assertThat(Endpoint.of("coap", "2001:db8::1", 0)).hasToString("coap://[2001:db8::1]");
        assertThat(Endpoint.HOST_WIDE.isHostWide()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0000000000", "1", "zz", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void spiOfAWrongShapeIsRefused(String hex) {
        assertThat(errorOf(() -> Spi.ofHex(hex))).isEqualTo(SaError.INVALID_SPI);
    }

    @Test
    void spisCollideWhenOneBeginsTheOther() {
        Spi spi = Spi.ofHex("2b01");

        assertThat(spi.collidesWith(Spi.ofHex("2b"))).isTrue();
        assertThat(spi.collidesWith(Spi.ofHex("2b01ff"))).isTrue();
        assertThat(spi.collidesWith(spi)).isTrue();
        assertThat(spi.collidesWith(Spi.ofHex("2b02"))).isFalse();
    }

    @Test
    void suiteIsFoundByNumberNameAndAlgorithm() {
        assertThat(CipherSuite.parse("c0a8")).isEqualTo(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8);
        assertThat(CipherSuite.parse("C0A8")).isEqualTo(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8);
        assertThat(CipherSuite.parse("aes_128_ccm_8")).isEqualTo(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8);
        assertThat(CipherSuite.parse("TLS_PSK_WITH_AES_128_CCM_8")).isEqualTo(CipherSuite.ofCode(0xc0a8));
        assertThatThrownBy(() -> CipherSuite.parse("AES_512"))
                .hasMessageContaining("AES_512")
                .hasMessageContaining("AES_128_CCM_8");
        assertThat(errorOf(() -> CipherSuite.ofCode(0x1301))).isEqualTo(SaError.UNSUPPORTED_SUITE);
    }

    @ParameterizedTest
    @EnumSource(AeadAlgorithm.class)
    void everyAlgorithmHasAPskSuiteThatItsNameStandsFor(AeadAlgorithm aead) {
        assertThat(CipherSuite.parse(aead.name()).aead()).isEqualTo(aead);
        assertThat(aead.hardLimits().records()).isGreaterThan(aead.softLimits().records());
        assertThat(aead.hardLimits().failedOpenings())
                .isGreaterThan(aead.softLimits().failedOpenings());
    }

    @Test
    void suiteNumbersAreUnique() {
        Set<Integer> codes = new HashSet<>();
        for (CipherSuite suite : CipherSuite.values()) {
            assertThat(codes.add(suite.code())).as(suite.name()).isTrue();
        }
    }

    @Test
    void nobodyRaisesALimitAboveTheAlgorithm() {
        AeadAlgorithm ccm8 = AeadAlgorithm.AES_128_CCM_8;
        Limits wide = new Limits(Duration.ofHours(1), Duration.ZERO, Long.MAX_VALUE, 0, 1 << 20);

        Lifetime lifetime = new Lifetime(Limits.NONE, wide).within(ccm8);

        assertThat(lifetime.hard().records()).isEqualTo(1 << 23);
        assertThat(lifetime.hard().failedOpenings()).isEqualTo(1 << 14);
        assertThat(lifetime.hard().addTime()).isEqualTo(Duration.ofHours(1));
        assertThat(lifetime.within(ccm8)).isEqualTo(lifetime);
    }

    @Test
    void lifetimeWithoutLimitsIsThatOfTheAlgorithm() {
        assertThat(Lifetime.UNLIMITED.within(AeadAlgorithm.AES_128_GCM))
                .isEqualTo(AeadAlgorithm.AES_128_GCM.lifetime())
                .isSameAs(Lifetime.UNLIMITED.within(AeadAlgorithm.AES_128_GCM));
    }

    @Test
    void limitsThatCannotBeAreRefused() {
        assertThat(errorOf(() -> Limits.NONE.withRecords(-1))).isEqualTo(SaError.INVALID_LIFETIME);
        assertThat(errorOf(() -> new Limits(Duration.ofSeconds(-1), Duration.ZERO, 0, 0, 0)))
                .isEqualTo(SaError.INVALID_LIFETIME);
        assertThat(errorOf(() -> new Limits(Duration.ofDays(365 * 1000), Duration.ZERO, 0, 0, 0)))
                .isEqualTo(SaError.INVALID_LIFETIME);
    }

    @Test
    void everyMoveOfTheStateMachineIsTheOneOfTheDocument() {
        assertThat(SaState.LARVAL.next()).isEqualTo(EnumSet.of(SaState.MATURE, SaState.DEAD));
        assertThat(SaState.MATURE.next()).isEqualTo(EnumSet.of(SaState.DYING, SaState.DEAD));
        assertThat(SaState.DYING.next()).isEqualTo(EnumSet.of(SaState.MATURE, SaState.DEAD));
        assertThat(SaState.DEAD.next()).isEmpty();
    }

    @Test
    void closedKeyIsZeroedWhenTheLastBorrowerIsDone() {
        byte[] octets = {1, 2, 3, 4};
        KeyMaterial key = KeyMaterial.adopt(octets);

        byte[] borrowed = key.borrow();
        key.close();
        assertThat(borrowed).containsExactly(1, 2, 3, 4);
        assertThat(key.borrow()).isNull();
        key.giveBack();

        assertThat(octets).containsOnly(0);
    }

    @Test
    void keysAreComparedByTheirOctetsAndNeverPrinted() {
        KeyMaterial key = KeyMaterial.copyOf(new byte[] {0x5a, 0x5b});

        assertThat(key.sameAs(KeyMaterial.copyOf(new byte[] {0x5a, 0x5b}))).isTrue();
        assertThat(key.sameAs(KeyMaterial.copyOf(new byte[] {0x5a, 0x5c}))).isFalse();
        assertThat(key.toString()).doesNotContain("5a").doesNotContain("90");
        assertThat(new TrafficKeys(key, key).toString()).doesNotContain("5a");
    }

    @Test
    void numbersOutsideOfDtlsAreRefused() {
        assertThat(errorOf(() -> new History.ResumeSending(1L << 48))).isEqualTo(SaError.INVALID_SEQUENCE);
        assertThat(errorOf(() -> History.everythingSeenBelow(-1))).isEqualTo(SaError.INVALID_SEQUENCE);
        assertThat(History.everythingSeenBelow(0)).isEqualTo(History.FRESH);
        assertThat(History.everythingSeenBelow(7)).isEqualTo(new History.ResumeAccepting(6, Octets.EMPTY));
    }
}
