// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which paths a rule means: {@code /a/b} one, {@code /a/*} each with one segment more, {@code /a/**} it and all below it, the
 * empty pattern all. Immutable.
 *
 * <p>A message has decoded segments, and they are what is compared, never a path put together from them: the segment
 * {@code a/b} is not two, and an empty segment counts. Only a path of a single empty segment is the root, since RFC 7252 s6.5
 * writes both as {@code /}.
 */
public final class PathPattern {
    /** Fits every path. */
    public static final PathPattern ANY = new PathPattern("", List.of(), true);

    private static final int MAX_LENGTH = 1024;
    private static final int MAX_SEGMENT = 255; // RFC 7252 s5.10
    private static final String STAR = "*";
    private static final String BELOW = "**";

    private final String text;
    /** Each segment, null where any fits. */
    private final @Nullable Octets[] segments;

    private final boolean below;

    private PathPattern(String text, List<@Nullable Octets> segments, boolean below) {
        this.text = text;
        this.segments = segments.toArray(new @Nullable Octets[0]);
        this.below = below;
    }

    /**
     * The pattern of a text; empty for {@link #ANY}. Octets that a URI has to escape are percent-encoded, and so is a star that
     * stands for itself.
     *
     * @throws SaException {@link SaError#MALFORMED}
     */
    public static PathPattern parse(String text) {
        if (text.isEmpty()) {
            return ANY;
        }
        if (text.length() > MAX_LENGTH) {
            throw malformed(text, "has " + text.length() + " characters; at most " + MAX_LENGTH + " are taken");
        }
        if (text.charAt(0) != '/') {
            throw malformed(text, "does not begin with /");
        }
        List<@Nullable Octets> segments = new ArrayList<>();
        boolean below = false;
        List<String> parts =
                text.equals("/") ? List.of() : List.of(text.substring(1).split("/", -1));
        for (String part : parts) {
            if (below) {
                throw malformed(text, "goes on behind **, which stands at the end only");
            }
            if (part.equals(BELOW)) {
                below = true;
            } else {
                segments.add(part.equals(STAR) ? null : decoded(text, part));
            }
        }
        return new PathPattern(text, segments, below);
    }

    private static Octets decoded(String text, String part) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        byte[] written = part.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < written.length; i++) {
            int c = written[i];
            if (c == '*') {
                throw malformed(text, "has a star in a segment; %2A is the character");
            }
            if (c == '?' || c == '#' || (c >= 0 && c <= ' ')) {
                throw malformed(text, String.format("has the octet %02x, which is written %%%02X", c, c));
            }
            if (c != '%') {
                octets.write(c);
                continue;
            }
            int high = i + 2 < written.length ? Character.digit(written[i + 1], 16) : -1;
            int low = i + 2 < written.length ? Character.digit(written[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw malformed(text, "has a % without two hexadecimal digits");
            }
            octets.write(high << 4 | low);
            i += 2;
        }
        if (octets.size() > MAX_SEGMENT) {
            throw malformed(
                    text, "has a segment of " + octets.size() + " octets; at most " + MAX_SEGMENT + " can come");
        }
        return Octets.of(octets.toByteArray());
    }

    private static SaException malformed(String text, String what) {
        return new SaException(SaError.MALFORMED, text, "path \"" + text + "\" " + what);
    }

    /** Whether every path fits. */
    public boolean isAny() {
        return below && segments.length == 0;
    }

    /** Whether it fits one path only. */
    public boolean isExact() {
        return !below && Arrays.stream(segments).allMatch(Objects::nonNull);
    }

    /** Whether it fits one path only, or those one segment below one path that is not the root. */
    public boolean isOnePlace() {
        int last = segments.length - 1;
        return isExact()
                || (!below
                        && last > 0
                        && segments[last] == null
                        && Arrays.stream(segments, 0, last).allMatch(Objects::nonNull));
    }

    /** Whether the path of a request fits. */
    public boolean fits(CoapMessage request) {
        if (isAny()) {
            return true;
        }
        int count = segmentsOf(request);
        if (below ? count < segments.length : count != segments.length) {
            return false;
        }
        OptionCursor option = request.cursor();
        int at = 0;
        while (at < segments.length && option.advance()) {
            if (option.number() != CoapOption.URI_PATH) {
                continue;
            }
            Octets wanted = segments[at++];
            if (wanted != null && !isValueOf(option, wanted, request.lent())) {
                return false;
            }
        }
        return true;
    }

    /** Number of segments; none for a single empty one. */
    private static int segmentsOf(CoapMessage request) {
        if (!request.has(CoapOption.URI_PATH)) {
            return 0;
        }
        int count = 0;
        boolean filled = false;
        OptionCursor option = request.cursor();
        while (option.advance() && option.number() <= CoapOption.URI_PATH) {
            if (option.number() == CoapOption.URI_PATH) {
                count++;
                filled |= option.valueLength() > 0;
            }
        }
        return count == 1 && !filled ? 0 : count;
    }

    private static boolean isValueOf(OptionCursor option, Octets wanted, byte[] octets) {
        return wanted.length() == option.valueLength()
                && wanted.isPrefixOf(octets, option.valueOffset(), option.valueLength());
    }

    /**
     * The options of the one path that fits.
     *
     * @throws IllegalStateException if there may be several
     */
    public List<CoapOption> options() {
        List<CoapOption> options = new ArrayList<>();
        for (Octets segment : segments) {
            if (segment != null) {
                options.add(new CoapOption(CoapOption.URI_PATH, segment));
            }
        }
        if (below || options.size() != segments.length) {
            throw new IllegalStateException("path \"" + text + "\" fits several paths");
        }
        return List.copyOf(options);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathPattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
