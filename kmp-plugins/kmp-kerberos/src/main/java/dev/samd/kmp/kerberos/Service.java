// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Glob;

/**
 * How the service of a peer is reached.
 *
 * @param target pattern of the peers
 * @param name of the service's principal, "coap/sensor-1" or "coap/sensor-1@REALM"; <code>{host}</code> stands for the peer's host
 * @param client the principal that asks; empty: that of the credential cache
 * @param keytab path of the client's keytab; empty for none
 * @param ccache path of the client's credential cache; empty for none
 */
record Service(String target, String name, String client, String keytab, String ccache) {
    boolean isOf(Endpoint peer) {
        return Glob.fits(target, peer.uri());
    }

    /** This service for one peer. */
    Service at(Endpoint peer) {
        return new Service(target, name.replace("{host}", peer.host()), client, keytab, ccache);
    }
}
