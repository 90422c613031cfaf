// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.sa.SaException;
import org.jspecify.annotations.Nullable;

/** What arrived as a message of a call: the message, or why it is none. */
final class Received<T> {
    private final @Nullable T message;
    private final @Nullable SaException refusal;
    private final int octets;

    private Received(@Nullable T message, @Nullable SaException refusal, int octets) {
        this.message = message;
        this.refusal = refusal;
        this.octets = octets;
    }

    static <T> Received<T> message(T message, int octets) {
        return new Received<>(message, null, octets);
    }

    static <T> Received<T> refused(SaException refusal) {
        return new Received<>(null, refusal, 0);
    }

    /** How long the message was; 0 if it could not be read. */
    int octets() {
        return octets;
    }

    /** The message, if it could be read. */
    @Nullable
    T message() {
        return message;
    }

    /** The message, or the refusal. */
    T messageOrThrow() {
        if (refusal != null) {
            throw refusal;
        }
        if (message == null) {
            throw new IllegalStateException("neither a message nor a refusal");
        }
        return message;
    }
}
