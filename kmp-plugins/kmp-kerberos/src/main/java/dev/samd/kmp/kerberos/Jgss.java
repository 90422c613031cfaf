// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import com.sun.security.jgss.ExtendedGSSContext;
import com.sun.security.jgss.InquireType;
import dev.samd.kmp.kit.Reasons;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.security.Key;
import org.ietf.jgss.ChannelBinding;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.MessageProp;
import org.ietf.jgss.Oid;

/** What both sides of JGSS share. */
final class Jgss {
    /** Kerberos 5. */
    static final Oid KERBEROS = oid("1.2.840.113554.1.2.2");
    /** Names that are principals: nothing is looked up about their hosts. */
    static final Oid PRINCIPAL = oid("1.2.840.113554.1.2.2.1");

    /** Flag of a per-message token: made with the acceptor's subkey (RFC 4121 s4.2.2). */
    private static final int ACCEPTOR_SUBKEY = 4;

    private static final int MIC_TOKEN = 0x0404;
    private static final int LEAST_KEY = 16;

    private Jgss() {}

    /**
     * The manager. The JDK's acceptor makes a subkey only where this property says so, and a repeated AP-REQ would otherwise
     * give the same key again on another node. It is one for the whole JVM; other acceptors lose nothing by it.
     */
    static GSSManager manager() {
        System.setProperty(JvmProperties.ACCEPTOR_SUBKEY, "true");
        return GSSManager.getInstance();
    }

    static void bind(GSSContext context, Octets binding) throws GSSException {
        context.setChannelBinding(new ChannelBinding(binding.toArray()));
    }

    /**
     * The acceptor's subkey of an established context. That it is one, and not the initiator's, stands in the flags of every
     * per-message token.
     *
     * @return the caller's
     * @throws KerberosException if the context has another key, or no mutual authentication
     */
    static KeyMaterial subkey(GSSContext context) throws KerberosException, GSSException {
        if (!context.isEstablished() || !context.getMutualAuthState()) {
            throw new KerberosException(Reasons.EKEYREJECTED, "no mutual authentication");
        }
        byte[] mic = context.getMIC(new byte[1], 0, 1, new MessageProp(0, false));
        if (mic.length < 3 || (mic[0] << 8 | mic[1]) != MIC_TOKEN || (mic[2] & ACCEPTOR_SUBKEY) == 0) {
            throw new KerberosException(Reasons.EKEYREJECTED, "the acceptor gave no subkey");
        }
        Key key = (Key) ((ExtendedGSSContext) context).inquireSecContext(InquireType.KRB5_GET_SESSION_KEY_EX);
        byte[] octets = key.getEncoded();
        if (octets.length < LEAST_KEY) {
            throw new KerberosException(Reasons.EKEYREJECTED, "a subkey of " + octets.length + " octets");
        }
        return KeyMaterial.adopt(octets);
    }

    /** Ends a context; that it cannot be ended is of no use to anybody. */
    static void dispose(GSSContext context) {
        try {
            context.dispose();
        } catch (GSSException e) {
            return;
        }
    }

    private static Oid oid(String text) {
        try {
            return new Oid(text);
        } catch (GSSException e) {
            throw new IllegalStateException(text, e);
        }
    }
}
