// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageTargetTest {
    private final TargetCache cache = new TargetCache();

    /** Columns: Proxy-Uri, Proxy-Scheme, Uri-Host, Uri-Port, default target, target. */
    @ParameterizedTest
    @CsvSource({
        ",,example.com,,,coap://example.com",
        ",,example.com,5683,,coap://example.com",
        ",,EXAMPLE.Com,7777,,coap://example.com:7777",
        ",,192.0.2.1,,,coap://192.0.2.1",
        ",,[2001:DB8::1],,,coap://[2001:db8::1]",
        ",,2001:db8::1,61616,,coap://[2001:db8::1]:61616",
        ",,[::1]:99,,,coap://%5b%3a%3a1%5d%3a99",
        ",,h:99,,,coap://h%3a99",
        ",,a b/c,,,coap://a%20b%2fc",
        ",coaps,h,,,coaps://h",
        ",coaps,h,5684,,coaps://h",
        ",coap+tcp,h,,,coap+tcp://h",
        "coap://p:1/x?y,,,,,coap://p:1",
        "coap://p,coaps,h,7,,coap://p",
        ",,,,coaps://d:9,coaps://d:9",
        ",,,9,coap://d:9,coap://d:9",
        ",,d,9,coap://d:9,coap://d:9",
        ",,d,,coap://d:9,coap://d:9",
        ",,d,,coaps://d,coaps://d",
        "coap://d/x,,,,coap://d,coap://d"
    })
    void targetIsComputedFromTheMessage(
            String proxyUri, String proxyScheme, String host, Integer port, String defaultTarget, String target) {
        CoapMessage message = message(proxyUri, proxyScheme, host, port);
        Endpoint byDefault = defaultTarget == null ? Endpoint.HOST_WIDE : Endpoint.parse(defaultTarget);

        assertThat(MessageTarget.of(message, byDefault, "coap")).isEqualTo(Endpoint.parse(target));
        assertThat(cache.of(message, byDefault, "coap")).isEqualTo(Endpoint.parse(target));
        assertThat(cache.of(message, byDefault, "coap")).isEqualTo(Endpoint.parse(target));
    }

    @ParameterizedTest
    @CsvSource({
        ",,,,,NO_TARGET",
        ",,,7,,NO_TARGET",
        ",coap,,,,MALFORMED_COAP",
        ",coap,,7,coap://d,MALFORMED_COAP",
        ",,h,,coap://d,TARGET_MISMATCH",
        ",,d,1,coap://d,TARGET_MISMATCH",
        ",,,1,coap://d,TARGET_MISMATCH",
        ",coaps,d,,coap://d,TARGET_MISMATCH",
        "coap://p/x,,d,,coap://d,TARGET_MISMATCH",
        "coap://d:1/x,,,,coap://d,TARGET_MISMATCH",
        "nonsense,,h,,,MALFORMED_COAP",
        "http://p/x,,h,,,MALFORMED_ENDPOINT",
        "coap://p:0/x,,h,,,MALFORMED_ENDPOINT",
        "coap://p:65536/x,,h,,,MALFORMED_ENDPOINT",
        ",http,h,,,MALFORMED_ENDPOINT",
        ",,h,0,,MALFORMED_COAP",
        ",,h,65536,,MALFORMED_COAP"
    })
    void messageWithoutATargetOrWithTwoIsRefused(
            String proxyUri, String proxyScheme, String host, Integer port, String defaultTarget, SaError error) {
        CoapMessage message = message(proxyUri, proxyScheme, host, port);
        Endpoint byDefault = defaultTarget == null ? Endpoint.HOST_WIDE : Endpoint.parse(defaultTarget);

        assertRefused(error, () -> MessageTarget.of(message, byDefault, "coap"));
        assertRefused(error, () -> cache.of(message, byDefault, "coap"));
    }

    @Test
    void hostOf1To255OctetsIsTaken() {
        CoapMessage longest = CoapMessages.request(1, CoapOption.ofText(CoapOption.URI_HOST, "a".repeat(255)));
        CoapMessage longer = CoapMessages.request(1, CoapOption.ofText(CoapOption.URI_HOST, "a".repeat(256)));
        CoapMessage empty = CoapMessages.request(1, CoapMessages.empty(CoapOption.URI_HOST));

        assertThat(MessageTarget.of(longest, Endpoint.HOST_WIDE, "coap").host()).hasSize(255);
        assertRefused(SaError.MALFORMED_COAP, () -> MessageTarget.of(longer, Endpoint.HOST_WIDE, "coap"));
        assertRefused(SaError.MALFORMED_COAP, () -> MessageTarget.of(empty, Endpoint.HOST_WIDE, "coap"));
    }

    @Test
    void repeatedUriHostIsRefused() {
        CoapOption host = CoapOption.ofText(CoapOption.URI_HOST, "h");
        CoapMessage message = CoapMessages.request(1, host, host);

        assertRefused(SaError.MALFORMED_COAP, () -> MessageTarget.of(message, Endpoint.HOST_WIDE, "coap"));
    }

    @Test
    void schemeOfTheTransportServesWhereNobodyNamesOne() {
        CoapMessage message = message(null, null, "h", null);

        assertThat(MessageTarget.of(message, Endpoint.HOST_WIDE, "coaps")).isEqualTo(Endpoint.parse("coaps://h"));
        assertThat(cache.of(message, Endpoint.HOST_WIDE, "coaps")).isEqualTo(Endpoint.parse("coaps://h"));
        assertThat(cache.of(message, Endpoint.HOST_WIDE, MessageTarget.DEFAULT_SCHEME))
                .isEqualTo(Endpoint.parse("coap://h"));
    }

    @Test
    void cacheNeverMixesManyTargets() {
        for (int round = 0; round < 2; round++) {
            for (int i = 1; i <= 2_000; i++) {
                CoapMessage message = message(null, null, "host-" + i, i);

                assertThat(cache.of(message, Endpoint.HOST_WIDE, "coap"))
                        .isEqualTo(Endpoint.parse("coap://host-" + i + ":" + i));
            }
        }
    }

    @Test
    void cacheServesAHostOfAnyLengthAndWithAnyOptionBeforeIt() {
        String host = "a".repeat(200);
        CoapMessage message = CoapMessages.request(
                1,
                new CoapOption(CoapOption.IF_MATCH, Octets.ofHex("01")),
                CoapOption.ofText(CoapOption.URI_HOST, host));

        assertThat(cache.of(message, Endpoint.HOST_WIDE, "coap")).isEqualTo(Endpoint.parse("coap://" + host));
    }

    private static CoapMessage message(String proxyUri, String proxyScheme, String host, Integer port) {
        List<CoapOption> options = new ArrayList<>();
        options.add(CoapOption.ofText(CoapOption.URI_PATH, "x"));
        if (proxyUri != null) {
            options.add(CoapOption.ofText(CoapOption.PROXY_URI, proxyUri));
        }
        if (proxyScheme != null) {
            options.add(CoapOption.ofText(CoapOption.PROXY_SCHEME, proxyScheme));
        }
        if (host != null) {
            options.add(CoapOption.ofText(CoapOption.URI_HOST, host));
        }
        if (port != null) {
            options.add(CoapOption.ofUint(CoapOption.URI_PORT, port));
        }
        return CoapMessages.request(CoapCode.GET, options.toArray(new CoapOption[0]));
    }

    private static void assertRefused(SaError error, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SaException.class, e -> assertThat(e.error())
                .isEqualTo(error));
    }
}
