// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.util.List;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.option.MapBasedOptionRegistry;
import org.eclipse.californium.core.coap.option.OpaqueOptionDefinition;
import org.eclipse.californium.core.coap.option.OptionDefinition;
import org.eclipse.californium.core.coap.option.OptionRegistry;

/**
 * The critical options of KMPs, which a relay hands on as they are. Whoever offers no KMP refuses them, as RFC 7252 s5.4.1
 * wants it of options that nobody there understands.
 */
final class HandedOnOptions {
    /** Marks a message of LESS (docs/less.md); always empty. */
    static final OptionDefinition AUTH = new OpaqueOptionDefinition(65001, "Auth", true, 0);

    /** Says which message of LESS it is. */
    static final OptionDefinition AUTH_MSG_TYPE = new OpaqueOptionDefinition(65005, "Auth-Msg-Type", true, 0, 1);

    private static final List<OptionDefinition> ALL = List.of(AUTH, AUTH_MSG_TYPE);

    private HandedOnOptions() {}

    /** The options that an endpoint with relays understands. */
    static OptionRegistry registry(OptionRegistry known) {
        return new MapBasedOptionRegistry(known, AUTH, AUTH_MSG_TYPE);
    }

    static boolean areIn(Message message) {
        return ALL.stream().anyMatch(message.getOptions()::hasOption);
    }

    static void copy(OptionSet from, OptionSet to) {
        ALL.forEach(option -> to.addOptions(from.getOthers(option)));
    }
}
