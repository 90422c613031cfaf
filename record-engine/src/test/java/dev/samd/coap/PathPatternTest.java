// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {
    /** A request to a path; segments are separated by blanks, _ is an empty one, - none at all. */
    private static CoapMessage request(String segments) {
        CoapOption[] options = segments.equals("-")
                ? new CoapOption[0]
                : Arrays.stream(segments.split(" "))
                        .map(segment -> CoapOption.ofText(CoapOption.URI_PATH, segment.equals("_") ? "" : segment))
                        .toArray(CoapOption[]::new);
        return CoapMessages.request(CoapCode.GET, options);
    }

    @ParameterizedTest
    @CsvSource({
        "/,        -,         true",
        "/,        a,         false",
        "/,        _,         true", // RFC 7252 s6.5 writes both as /
        "/,        _ _,       false",
        "/a,       a,         true",
        "/a,       A,         false",
        "/a,       ab,        false",
        "/a,       a b,       false",
        "/a,       a _,       false",
        "/a/,      a _,       true",
        "/a/,      a,         false",
        "/a//b,    a _ b,     true",
        "/a//b,    a b,       false",
        "//a,      _ a,       true",
        "/admin/x, admin x,   true",
        "/admin/x, admin/x,   false",
        "/admin%2Fx, admin/x, true",
        "/admin%2Fx, admin x, false",
        "/%61,     a,         true",
        "/%2A,     *,         true",
        "/%2A,     a,         false",
        "/%2A%2A,  **,        true",
        "/*,       a,         true",
        "/*,       a/b,       true",
        "/*,       -,         false",
        "/*,       _,         false",
        "/*,       a b,       false",
        "/a/*/c,   a b c,     true",
        "/a/*/c,   a _ c,     true",
        "/a/*/c,   a c,       false",
        "/a/*/c,   a b b c,   false",
        "/a/**,    a,         true",
        "/a/**,    a _,       true",
        "/a/**,    a b c,     true",
        "/a/**,    ab,        false",
        "/a/**,    a/b,       false",
        "/**,      -,         true",
        "/**,      a b,       true",
        "/*/**,    -,         false",
        "/*/**,    a b,       true",
        "/ä,       ä,         true",
        "/%C3%A4,  ä,         true",
    })
    void segmentsAreComparedNotPaths(String pattern, String segments, boolean fits) {
        assertThat(PathPattern.parse(pattern).fits(request(segments))).isEqualTo(fits);
    }

    @Test
    void emptyPatternFitsEveryPath() {
        assertThat(PathPattern.ANY.fits(request("-"))).isTrue();
        assertThat(PathPattern.ANY.fits(request("a _ b"))).isTrue();
        assertThat(PathPattern.parse("")).isEqualTo(PathPattern.ANY);
        assertThat(PathPattern.parse("/**").isAny()).isTrue();
        assertThat(PathPattern.parse("/a/**").isAny()).isFalse();
        assertThat(PathPattern.parse("/").isAny()).isFalse();
    }

    @Test
    void otherOptionsAroundThePathDoNotMatter() {
        CoapMessage request = CoapMessages.request(
                CoapCode.GET,
                CoapOption.ofText(CoapOption.URI_HOST, "a"),
                CoapOption.ofText(CoapOption.URI_PATH, "x"),
                CoapOption.ofText(CoapOption.URI_PATH, "y"),
                CoapOption.ofText(CoapOption.URI_QUERY, "z"));

        assertThat(PathPattern.parse("/x/y").fits(request)).isTrue();
        assertThat(PathPattern.parse("/x").fits(request)).isFalse();
        assertThat(PathPattern.parse("/x/y/z").fits(request)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a        | does not begin with /",
                "/a/**/b  | goes on behind **",
                "/a*      | has a star in a segment",
                "/***     | has a star in a segment",
                "/a?b     | has the octet 3f, which is written %3F",
                "/a b     | has the octet 20",
                "/a#b     | has the octet 23",
                "/%4      | has a % without two hexadecimal digits",
                "/%       | has a % without two hexadecimal digits",
                "/%zz     | has a % without two hexadecimal digits",
                "/%-1     | has a % without two hexadecimal digits",
            })
    void whatIsNoPatternIsNamed(String text, String message) {
        SaException e = catchThrowableOfType(SaException.class, () -> PathPattern.parse(text));

        assertThat(e.error()).isEqualTo(SaError.MALFORMED);
        assertThat(e).hasMessageStartingWith("path \"" + text + "\" ").hasMessageContaining(message);
    }

    @Test
    void lengthsAreBounded() {
        assertThat(PathPattern.parse("/" + "a".repeat(255)).isExact()).isTrue();
        assertThat(catchThrowableOfType(SaException.class, () -> PathPattern.parse("/" + "a".repeat(256))))
                .hasMessageContaining("segment of 256 octets");
        assertThat(catchThrowableOfType(SaException.class, () -> PathPattern.parse("/a".repeat(513))))
                .hasMessageContaining("1026 characters");
    }

    @Test
    void onePlaceIsAPathOrWhatIsOneSegmentBelowIt() {
        assertThat(List.of("/a", "/a/b", "/a/*", "/a/b/*"))
                .allSatisfy(text -> assertThat(PathPattern.parse(text).isOnePlace())
                        .as(text)
                        .isTrue());
        assertThat(List.of("", "/*", "/**", "/a/**", "/*/b", "/*/*", "/a/*/*"))
                .allSatisfy(text -> assertThat(PathPattern.parse(text).isOnePlace())
                        .as(text)
                        .isFalse());
    }

    @Test
    void onlyOneThatFitsOnePathGivesItsOptions() {
        assertThat(PathPattern.parse("/a%2Fb/").options())
                .containsExactly(
                        CoapOption.ofText(CoapOption.URI_PATH, "a/b"), CoapOption.ofText(CoapOption.URI_PATH, ""));
        assertThat(PathPattern.parse("/").options()).isEmpty();
        assertThat(PathPattern.parse("/a/*").isExact()).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> PathPattern.parse("/a/*").options());
        assertThatIllegalStateException().isThrownBy(PathPattern.ANY::options);
    }

    @Property
    void anyPathFitsItsOwnEncodingAndEveryStar(@ForAll("paths") List<String> segments) {
        CoapMessage request = CoapMessages.request(
                CoapCode.GET,
                segments.stream()
                        .map(segment -> CoapOption.ofText(CoapOption.URI_PATH, segment))
                        .toArray(CoapOption[]::new));
        String written = segments.stream().map(PathPatternTest::escaped).collect(Collectors.joining("/", "/", ""));
        String stars = segments.stream().map(segment -> "*").collect(Collectors.joining("/", "/", ""));

        assertThat(PathPattern.parse(written).fits(request)).isTrue();
        assertThat(PathPattern.parse(stars).fits(request))
                .isEqualTo(segments.size() > 1 || !segments.get(0).isEmpty());
        assertThat(PathPattern.parse("/**").fits(request)).isTrue();
        assertThat(PathPattern.parse(written + "/more").fits(request)).isFalse();
    }

    private static String escaped(String segment) {
        StringBuilder text = new StringBuilder();
        for (byte octet : segment.getBytes(StandardCharsets.UTF_8)) {
            text.append(String.format(Locale.ROOT, "%%%02x", octet & 0xff));
        }
        return text.toString();
    }

    @Provide
    Arbitrary<List<String>> paths() {
        return Arbitraries.strings()
                .withChars('a', '/', '*', '%', ' ', 'ä')
                .ofMaxLength(5)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }
}
