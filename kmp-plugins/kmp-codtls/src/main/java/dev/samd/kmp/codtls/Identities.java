// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.kit.PeerNames;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.security.cert.X509Certificate;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;

/** Whom a handshake authenticated, in the words of samd. */
final class Identities {
    private Identities() {}

    /** The peer of a server. */
    static Identity of(Principal principal) {
        if (principal instanceof PreSharedKeyIdentity psk) {
            return identity(IdentityType.PSK, "", psk.getIdentity());
        }
        if (principal instanceof X509CertPath path) {
            X509Certificate leaf = path.getTarget();
            return identity(
                    IdentityType.CERTIFICATE,
                    leaf.getIssuerX500Principal().getName(),
                    Trust.names(leaf).stream().findFirst().orElseGet(() -> leaf.getSubjectX500Principal()
                            .getName()));
        }
        if (principal instanceof RawPublicKeyIdentity raw) {
            return identity(IdentityType.RAW_PUBLIC_KEY, "", raw.getName());
        }
        throw new IllegalStateException("a peer without a name");
    }

    /** The server of a client, that has to be this one: the key, or the name of the certificate, says so. */
    static Identity of(Principal principal, String name) {
        Identity shown = of(principal);
        return identity(
                shown.type(), shown.issuer(), shown.type() == IdentityType.RAW_PUBLIC_KEY ? shown.value() : name);
    }

    private static Identity identity(IdentityType type, String issuer, String value) {
        return new Identity(CodtlsKmp.NAME, type, issuer, value);
    }

    /** The name of a peer that was authenticated as this. */
    static Endpoint peer(Identity identity) {
        return PeerNames.of(identity.value()).orElseGet(() -> {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256")
                        .digest(identity.value().getBytes(StandardCharsets.UTF_8));
                return Endpoint.parse("coap://" + Octets.of(hash).toHex().substring(0, 16) + "." + CodtlsKmp.NAME);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("the JDK has no SHA-256", e);
            }
        });
    }
}
