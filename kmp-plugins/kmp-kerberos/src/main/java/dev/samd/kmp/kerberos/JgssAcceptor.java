// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.kit.Reasons;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.io.File;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.time.Instant;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KeyTab;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;

/** An acceptor of the JDK with a keytab. A new key in the keytab counts from the next AP-REQ on. */
final class JgssAcceptor implements Acceptor {
    private final Principal service;
    private final Subject subject;
    private final TicketEnd ends;

    /** @param keytab path of the keytab of the service */
    JgssAcceptor(Principal service, File keytab) {
        this.service = service;
        KerberosPrincipal principal = new KerberosPrincipal(service.toString());
        KeyTab keys = KeyTab.getInstance(principal, keytab);
        this.subject = new Subject(true, Set.of(principal), Set.of(), Set.of(keys));
        this.ends = new TicketEnd(principal, keys);
    }

    @Override
    public String realm() {
        return service.realm();
    }

    @Override
    public Accepted accept(Octets token, Octets binding) throws KerberosException {
        try {
            return Subject.doAs(subject, (PrivilegedExceptionAction<Accepted>) () -> accepted(token, binding));
        } catch (PrivilegedActionException e) {
            if (e.getException() instanceof KerberosException no) {
                throw no;
            }
            throw new KerberosException(errno(e.getException()), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // The JDK's readers of DER were not written for strangers.
            throw new KerberosException(Reasons.EPROTO, "a token that cannot be read");
        }
    }

    private static int errno(Exception e) {
        return e instanceof GSSException gss
                        && (gss.getMajor() == GSSException.DEFECTIVE_TOKEN || gss.getMajor() == GSSException.BAD_MECH)
                ? Reasons.EPROTO
                : Reasons.EKEYREJECTED;
    }

    private Accepted accepted(Octets token, Octets binding) throws GSSException, KerberosException {
        GSSManager manager = Jgss.manager();
        GSSContext context = manager.createContext(manager.createCredential(
                manager.createName(service.toString(), Jgss.PRINCIPAL),
                GSSCredential.INDEFINITE_LIFETIME,
                Jgss.KERBEROS,
                GSSCredential.ACCEPT_ONLY));
        try {
            Jgss.bind(context, binding);
            byte[] octets = token.toArray();
            byte[] reply = context.acceptSecContext(octets, 0, octets.length);
            if (reply == null) {
                throw new KerberosException(Reasons.EKEYREJECTED, "no mutual authentication was asked for");
            }
            Principal client = client(context);
            Instant end = ends.of(token);
            KeyMaterial subkey = Jgss.subkey(context);
            return new Accepted(Octets.of(reply), subkey, client, end);
        } finally {
            Jgss.dispose(context);
        }
    }

    private static Principal client(GSSContext context) throws GSSException, KerberosException {
        try {
            return Principal.parse(context.getSrcName().toString());
        } catch (IllegalArgumentException e) {
            throw new KerberosException(Reasons.EKEYREJECTED, String.valueOf(e.getMessage()));
        }
    }
}
