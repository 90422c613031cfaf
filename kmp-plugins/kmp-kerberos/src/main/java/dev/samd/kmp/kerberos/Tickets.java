// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.kit.Reasons;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Instant;

/** The initiator's side of Kerberos. */
interface Tickets {
    /**
     * Gets a ticket for a service and makes an AP-REQ of it. May wait for a key distribution centre.
     *
     * @param binding what the authenticator is bound to
     * @throws KerberosException saying why there is none; {@link Reasons} has its number
     */
    Offer offer(Service service, Octets binding) throws KerberosException;

    /** An AP-REQ that waits for its AP-REP. Owned by its run. */
    interface Offer extends AutoCloseable {
        /** The initial token of GSS-API (RFC 4121 s4.1). */
        Octets token();

        /** The principal of the service, with its realm. */
        Principal service();

        /** The end of the ticket. */
        Instant end();

        /**
         * The acceptor's subkey, the caller's from here on.
         *
         * @param reply the acceptor's token
         * @throws KerberosException if it is no answer to this offer, or brings no subkey
         */
        KeyMaterial subkey(Octets reply) throws KerberosException;

        @Override
        void close();
    }
}
