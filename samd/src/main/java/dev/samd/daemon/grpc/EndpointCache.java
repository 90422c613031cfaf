// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.sa.Endpoint;
import dev.samd.wire.FieldWire;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the endpoints that callers named lately, since most name the same few in every call and reading one costs as
 * much as sealing a record. Each text has one place, and the last one there wins. Thread-safe.
 */
final class EndpointCache {
    private static final int PLACES = 256;

    private final AtomicReferenceArray<@Nullable Known> known = new AtomicReferenceArray<>(PLACES);

    /** The endpoint of a field; empty stands for {@link Endpoint#HOST_WIDE}. */
    Endpoint endpoint(String field, String text) {
        if (text.isEmpty()) {
            return Endpoint.HOST_WIDE;
        }
        int place = text.hashCode() & (PLACES - 1);
        Known there = known.get(place);
        if (there != null && there.text.equals(text)) {
            return there.endpoint;
        }
        Endpoint endpoint = FieldWire.endpoint(field, text);
        known.set(place, new Known(text, endpoint));
        return endpoint;
    }

    private record Known(String text, Endpoint endpoint) {}
}
