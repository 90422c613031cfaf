// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a chain goes, kept apart from it: a log that ends before its anchor was cut. Holds no secret.
 *
 * @param head the last line
 * @param mac made under the key of the line after it, so that nobody makes the anchor of a line that is past
 */
public record AuditAnchor(ChainHead head, Octets mac) {
    private static final Pattern FORM = Pattern.compile(
            "samd-audit-anchor-1 file=([0-9]{19}) seq=([0-9]{19}) hash=([0-9a-f]{64}) mac=([0-9a-f]{64})\n");

    static AuditAnchor of(ChainHead head, Ratchet next) {
        return new AuditAnchor(head, Octets.of(next.anchorMac(signed(head))));
    }

    /** Whether the keys after its last line made it. */
    boolean isMadeUnder(Ratchet next) {
        return MessageDigest.isEqual(mac.toArray(), next.anchorMac(signed(head)));
    }

    private static byte[] signed(ChainHead head) {
        return text(head).getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(ChainHead head) {
        return "samd-audit-anchor-1 file=%019d seq=%019d hash=%s"
                .formatted(head.file(), head.sequence(), head.hash().toHex());
    }

    /** The one line of its file, always of the same length: it is written in place, even when the disk is full. */
    public byte[] toOctets() {
        return (text(head) + " mac=" + mac.toHex() + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads what {@link #toOctets} gave.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static AuditAnchor read(byte[] octets) {
        Matcher form = FORM.matcher(new String(octets, StandardCharsets.ISO_8859_1));
        if (!form.matches()) {
            throw new IllegalArgumentException("no anchor of an audit log");
        }
        ChainHead head = new ChainHead(
                Long.parseLong(form.group(1)), Long.parseLong(form.group(2)), Octets.ofHex(form.group(3)));
        return new AuditAnchor(head, Octets.ofHex(form.group(4)));
    }
}
