// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import org.jspecify.annotations.Nullable;

/**
 * {@link MessageTarget} with a memory: most messages of a process go to a few targets, and reading a name takes longer
 * than protecting a message. Thread-safe and of fixed size; a new target takes the place of an older one.
 *
 * <p>Without Proxy-Uri and Proxy-Scheme the options up to Uri-Port alone decide, so their octets are the key.
 */
public final class TargetCache {
    private static final int SLOTS = 256;
    private static final int MAX_KEY_LENGTH = 64;

    /** Immutable, so that a slot may be read and replaced without a lock. */
    private record Entry(Octets key, Endpoint defaultTarget, String scheme, Endpoint target) {
        boolean isFor(byte[] octets, int from, int to, Endpoint askedDefault, String askedScheme) {
            return key.length() == to - from
                    && key.isPrefixOf(octets, from, to - from)
                    && defaultTarget.equals(askedDefault)
                    && scheme.equals(askedScheme);
        }
    }

    private final @Nullable Entry[] entries = new Entry[SLOTS];

    /** A memory of nothing yet. */
    public TargetCache() {}

    /** What {@link MessageTarget#of} gives, and throws, for the same arguments. */
    public Endpoint of(CoapMessage message, Endpoint defaultTarget, String scheme) {
        byte[] octets = message.lent();
        int from = message.optionsOffset();
        int to = from;
        OptionCursor option = message.cursor();
        while (option.advance() && option.number() <= CoapOption.URI_PORT) {
            to = option.position();
        }
        boolean keyed = to - from <= MAX_KEY_LENGTH
                && !message.has(CoapOption.PROXY_URI)
                && !message.has(CoapOption.PROXY_SCHEME);
        if (!keyed) {
            return MessageTarget.of(message, defaultTarget, scheme);
        }
        int slot = slot(octets, from, to);
        Entry known = entries[slot];
        if (known != null && known.isFor(octets, from, to, defaultTarget, scheme)) {
            return known.target;
        }
        Endpoint target = MessageTarget.of(message, defaultTarget, scheme);
        entries[slot] = new Entry(Octets.of(octets, from, to - from), defaultTarget, scheme, target);
        return target;
    }

    private static int slot(byte[] octets, int from, int to) {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + octets[i];
        }
        return (hash ^ (hash >>> 16)) & (SLOTS - 1);
    }
}
