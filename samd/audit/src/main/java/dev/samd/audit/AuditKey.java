// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import dev.samd.sa.KeyMaterial;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The key that verifies a log, and could make it again: as its own file has it. */
public final class AuditKey {
    /** Octets of the key. */
    public static final int LENGTH = Ratchet.KEY;

    private static final Pattern FORM = Pattern.compile("samd-audit-key-1 ([0-9a-f]{64})\n");

    private AuditKey() {}

    /** The one line of its file. The caller wipes it. */
    public static byte[] toOctets(byte[] key) {
        return ("samd-audit-key-1 " + HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads what {@link #toOctets} gave.
     *
     * @param octets wiped
     * @throws IllegalArgumentException if it is something else
     */
    public static KeyMaterial read(byte[] octets) {
        Matcher form = FORM.matcher(new String(octets, StandardCharsets.ISO_8859_1));
        Arrays.fill(octets, (byte) 0);
        if (!form.matches()) {
            throw new IllegalArgumentException("no key of an audit log");
        }
        return KeyMaterial.adopt(HexFormat.of().parseHex(form.group(1)));
    }
}
