// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.kit.Reasons;
import dev.samd.sa.Octets;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import javax.security.auth.kerberos.KerberosKey;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KeyTab;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.crypto.EncryptionHandler;
import org.apache.kerby.kerberos.kerb.type.ap.ApReq;
import org.apache.kerby.kerberos.kerb.type.base.EncryptedData;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionKey;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;
import org.apache.kerby.kerberos.kerb.type.ticket.EncTicketPart;

/**
 * The end of the ticket in an AP-REQ that JGSS has found good: JGSS does not tell it to an acceptor (its context lives for
 * ever). Tickets under keys of aes-cts-hmac-sha1-96 only: an SA that would outlive its ticket is not made.
 */
final class TicketEnd {
    private static final int SEQUENCE = 0x60;
    private static final int AP_REQ = 0x0100;

    private final KerberosPrincipal service;
    private final KeyTab keytab;

    TicketEnd(KerberosPrincipal service, KeyTab keytab) {
        this.service = service;
        this.keytab = keytab;
    }

    /** @throws KerberosException if no key of the keytab opens the ticket */
    Instant of(Octets token) throws KerberosException {
        try {
            ApReq request = new ApReq();
            request.decode(inner(token.toArray()));
            EncryptedData sealed = request.getTicket().getEncryptedEncPart();
            for (KerberosKey key : keytab.getKeys(service)) {
                if (key.getKeyType() == sealed.getEType().getValue()
                        && (sealed.getKvno() <= 0 || key.getVersionNumber() == sealed.getKvno())) {
                    return open(sealed, key);
                }
            }
        } catch (IOException | KrbException | RuntimeException e) {
            throw new KerberosException(Reasons.ENOKEY, "cannot read the end of the ticket");
        }
        throw new KerberosException(Reasons.ENOKEY, "no key of the keytab opens the ticket to read its end");
    }

    private static Instant open(EncryptedData sealed, KerberosKey key) throws KrbException, IOException {
        byte[] octets = key.getEncoded();
        try {
            byte[] part = EncryptionHandler.decrypt(
                    sealed,
                    new EncryptionKey(key.getKeyType(), octets, key.getVersionNumber()),
                    KeyUsage.KDC_REP_TICKET);
            EncTicketPart ticket = new EncTicketPart();
            ticket.decode(part);
            return Instant.ofEpochMilli(ticket.getEndTime().getTime());
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }

    /** What stands behind {@code 60 length 06 length OID 01 00} (RFC 4121 s4.1). */
    private static byte[] inner(byte[] token) throws IOException {
        int at = 1;
        int length = token[at++] & 0xff;
        at += length < 0x80 ? 0 : length & 0x7f;
        int oid = at + 2 + token[at + 1];
        if ((token[0] & 0xff) != SEQUENCE || token[at] != 6 || (token[oid] << 8 | token[oid + 1]) != AP_REQ) {
            throw new IOException("no AP-REQ");
        }
        return Arrays.copyOfRange(token, oid + 2, token.length);
    }
}
