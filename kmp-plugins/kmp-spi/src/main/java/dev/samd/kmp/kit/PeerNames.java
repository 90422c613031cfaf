// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kit;

import dev.samd.sa.Endpoint;
import dev.samd.sa.SaException;
import java.util.Optional;

/** Names of peers that were authenticated under a name of another kind. */
public final class PeerNames {
    private PeerNames() {}

    /** {@code coap://NAME}, if that is the name of an endpoint and says no more than the name does. */
    public static Optional<Endpoint> of(String name) {
        try {
            // A port or a bracket in it would make another name of it than its issuer meant.
            return name.indexOf(':') < 0 && name.indexOf('/') < 0
                    ? Optional.of(Endpoint.parse("coap://" + name))
                    : Optional.empty();
        } catch (SaException e) {
            return Optional.empty();
        }
    }
}
