// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.fuzz.Finding;
import dev.samd.fuzz.FuzzTarget;
import dev.samd.sa.Octets;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KeyTab;

/**
 * Tokens of strangers, which have no ticket: through the JDK's acceptor with a real keytab, and beside it through the reader that
 * says whose ticket it was. Each is refused, in words that fit into a line of a log. What stands under the keys of a ticket is not
 * reached: to change it takes the key.
 */
public final class KerberosTokenTarget implements FuzzTarget {
    private static final Principal SERVICE = Principal.parse("coap/sensor-1@EXAMPLE.COM");
    private static final Octets BINDING = Octets.of(new byte[32]);
    private static final int AES256 = 18;
    private static final int LONGEST = 256;

    private final JgssAcceptor acceptor;
    private final TicketReader reader;

    /** With a keytab and a krb5.conf of its own. */
    public KerberosTokenTarget() {
        try {
            Path directory = Files.createTempDirectory("fuzz-");
            Path conf = Files.writeString(
                    directory.resolve("krb5.conf"),
                    "[libdefaults]\n  default_realm = EXAMPLE.COM\n  dns_lookup_kdc = false\n");
            System.setProperty(JvmProperties.KRB5_CONF, conf.toString());
            Path keytab = Files.write(directory.resolve("coap.keytab"), keytab());
            for (Path each : new Path[] {directory, conf, keytab}) {
                each.toFile().deleteOnExit();
            }
            KerberosPrincipal principal = new KerberosPrincipal(SERVICE.toString());
            acceptor = new JgssAcceptor(SERVICE, keytab.toFile());
            reader = new TicketReader(principal, KeyTab.getInstance(principal, keytab.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException("no keytab", e);
        }
    }

    /** A keytab with one key, version 2 of the format: counted strings, all numbers with the highest octet first. */
    private static byte[] keytab() throws IOException {
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(entry);
        out.writeShort(2);
        for (String part : new String[] {"EXAMPLE.COM", "coap", "sensor-1"}) {
            out.writeShort(part.length());
            out.writeBytes(part);
        }
        out.writeInt(1); // a name of a principal
        out.writeInt(0); // made in 1970
        out.writeByte(1);
        out.writeShort(AES256);
        out.writeShort(32);
        out.write(new byte[32]);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream whole = new DataOutputStream(file);
        whole.writeShort(0x0502);
        whole.writeInt(entry.size());
        whole.write(entry.toByteArray());
        return file.toByteArray();
    }

    @Override
    public boolean run(byte[] input) {
        Octets token = Octets.of(input);
        boolean taken =
                reader.read(token).map(ticket -> !ticket.toString().isEmpty()).orElse(false);
        try {
            acceptor.accept(token, BINDING).subkey().close();
        } catch (RefusedException refused) {
            Finding.unless(String.valueOf(refused.getMessage()).length() <= LONGEST, "a refusal that fills a log");
            return taken;
        }
        throw new Finding("a ticket that nobody issued");
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put("version-1", token("a103020101"));
        seeds.put("no-version", token(""));
        return seeds;
    }

    /**
     * An AP-REQ (RFC 4120 s5.5.1) as the initial token of GSS-API (RFC 4121 s4.1), whose sealed parts are nobody's.
     *
     * @param version of the service's key, as its field
     */
    private static byte[] token(String version) {
        String sealed = der(0x30, "a003020112", version, der(0xa2, der(0x04, "5a".repeat(64))));
        String name = der(0x30, "a003020101", der(0xa1, der(0x30, text("coap"), text("sensor-1"))));
        String ticket =
                der(0x61, der(0x30, "a003020105", der(0xa1, text("EXAMPLE.COM")), der(0xa2, name), der(0xa3, sealed)));
        String apReq = der(
                0x6e,
                der(0x30, "a003020105", "a10302010e", "a20703050020000000", der(0xa3, ticket), der(0xa4, sealed)));
        return HexFormat.of().parseHex(der(0x60, "06092a864886f712010202", "0100", apReq));
    }

    private static String text(String text) {
        return der(0x1b, HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** A field of DER, all in hexadecimal. */
    private static String der(int tag, String... content) {
        String inside = String.join("", content);
        int length = inside.length() / 2;
        String head = length < 0x80 ? "%02x%02x".formatted(tag, length) : "%02x82%04x".formatted(tag, length);
        return head + inside;
    }
}
