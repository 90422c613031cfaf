// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.kmp.drive.Post;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.util.Optional;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.option.MapBasedOptionRegistry;
import org.eclipse.californium.core.coap.option.OpaqueOptionDefinition;
import org.eclipse.californium.core.coap.option.OptionDefinition;
import org.eclipse.californium.core.coap.option.OptionRegistry;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.coap.option.StringOptionDefinition;
import org.jspecify.annotations.Nullable;

/** What a CoAP process of this host says of a request that it hands on. Elective options, believed from loopback alone. */
final class RelayOptions {
    /** The transport address that the request came from, "192.0.2.1:5683". */
    static final StringOptionDefinition SOURCE = new StringOptionDefinition(65032, "Relay-Source");

    /** The endpoint of this host that it arrived at; left out where that is the host. */
    static final StringOptionDefinition LOCAL = new StringOptionDefinition(65036, "Relay-Local");

    /** Who hands it on, "uid:1000": whose references count. */
    static final StringOptionDefinition PRINCIPAL = new StringOptionDefinition(65040, "Relay-Principal");

    /** Names the record that protected the request; left out for one in clear. */
    static final OpaqueOptionDefinition REFERENCE = new OpaqueOptionDefinition(65044, "Relay-Reference");

    private RelayOptions() {}

    /** The options that kmpd understands. */
    static OptionRegistry registry() {
        return new MapBasedOptionRegistry(
                StandardOptionRegistry.getDefaultOptionRegistry(), SOURCE, LOCAL, PRINCIPAL, REFERENCE);
    }

    /**
     * What a relay says.
     *
     * @param source the transport address that the request came from
     * @param local the endpoint that it arrived at
     */
    record Relayed(String source, Endpoint local, Post.Relay relay) {}

    /**
     * Reads what a relay says; empty where there is no relay.
     *
     * @throws SaException if it says what cannot be
     */
    static Optional<Relayed> read(OptionSet options) {
        Option source = options.getOtherOption(SOURCE);
        Option principal = options.getOtherOption(PRINCIPAL);
        if (source == null || principal == null) {
            return Optional.empty();
        }
        Option reference = options.getOtherOption(REFERENCE);
        return Optional.of(new Relayed(
                source.getStringValue(),
                new Endpoint(text(options.getOtherOption(LOCAL))),
                new Post.Relay(
                        principal.getStringValue(),
                        reference == null ? Octets.EMPTY : Octets.of(reference.getValue()))));
    }

    /** The value of an option that may stand once; nothing where it is left out. */
    static Octets octets(OptionSet options, OptionDefinition definition) {
        Option option = options.getOtherOption(definition);
        return option == null ? Octets.EMPTY : Octets.of(option.getValue());
    }

    private static String text(@Nullable Option option) {
        return option == null ? "" : option.getStringValue();
    }
}
