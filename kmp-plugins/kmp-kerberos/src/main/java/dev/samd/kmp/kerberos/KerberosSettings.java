// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Lifetime;
import java.util.List;
import java.util.Optional;

/**
 * What the section {@code kerberos} of the configuration says.
 *
 * @param server empty where tickets are not accepted
 * @param services whose tickets this host may ask for; the first that fits a peer counts
 */
record KerberosSettings(Optional<Server> server, List<Service> services) {
    KerberosSettings {
        services = List.copyOf(services);
    }

    /**
     * An acceptor.
     *
     * @param suites that it accepts
     * @param lifetime of its pairs, where the ticket ends no sooner
     * @param unique whether a new pair of a principal takes the place of the one before it
     */
    record Server(Acceptor acceptor, List<CipherSuite> suites, Lifetime lifetime, boolean unique) {
        Server {
            suites = List.copyOf(suites);
        }
    }
}
