// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.sa.Octets;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import javax.security.auth.kerberos.KerberosKey;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KeyTab;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.crypto.EncryptionHandler;
import org.apache.kerby.kerberos.kerb.type.base.EncryptedData;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionKey;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;
import org.bouncycastle.asn1.ASN1GeneralizedTime;

/**
 * Reads the ticket in an AP-REQ, beside JGSS. That one tells an acceptor neither the end of a good ticket (its context lives for
 * ever), nor whose a refused one was.
 */
final class TicketReader {
    private static final int SEQUENCE = 0x60;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int AP_REQ_TOKEN = 0x0100;
    private static final int LONGEST_NAME = 80;

    private final KerberosPrincipal service;
    private final KeyTab keytab;

    TicketReader(KerberosPrincipal service, KeyTab keytab) {
        this.service = service;
        this.keytab = keytab;
    }

    /**
     * A ticket (RFC 4120 s5.3).
     *
     * @param service as it says in clear, which anybody could have written; printable
     * @param keyVersion version of the service's key, 0 if it does not say
     * @param sealed what stands under that key; empty if no key of the keytab opens it
     */
    record Ticket(String service, int keyVersion, Optional<Sealed> sealed) {
        @Override
        public String toString() {
            return sealed.map(one -> "ticket of " + one.client() + " for " + service + " until " + one.end())
                    .orElseGet(() -> "ticket for " + service + " under version " + keyVersion
                            + " of its service's key, which no key of the keytab opens");
        }
    }

    /** What the centre vouches for. */
    record Sealed(String client, Instant end) {}

    /** The ticket in the initial token of GSS-API; empty if there is none. */
    Optional<Ticket> read(Octets token) {
        try {
            TaggedFields ticket = TaggedFields.read(apReq(token.toArray())).inner(3);
            TaggedFields part = ticket.inner(3);
            int version = part.has(1) ? part.number(1) : 0;
            return Optional.of(new Ticket(
                    name(ticket.inner(2), ticket.text(1)), version, opened(part.number(0), version, part.octets(2))));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private Optional<Sealed> opened(int type, int version, byte[] sealed) {
        for (KerberosKey key : keytab.getKeys(service)) {
            if (key.getKeyType() == type
                    && (version == 0 || key.getVersionNumber() == 0 || key.getVersionNumber() == version)) {
                Optional<Sealed> read = opened(key, sealed);
                if (read.isPresent()) {
                    return read;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Sealed> opened(KerberosKey key, byte[] sealed) {
        byte[] octets = key.getEncoded();
        Optional<byte[]> clear = Optional.empty();
        try {
            clear = clear(key.getKeyType(), octets, sealed);
            if (clear.isEmpty()) {
                return Optional.empty();
            }
            TaggedFields part = TaggedFields.read(clear.get());
            return Optional.of(new Sealed(
                    name(part.inner(3), part.text(2)),
                    ASN1GeneralizedTime.getInstance(part.field(7)).getDate().toInstant()));
        } catch (IOException | ParseException | KrbException | GeneralSecurityException | RuntimeException e) {
            return Optional.empty();
        } finally {
            Arrays.fill(octets, (byte) 0);
            clear.ifPresent(part -> Arrays.fill(part, (byte) 0));
        }
    }

    private static Optional<byte[]> clear(int type, byte[] key, byte[] sealed)
            throws KrbException, GeneralSecurityException {
        Optional<AesSha2> scheme = AesSha2.of(type);
        if (scheme.isPresent()) {
            return scheme.get().open(key, KeyUsage.KDC_REP_TICKET.getValue(), sealed);
        }
        EncryptedData data = new EncryptedData();
        data.setEType(EncryptionType.fromValue(type));
        data.setCipher(sealed);
        return Optional.of(EncryptionHandler.decrypt(data, new EncryptionKey(type, key), KeyUsage.KDC_REP_TICKET));
    }

    /** What stands behind {@code 60 length 06 length OID 01 00} (RFC 4121 s4.1). */
    private static byte[] apReq(byte[] token) throws IOException {
        int at = 1;
        int length = token[at++] & 0xff;
        at += length < 0x80 ? 0 : length & 0x7f;
        int id = at + 2 + token[at + 1];
        if ((token[0] & 0xff) != SEQUENCE
                || token[at] != OBJECT_IDENTIFIER
                || (token[id] << 8 | token[id + 1]) != AP_REQ_TOKEN) {
            throw new IOException("no AP-REQ");
        }
        return Arrays.copyOfRange(token, id + 2, token.length);
    }

    /** A principal for a line of a log. */
    private static String name(TaggedFields principal, String realm) {
        String plain = (String.join("/", principal.texts(1)) + "@" + realm).replaceAll("[^!#-~]", "?");
        return plain.length() <= LONGEST_NAME ? plain : plain.substring(0, LONGEST_NAME) + "...";
    }
}
