// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 90s}, {@code 15m}, {@code 2h}, {@code 7d}, plain seconds, ISO-8601. */
final class Durations {
    private static final Pattern SHORT = Pattern.compile("(\\d{1,10})([smhd]?)");

    private Durations() {}

    static Duration parse(String text) {
        Matcher form = SHORT.matcher(text.toLowerCase(Locale.ROOT));
        if (form.matches()) {
            long number = Long.parseLong(form.group(1));
            return switch (form.group(2)) {
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                case "d" -> Duration.ofDays(number);
                default -> Duration.ofSeconds(number);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("'" + text + "' is no duration: 90s, 15m, 2h, 7d, seconds, or ISO-8601");
        }
    }

    /** A duration in its two largest units, {@code 3d4h}. */
    static String show(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + "m" + seconds % 60 + "s";
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + "h" + seconds % 3_600 / 60 + "m";
        }
        return seconds / 86_400 + "d" + seconds % 86_400 / 3_600 + "h";
    }
}
