// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "'',      '',     true",
        "'',      a,      false",
        "a,       a,      true",
        "a,       A,      false",
        "*,       '',     true",
        "*,       abc,    true",
        "a*,      a,      true",
        "a*,      abc,    true",
        "a*,      ba,     false",
        "*c,      abc,    true",
        "*c,      abcd,   false",
        "a*c,     ac,     true",
        "a*c,     abcbc,  true",
        "a**c,    abc,    true",
        "a*b*c,   aXbYc,  true",
        "a*b*c,   acb,    false",
        "\\*,     *,      true",
        "\\*,     a,      false",
        "a\\*b,   a*b,    true",
        "*\\**,   a*b,    true",
        "*\\**,   ab,     false",
        "\\a,     a,      true",
        "\\\\,    \\,     true",
        "a\\,     a\\,    true",
    })
    void starStandsForAnyCharacters(String pattern, String text, boolean fits) {
        assertThat(Glob.fits(pattern, text)).isEqualTo(fits);
    }

    @Property
    void agreesWithTheSameThingAsARegularExpression(@ForAll("patterns") String pattern, @ForAll("texts") String text) {
        String regex = pattern.chars()
                .mapToObj(c -> c == '*' ? ".*" : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining());

        assertThat(Glob.fits(pattern, text))
                .isEqualTo(Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches());
    }

    @Property
    void escapedTextFitsItselfAlone(@ForAll("texts") String text, @ForAll("texts") String other) {
        String escaped = text.replace("*", "\\*");

        assertThat(Glob.fits(escaped, text)).isTrue();
        assertThat(Glob.fits(escaped, other)).isEqualTo(text.equals(other));
    }

    @Test
    void manyStarsTakeNoExponentialTime() {
        assertThat(Glob.fits("a*".repeat(500) + "b", "a".repeat(20_000))).isFalse();
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars('a', 'b', '*').ofMaxLength(8);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars('a', 'b', '*').ofMaxLength(8);
    }
}
