// SPDX-License-Identifier: Apache-2.0
package dev.samd.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.time.Instant;

/** Single fields: octets, names, numbers and times. Every refusal names the field. */
public final class FieldWire {
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    /** Seconds that every {@link Duration} can hold; far beyond what any field allows. */
    private static final long MAX_SECONDS = 1L << 40;

    private FieldWire() {}

    /** Public octets of a message. */
    public static Octets octets(ByteString wire) {
        return Octets.of(wire.toByteArray());
    }

    /** Public octets for a message. */
    public static ByteString octets(Octets octets) {
        // The array is a fresh copy that nobody else holds.
        return UnsafeByteOperations.unsafeWrap(octets.toArray());
    }

    /**
     * The SPI in a required field.
     *
     * @throws SaException {@link SaError#INVALID_SPI}
     */
    public static Spi spi(String field, ByteString wire) {
        if (wire.isEmpty()) {
            throw new SaException(SaError.INVALID_SPI, "", field + " is missing");
        }
        return new Spi(octets(wire));
    }

    /**
     * The endpoint in a required field.
     *
     * @throws SaException {@link SaError#MALFORMED_ENDPOINT}
     */
    public static Endpoint peer(String field, String wire) {
        if (wire.isEmpty()) {
            throw new SaException(SaError.MALFORMED_ENDPOINT, "", field + " is missing");
        }
        return endpoint(field, wire);
    }

    /**
     * The endpoint in an optional field; empty stands for {@link Endpoint#HOST_WIDE}.
     *
     * @throws SaException {@link SaError#MALFORMED_ENDPOINT}
     */
    public static Endpoint endpoint(String field, String wire) {
        try {
            return wire.isEmpty() ? Endpoint.HOST_WIDE : new Endpoint(wire);
        } catch (SaException e) {
            throw new SaException(e.error(), e.subject(), field + ": " + e.getMessage());
        }
    }

    /**
     * The SA in a required field.
     *
     * @throws SaException {@link SaError#MALFORMED} if it is not 1..2^63-1
     */
    public static SaId saId(String field, long wire) {
        if (wire == 0) {
            throw new SaException(SaError.MALFORMED, "0", field + " is missing");
        }
        return new SaId(unsigned(SaError.MALFORMED, field, wire));
    }

    /**
     * The number in a field of type uint64.
     *
     * @param error the reason to refuse with
     * @return 0..2^63-1
     * @throws SaException if the number is larger
     */
    public static long unsigned(SaError error, String field, long wire) {
        if (wire < 0) {
            String value = Long.toUnsignedString(wire);
            throw new SaException(error, value, field + " is " + value + "; less than 2^63 expected");
        }
        return wire;
    }

    /**
     * A duration that is a limit.
     *
     * @throws SaException {@link SaError#INVALID_LIFETIME} if it is negative, malformed, or absurd
     */
    public static Duration duration(String field, com.google.protobuf.Duration wire) {
        long seconds = wire.getSeconds();
        int nanos = wire.getNanos();
        if (seconds < 0 || seconds > MAX_SECONDS || nanos < 0 || nanos >= NANOS_PER_SECOND) {
            throw new SaException(
                    SaError.INVALID_LIFETIME,
                    seconds + " s " + nanos + " ns",
                    field + " is " + seconds + " s and " + nanos + " ns; a duration of 0 to 100 years expected");
        }
        return Duration.ofSeconds(seconds, nanos);
    }

    /** A duration for a message. */
    public static com.google.protobuf.Duration duration(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    /**
     * A point in time.
     *
     * @throws SaException {@link SaError#MALFORMED} if it is none
     */
    public static Instant instant(String field, Timestamp wire) {
        long seconds = wire.getSeconds();
        int nanos = wire.getNanos();
        if (seconds < -MAX_SECONDS || seconds > MAX_SECONDS || nanos < 0 || nanos >= NANOS_PER_SECOND) {
            throw new SaException(
                    SaError.MALFORMED,
                    seconds + " s " + nanos + " ns",
                    field + " is " + seconds + " s and " + nanos + " ns, which is no time");
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }

    /** A point in time for a message. */
    public static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
