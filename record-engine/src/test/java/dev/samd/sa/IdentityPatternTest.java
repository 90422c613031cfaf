// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityPatternTest {
    private static final Endpoint PEER = Endpoint.parse("coap://sensor-1:6000");
    private static final Identity TOKEN = new Identity("ace", IdentityType.TOKEN, "as.example", "sensor-1");

    private static IdentityPattern pattern(String kmp, String issuer, String value) {
        return new IdentityPattern(kmp, Optional.empty(), issuer, value);
    }

    @ParameterizedTest
    @CsvSource({
        "'',   '',         '',         true",
        "ace,  '',         '',         true",
        "a*,   '',         '',         true",
        "ac,   '',         '',         false",
        "'',   as.example, '',         true",
        "'',   as.*,       '',         true",
        "'',   as,         '',         false",
        "'',   '',         sensor-1,   true",
        "'',   '',         sensor-*,   true",
        "'',   '',         sensor,     false",
        "'',   '',         {host},     true",
        "'',   '',         x-{host},   false",
        "ace,  as.example, {host},     true",
        "ace,  other,      {host},     false",
    })
    void everyTextHasToFit(String kmp, String issuer, String value, boolean fits) {
        assertThat(pattern(kmp, issuer, value).fits(TOKEN, PEER)).isEqualTo(fits);
    }

    @Test
    void typeIsExactOrAny() {
        assertThat(new IdentityPattern("", Optional.of(IdentityType.TOKEN), "", "").fits(TOKEN, PEER))
                .isTrue();
        assertThat(new IdentityPattern("", Optional.of(IdentityType.PSK), "", "").fits(TOKEN, PEER))
                .isFalse();
        assertThat(IdentityPattern.ANY.fits(TOKEN, PEER)).isTrue();
    }

    @Test
    void hostOfThePeerIsNoPatternOfItsOwn() {
        Endpoint starred = Endpoint.parse("coap://*");

        assertThat(pattern("", "", "{host}").fits(TOKEN, starred)).isFalse();
        assertThat(pattern("", "", "{host}").fits(new Identity("ace", IdentityType.TOKEN, "", "*"), starred))
                .isTrue();
        assertThat(pattern("", "", "{host}-*").fits(new Identity("ace", IdentityType.TOKEN, "", "*-7"), starred))
                .isTrue();
    }

    @Test
    void hostOfAnIpv6PeerIsWithoutBrackets() {
        Identity identity = new Identity("psk", IdentityType.PSK, "", "gw-2001:db8::1");

        assertThat(pattern("", "", "gw-{host}").fits(identity, Endpoint.parse("coap://[2001:db8::1]")))
                .isTrue();
    }

    @Test
    void starInAnIdentityIsNoPattern() {
        assertThat(pattern("", "", "sensor-1").fits(new Identity("ace", IdentityType.TOKEN, "", "*"), PEER))
                .isFalse();
    }

    @Test
    void textShowsWhatIsAnything() {
        assertThat(IdentityPattern.ANY).hasToString("*:*");
        assertThat(pattern("ace", "as", "x-*")).hasToString("ace:as:x-*");
    }
}
