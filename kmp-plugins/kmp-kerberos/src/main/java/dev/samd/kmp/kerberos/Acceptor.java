// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Instant;

/** The acceptor's side of Kerberos. Waits for nobody. */
interface Acceptor {
    /**
     * Checks an AP-REQ and answers it.
     *
     * @param token the initial token of GSS-API
     * @param binding what its authenticator has to be bound to
     * @throws RefusedException if it is not good
     */
    Accepted accept(Octets token, Octets binding) throws RefusedException;

    /** The realm of the acceptor. */
    String realm();

    /**
     * A good AP-REQ.
     *
     * @param reply the acceptor's token, with the AP-REP
     * @param subkey the acceptor's subkey; the receiver's from here on
     * @param client who the ticket was issued to
     * @param end of the ticket
     */
    record Accepted(Octets reply, KeyMaterial subkey, Principal client, Instant end) {}
}
