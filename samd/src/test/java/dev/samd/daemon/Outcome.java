// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.wire.ErrorWire;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.HexFormat;

/**
 * What a caller hears of a call.
 *
 * @param kind in a word
 * @param octets all of it that may depend on the SA: status, text, and detail in hexadecimal
 */
record Outcome(Kind kind, String octets) {
    private static final Metadata.Key<byte[]> DETAIL =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /** In a word. */
    enum Kind {
        /** It was done. */
        DONE,
        /** What it was about does not exist. */
        ABSENT,
        /** The caller may not. */
        DENIED
    }

    static Outcome done() {
        return new Outcome(Kind.DONE, "");
    }

    static Outcome absent(String octets) {
        return new Outcome(Kind.ABSENT, octets);
    }

    /** Done where something was found. */
    static Outcome found(boolean found, String octets) {
        return found ? done() : absent(octets);
    }

    static Outcome of(StatusRuntimeException e) {
        Metadata trailers = e.getTrailers();
        byte[] detail = trailers == null ? null : trailers.get(DETAIL);
        Status status = e.getStatus();
        String octets = status.getCode() + " " + status.getDescription() + " "
                + (detail == null ? "" : HexFormat.of().formatHex(detail));
        SaException refusal = ErrorWire.fromStatus(e).orElseThrow(() -> new AssertionError("of the transport", e));
        return new Outcome(kind(refusal.error()), octets);
    }

    static Kind kind(SaError error) {
        return switch (error) {
            case NOT_PERMITTED -> Kind.DENIED;
            case NO_SUCH_SA, NO_USABLE_SA, INVALID_REFERENCE -> Kind.ABSENT;
            default -> throw new AssertionError("refused for another reason: " + error);
        };
    }
}
