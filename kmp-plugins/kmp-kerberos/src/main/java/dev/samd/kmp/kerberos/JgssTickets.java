// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.kit.Reasons;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;

/** Tickets through the JDK. Each offer logs in anew: what it got is gone with it. */
final class JgssTickets implements Tickets {
    private static final String MODULE = "com.sun.security.auth.module.Krb5LoginModule";

    @Override
    public Offer offer(Service service, Octets binding) throws KerberosException {
        Subject subject = login(service);
        try {
            return Subject.doAs(subject, (PrivilegedExceptionAction<Offer>) () -> begin(service, binding, subject));
        } catch (PrivilegedActionException e) {
            if (e.getException() instanceof KerberosException no) {
                throw no;
            }
            throw new KerberosException(
                    Reasons.ENOKEY, "ticket for " + service.name() + ": " + words(e.getException()));
        }
    }

    private static Subject login(Service service) throws KerberosException {
        Map<String, String> options = new HashMap<>(Map.of("doNotPrompt", "true", "refreshKrb5Config", "true"));
        if (!service.client().isEmpty()) {
            options.put("principal", service.client());
        }
        if (service.keytab().isEmpty()) {
            if (!Files.isReadable(Path.of(service.ccache()))) {
                throw new KerberosException(
                        Reasons.ENOKEY, "cannot read credential cache " + service.ccache() + "; kinit makes one");
            }
            options.put("useTicketCache", "true");
            options.put("ticketCache", service.ccache());
        } else {
            Optional<String> fault = Keytab.fault(Path.of(service.keytab()), service.client());
            if (fault.isPresent()) {
                throw new KerberosException(Reasons.ENOKEY, fault.get());
            }
            options.put("useKeyTab", "true");
            options.put("keyTab", service.keytab());
            options.put("storeKey", "true");
        }
        try {
            LoginContext login = new LoginContext("samd", null, null, new Configuration() {
                @Override
                public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                    return new AppConfigurationEntry[] {
                        new AppConfigurationEntry(
                                MODULE, AppConfigurationEntry.LoginModuleControlFlag.REQUIRED, options)
                    };
                }
            });
            login.login();
            return login.getSubject();
        } catch (LoginException e) {
            String how = service.keytab().isEmpty()
                    ? "no ticket in credential cache " + service.ccache() + " that is good now"
                    : "login of " + service.client() + " with keytab " + service.keytab();
            throw new KerberosException(Reasons.ENOKEY, how + " (" + words(e) + ")");
        }
    }

    private static Offer begin(Service service, Octets binding, Subject subject)
            throws GSSException, KerberosException {
        GSSManager manager = Jgss.manager();
        GSSContext context = manager.createContext(
                manager.createName(service.name(), Jgss.PRINCIPAL),
                Jgss.KERBEROS,
                manager.createCredential(
                        null, GSSCredential.DEFAULT_LIFETIME, Jgss.KERBEROS, GSSCredential.INITIATE_ONLY),
                GSSContext.DEFAULT_LIFETIME);
        context.requestMutualAuth(true);
        context.requestCredDeleg(false);
        context.requestInteg(true);
        Jgss.bind(context, binding);
        Octets token = Octets.of(context.initSecContext(new byte[0], 0, 0));
        KerberosTicket ticket = subject.getPrivateCredentials(KerberosTicket.class).stream()
                .filter(one -> !one.getServer().getName().startsWith("krbtgt/"))
                .findFirst()
                .orElseThrow(() -> new KerberosException(Reasons.ENOKEY, "no ticket for " + service.name()));
        return new HeldOffer(
                context,
                subject,
                token,
                Principal.parse(ticket.getServer().getName()),
                ticket.getEndTime().toInstant());
    }

    /** The first line: the JDK's login sometimes puts a whole stack trace behind it. */
    private static String words(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no word of why");
    }

    /** A context that has begun. */
    private record HeldOffer(GSSContext context, Subject subject, Octets token, Principal service, Instant end)
            implements Offer {
        @Override
        public KeyMaterial subkey(Octets reply) throws KerberosException {
            try {
                byte[] octets = reply.toArray();
                byte[] more = Subject.doAs(subject, (PrivilegedExceptionAction<byte[]>)
                        () -> context.initSecContext(octets, 0, octets.length));
                if (more != null) {
                    throw new KerberosException(Reasons.EPROTO, "Kerberos wants more than one answer");
                }
                return Jgss.subkey(context);
            } catch (GSSException | PrivilegedActionException e) {
                throw new KerberosException(Reasons.EKEYREJECTED, "the answer does not authenticate " + service);
            }
        }

        @Override
        public void close() {
            Jgss.dispose(context);
        }

        @Override
        public String toString() {
            return "offer to " + service;
        }
    }
}
