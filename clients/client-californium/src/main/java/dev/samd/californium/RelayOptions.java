// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import org.eclipse.californium.core.coap.option.OpaqueOptionDefinition;
import org.eclipse.californium.core.coap.option.StringOptionDefinition;

/**
 * What a relay tells kmpd of a request, beside the request: elective options that are safe to forward, between two processes
 * of one host, and never taken over from the request.
 */
final class RelayOptions {
    /** The transport address that the request came from, {@code 192.0.2.1:5683}. */
    static final StringOptionDefinition SOURCE = new StringOptionDefinition(65032, "Relay-Source");

    /** The endpoint of this host that it arrived at; left out where that is the host. */
    static final StringOptionDefinition LOCAL = new StringOptionDefinition(65036, "Relay-Local");

    /** The principal of the relaying process, {@code uid:1000}: whose references count. */
    static final StringOptionDefinition PRINCIPAL = new StringOptionDefinition(65040, "Relay-Principal");

    /** The record reference of a request that came protected. */
    static final OpaqueOptionDefinition REFERENCE = new OpaqueOptionDefinition(65044, "Relay-Reference");

    private RelayOptions() {}
}
