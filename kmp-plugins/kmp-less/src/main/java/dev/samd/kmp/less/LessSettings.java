// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the KMP is told by its section.
 *
 * @param server the devices that this host knows; empty for a host that serves none
 * @param client the servers that this host is known to
 */
record LessSettings(Optional<Server> server, List<Client> client) {
    /** Records that one key protects at most (protocol profile LESS-A1). */
    private static final long MAX_RECORDS = 1 << 20;

    LessSettings {
        client = List.copyOf(client);
    }

    /**
     * A server that this host is known to.
     *
     * @param device DI of this host
     * @param y the shared secret Y
     * @param name whom the server is, if it knows Y
     */
    record Client(Endpoint target, Octets device, KeyMaterial y, String name) {}

    /**
     * @param devices Y by DI
     * @param suites that this host takes
     * @param lifetime of the pairs
     * @param unique whether a device has one pair, so that its new one replaces the one before
     * @param hideIdentity whether an unknown device is answered like a known one
     * @param halfOpen how long a device may take for its response
     */
    record Server(
            Map<Octets, KeyMaterial> devices,
            List<CipherSuite> suites,
            Lifetime lifetime,
            boolean unique,
            boolean hideIdentity,
            Duration halfOpen) {
        Server {
            devices = Map.copyOf(devices);
            suites = List.copyOf(suites);
        }
    }

    /** A lifetime that ends after this time or after as many records as LESS allows, with four fifths of it as the soft limit. */
    static Lifetime lifetime(Duration hard) {
        return new Lifetime(
                new Limits(hard.multipliedBy(4).dividedBy(5), Duration.ZERO, MAX_RECORDS * 4 / 5, 0, 0),
                new Limits(hard, Duration.ZERO, MAX_RECORDS, 0, 0));
    }
}
