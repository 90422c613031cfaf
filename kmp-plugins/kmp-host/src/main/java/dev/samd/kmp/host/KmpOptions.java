// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.kmp.drive.NegotiationDriver;
import dev.samd.sa.Octets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.option.MapBasedOptionRegistry;
import org.eclipse.californium.core.coap.option.OpaqueOptionDefinition;
import org.eclipse.californium.core.coap.option.OptionDefinition;
import org.eclipse.californium.core.coap.option.OptionRegistry;

/** The CoAP options of KMPs. A critical one that no KMP knows is refused by the parser, as RFC 7252 s5.4.1 wants it. */
final class KmpOptions {
    private KmpOptions() {}

    /** What the port of kmpd understands: what relays say, and the options of its KMPs. */
    static OptionRegistry registry(List<NegotiationDriver> drivers) {
        OptionDefinition[] known = drivers.stream()
                .flatMap(driver -> driver.kmp().options().stream())
                .distinct()
                .map(KmpOptions::definition)
                .toArray(OptionDefinition[]::new);
        return new MapBasedOptionRegistry(RelayOptions.registry(), known);
    }

    /** The options of a request that a KMP knows. */
    static Map<Integer, Octets> read(OptionSet options, Set<Integer> known) {
        Map<Integer, Octets> read = new TreeMap<>();
        for (Option option : options.asSortedList()) {
            if (known.contains(option.getNumber())) {
                read.put(option.getNumber(), Octets.of(option.getValue()));
            }
        }
        return read;
    }

    /** Adds options to a request. */
    static void write(OptionSet options, Map<Integer, Octets> values) {
        values.forEach((number, value) -> options.addOption(new Option(definition(number), value.toArray())));
    }

    private static OptionDefinition definition(int number) {
        return new OpaqueOptionDefinition(number, "KMP-" + number, true);
    }
}
