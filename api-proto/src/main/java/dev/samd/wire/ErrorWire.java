// SPDX-License-Identifier: Apache-2.0
package dev.samd.wire;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.Refusal;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;

/**
 * The one table between {@link SaError} and the statuses of gRPC, used by the daemon and by its clients.
 *
 * <p>A status carries a {@link Refusal} as detail, from which the client makes the same {@link SaException} again. Nobody
 * reads a reason out of a text.
 */
public final class ErrorWire {
    /** {@link SaError} and its twin. */
    public static final WireEnum<SaError, Refusal.Reason> REASON =
            new WireEnum<>(SaError.class, Refusal.Reason.class, "", null);

    private ErrorWire() {}

    /** The status of a reason. No default: a reason without a status does not compile. */
    public static Code codeOf(SaError error) {
        return switch (error) {
            case MALFORMED,
                    MALFORMED_COAP,
                    MALFORMED_ENDPOINT,
                    INVALID_REFERENCE,
                    UNSUPPORTED_SUITE,
                    UNSUPPORTED_VERSION,
                    INVALID_KEY,
                    INVALID_SPI,
                    INVALID_WINDOW,
                    INVALID_LIFETIME,
                    INVALID_SEQUENCE,
                    AMBIGUOUS_SA,
                    IMMUTABLE,
                    WRONG_CONTENT,
                    TARGET_MISMATCH,
                    NO_TARGET,
                    NOT_PROTECTABLE,
                    REQUEST_ID_REUSED,
                    TOO_LARGE -> Code.INVALID_ARGUMENT;
            case NO_SUCH_SA, NO_SA_FOR_REPLY, STALE_ACQUIRE, NO_SUCH_POLICY -> Code.NOT_FOUND;
            case SPI_IN_USE, SA_EXISTS, KEY_REUSED, ALREADY_REGISTERED, POLICY_EXISTS -> Code.ALREADY_EXISTS;
            case WRONG_STATE, NO_USABLE_SA, SA_EXPIRED, SEQ_EXHAUSTED, NO_KMP, KMP_FAILED, HELD_DOWN, SUSPENDED ->
                Code.FAILED_PRECONDITION;
            case TOO_MANY, NO_SPACE, AUDIT_UNAVAILABLE, OVER_QUOTA -> Code.RESOURCE_EXHAUSTED;
            case NOT_PERMITTED, IDENTITY_NOT_AUTHORIZED, DENIED_BY_POLICY -> Code.PERMISSION_DENIED;
            case SHUTTING_DOWN -> Code.UNAVAILABLE;
            case TIMED_OUT -> Code.DEADLINE_EXCEEDED;
        };
    }

    /** The refusal that says all of an exception. */
    public static Refusal toRefusal(SaException e) {
        return Refusal.newBuilder()
                .setReason(REASON.toWire(e.error()))
                .setErrno(e.error().errno())
                .setMessage(e.getMessage())
                .setValue(e.subject())
                .setRetryable(e.error().retryable())
                .setRetryAfterMs(e.retryAfterMillis())
                .build();
    }

    /** The exception of a refusal; empty for a reason that this version does not know. */
    public static Optional<SaException> fromRefusal(Refusal refusal) {
        return REASON.find(refusal.getReasonValue())
                .map(error -> new SaException(
                        error, refusal.getValue(), refusal.getMessage(), Math.max(0, refusal.getRetryAfterMs())));
    }

    /** The status that says all of an exception, with a {@link Refusal} as its detail, and when to try again if known. */
    public static StatusRuntimeException toStatus(SaException e) {
        Status.Builder status = Status.newBuilder()
                .setCode(codeOf(e.error()).value())
                .setMessage(e.getMessage())
                .addDetails(Any.pack(toRefusal(e)));
        if (e.retryAfterMillis() > 0) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder()
                            .setSeconds(e.retryAfterMillis() / 1_000)
                            .setNanos(e.retryAfterMillis() % 1_000 * 1_000_000))
                    .build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    /**
     * The exception that the daemon threw.
     *
     * @param failure what a stub threw, or handed to {@code onError}
     * @return empty if the failure comes from the transport, or has a reason that this version does not know
     */
    public static Optional<SaException> fromStatus(Throwable failure) {
        return refusalOf(failure).flatMap(ErrorWire::fromRefusal);
    }

    /** The refusal that a status carries; empty if it comes from the transport. */
    public static Optional<Refusal> refusalOf(Throwable failure) {
        Status status = StatusProto.fromThrowable(failure);
        if (status == null) {
            return Optional.empty();
        }
        for (Any detail : status.getDetailsList()) {
            if (detail.is(Refusal.class)) {
                try {
                    return Optional.of(detail.unpack(Refusal.class));
                } catch (InvalidProtocolBufferException e) {
                    // A detail that cannot be read says nothing: the failure counts as the transport's.
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
