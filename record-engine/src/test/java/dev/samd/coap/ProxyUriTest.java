// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7252 s6.4, with the examples of s6.3 and of RFC 3986 s5.2.4. */
class ProxyUriTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "coap://h ''",
                "coap://h/ ''",
                "coap://h/a a",
                "coap://h/a/b a|b",
                "coap://h/a/ a|",
                "coap://h//a |a",
                "coap://h/// ||",
                "coap://h/%7Esensors/temp ~sensors|temp",
                "coap://h/%7esensors ~sensors",
                "coap://h/a%2Fb%26c%25 a/b&c%",
                "coap://h/a+b a+b",
                "coap://h/%E2%82%AC €",
                "coap://h/a?b/c a",
                "coap://h?b ''",
                "coap://h/a/b/c/./../../g a|g",
                "coap://h/mid/content=5/../6 mid|6",
                "coap://h/../a a",
                "coap://h/a/.. ''",
                "coap://h/a/b/.. a|",
                "coap://h/a/. a|",
                "coap://h/. ''",
                "coap://h/... ..."
            })
    void pathIsDecodedSegmentBySegment(String uri, String segments) {
        assertThat(texts(read(uri).path())).isEqualTo(segments);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "coap://h/a ''",
                "coap://h/a?q=1 q=1",
                "coap://h?q=1 q=1",
                "coap://h/a?a=1&b=2&c a=1|b=2|c",
                "coap://h/a?a&&b a||b",
                "coap://h/a?a& a|",
                "coap://h/a?%26=%3D&x &==|x",
                "coap://h/a?b?c/d b?c/d",
                "coap://h/a?u=http://x/../y u=http://x/../y"
            })
    void everyQueryArgumentIsDecoded(String uri, String arguments) {
        assertThat(texts(read(uri).query())).isEqualTo(arguments);
    }

    @Test
    void emptyQueryIsOneEmptyArgument() {
        assertThat(read("coap://h/a?").query()).containsExactly(Octets.EMPTY);
        assertThat(read("coap://h/a").query()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "coap://example.com:5683/~sensors/temp.xml coap://example.com:5683 coap://example.com",
                "coap://EXAMPLE.com/%7Esensors coap://EXAMPLE.com coap://example.com",
                "coap://EXAMPLE.com:/%7esensors coap://EXAMPLE.com: coap://example.com",
                "coaps://h:6000?q coaps://h:6000 coaps://h:6000",
                "coap://[2001:DB8::1]/a coap://[2001:DB8::1] coap://[2001:db8::1]",
                "coap://[2001:db8::1]:61616/a coap://[2001:db8::1]:61616 coap://[2001:db8::1]:61616",
                "coap://ex%61mple.com/a coap://ex%61mple.com coap://example.com",
                "coap://a%3a1/a coap://a%3a1 coap://a%3a1",
                "coap+tcp://h/a coap+tcp://h coap+tcp://h"
            })
    void proxyGetsWhatWasWrittenAndTheTargetIsCanonical(String uri, String authority, String target) {
        ProxyUri read = read(uri);

        assertThat(read.authority()).isEqualTo(authority);
        assertThat(read.target().uri()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "h/a",
                "/a",
                "coap:a",
                "coap:/h/a",
                "://h/a",
                "coap:///a",
                "coap://?q",
                "coap://user@h/a",
                "coap://h/a#f",
                "coap://h/a b",
                "coap://h/\u00e9",
                "coap://h/%",
                "coap://h/%4",
                "coap://h/%4g",
                "coap://h/%g4",
                "coap://h/a?%",
                "coap://%zz/a",
                "coap://h/%2e",
                "coap://h/a/%2E%2e/b"
            })
    void uriThatCannotBeDecomposedIsRefused(String uri) {
        assertMalformed(() -> read(uri));
    }

    @Test
    void partThatNoOptionHoldsIsRefused() {
        assertThat(read("coap://h/" + "a".repeat(255)).path()).hasSize(1);
        assertMalformed(() -> read("coap://h/" + "a".repeat(256)));
        assertMalformed(() -> read("coap://h/a?" + "a".repeat(256)));
    }

    @Test
    void uriAbove1034OctetsIsRefused() {
        String longest = "coap://h/" + "a/".repeat(512) + "a";

        assertThat(read(longest).path()).hasSize(513);
        assertMalformed(() -> read(longest + "a"));
    }

    @Test
    void secondProxyUriIsRefused() {
        CoapOption one = CoapOption.ofText(CoapOption.PROXY_URI, "coap://h/a");

        assertMalformed(() -> ProxyUri.of(CoapMessages.request(1, one, one)));
    }

    @Test
    void splitKeepsAllElseAndLeavesOutWhatTheUriOverrules() {
        CoapMessage original = CoapMessages.withPayload(
                CoapMessages.request(
                        CoapCode.PUT,
                        CoapOption.ofText(CoapOption.URI_HOST, "other"),
                        CoapOption.ofUint(CoapOption.URI_PORT, 1),
                        CoapOption.ofText(CoapOption.URI_PATH, "x"),
                        CoapOption.ofUint(CoapOption.CONTENT_FORMAT, 50),
                        CoapOption.ofText(CoapOption.URI_QUERY, "y"),
                        CoapOption.ofText(CoapOption.PROXY_URI, "coap://h:99/a/b?c")),
                Octets.ofHex("0102"));

        CoapMessage split = ProxyUri.split(original);

        assertThat(split)
                .isEqualTo(CoapMessages.withPayload(
                        CoapMessages.request(
                                CoapCode.PUT,
                                CoapOption.ofText(CoapOption.URI_PATH, "a"),
                                CoapOption.ofText(CoapOption.URI_PATH, "b"),
                                CoapOption.ofUint(CoapOption.CONTENT_FORMAT, 50),
                                CoapOption.ofText(CoapOption.URI_QUERY, "c"),
                                CoapOption.ofText(CoapOption.PROXY_URI, "coap://h:99")),
                        Octets.ofHex("0102")));
    }

    private static ProxyUri read(String uri) {
        return ProxyUri.of(CoapMessages.request(1, CoapOption.ofText(CoapOption.PROXY_URI, uri)));
    }

    private static String texts(List<Octets> parts) {
        return parts.stream()
                .map(part -> new String(part.toArray(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("|"));
    }

    private static void assertMalformed(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SaException.class, e -> assertThat(e.error()).isEqualTo(SaError.MALFORMED_COAP))
                .hasMessageStartingWith("Proxy-Uri");
    }
}
