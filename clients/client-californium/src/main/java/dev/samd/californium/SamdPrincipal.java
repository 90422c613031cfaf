// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.client.Opened.Sender;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.Rights;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.security.Principal;
import java.util.Set;

/**
 * The authenticated peer of a protected message, as {@code getSourceContext().getPeerIdentity()} gives it.
 *
 * @param identity what the key management protocol authenticated
 * @param peer the peer by its name as an endpoint
 * @param scope the peers that the SA may be used for
 * @param sa the SA of the message
 * @param spi the name of that SA on the wire
 * @param rights what the peer's credential allows, in the words of its issuer; {@link Rights#NONE} without one. Whether they
 *     cover a request is for the program to say: 4.03 for a resource, 4.05 for a method that they do not (RFC 9200 s5.10.2)
 */
public record SamdPrincipal(Identity identity, Endpoint peer, Set<Endpoint> scope, SaId sa, Spi spi, Rights rights)
        implements Principal {
    public SamdPrincipal {
        scope = Set.copyOf(scope);
    }

    static SamdPrincipal of(Sender sender) {
        return new SamdPrincipal(
                sender.identity(),
                sender.peer(),
                Set.copyOf(sender.scope()),
                sender.sa(),
                sender.spi(),
                sender.rights());
    }

    /** The key management protocol that authenticated the peer, {@code manual} for keys installed by hand. */
    public String kmp() {
        return identity.kmp();
    }

    /** The identity with the protocol that authenticated it: the same name under another protocol is another principal. */
    @Override
    public String getName() {
        return identity.toString();
    }
}
