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
    private final TicketReader tickets;

    /** @param keytab path of the keytab of the service */
    JgssAcceptor(Principal service, File keytab) {
        this.service = service;
        KerberosPrincipal principal = new KerberosPrincipal(service.toString());
        KeyTab keys = KeyTab.getInstance(principal, keytab);
        this.subject = new Subject(true, Set.of(principal), Set.of(), Set.of(keys));
        this.tickets = new TicketReader(principal, keys);
    }

    @Override
    public String realm() {
        return service.realm();
    }

    @Override
    public Accepted accept(Octets token, Octets binding) throws RefusedException {
        try {
            return Subject.doAs(subject, (PrivilegedExceptionAction<Accepted>) () -> accepted(token, binding));
        } catch (PrivilegedActionException e) {
            throw refused(token, e.getException());
        } catch (RuntimeException e) {
            // The JDK's readers of DER were not written for strangers.
            throw new RefusedException(Refusal.MALFORMED, "a token that cannot be read");
        }
    }

    private RefusedException refused(Octets token, Exception why) {
        if (why instanceof RefusedException already) {
            return already;
        }
        String words = String.valueOf(
                why.getCause() == null ? why.getMessage() : why.getCause().getMessage());
        if (why instanceof GSSException gss
                && (gss.getMajor() == GSSException.DEFECTIVE_TOKEN || gss.getMajor() == GSSException.BAD_MECH)) {
            return new RefusedException(Refusal.MALFORMED, words);
        }
        String ticket = tickets.read(token).map(one -> one + ": ").orElse("");
        return new RefusedException(Refusal.of(words), Reasons.shortened(ticket + words));
    }

    private Accepted accepted(Octets token, Octets binding) throws GSSException, KerberosException, RefusedException {
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
                throw new RefusedException(Refusal.REJECTED, "no mutual authentication was asked for");
            }
            Principal client = client(context);
            Instant end = tickets.read(token)
                    .flatMap(TicketReader.Ticket::sealed)
                    .orElseThrow(() ->
                            new RefusedException(Refusal.ENDLESS, "ticket of " + client + " whose end cannot be read"))
                    .end();
            KeyMaterial subkey = Jgss.subkey(context);
            return new Accepted(Octets.of(reply), subkey, client, end);
        } finally {
            Jgss.dispose(context);
        }
    }

    private static Principal client(GSSContext context) throws GSSException, RefusedException {
        try {
            return Principal.parse(context.getSrcName().toString());
        } catch (IllegalArgumentException e) {
            throw new RefusedException(Refusal.REJECTED, String.valueOf(e.getMessage()));
        }
    }
}
