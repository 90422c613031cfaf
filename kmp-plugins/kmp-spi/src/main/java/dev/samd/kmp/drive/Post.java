// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.kmp.Incoming;
import dev.samd.sa.Octets;
import java.util.Optional;

/**
 * A request as the transport received it.
 *
 * @param incoming the request; its {@code under} is empty
 * @param echo its Echo option (RFC 9175 s2.2), or empty
 * @param relay who handed it on; empty where it came straight from its source
 */
public record Post(Incoming incoming, Octets echo, Optional<Relay> relay) {
    /**
     * A process of this host that hands on what reached its own port.
     *
     * @param principal what it says it is, "uid:1000"
     * @param reference names the record that protected the request, for this principal alone; empty for a clear one
     */
    public record Relay(String principal, Octets reference) {}
}
