// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;

/**
 * A message was not sent, because it could not be protected: the send error of a request or of a response. Nothing of it
 * has left in clear.
 */
public final class SamdProtectionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SaError error;

    SamdProtectionException(SaError error, String message) {
        super(message);
        this.error = error;
    }

    private SamdProtectionException(SaError error, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    /** The reason. {@link SaError#SHUTTING_DOWN} also stands for a daemon that cannot be reached. */
    public SaError error() {
        return error;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return error.retryable();
    }

    /** A response to a protected request, which no policy can make one in clear. */
    static SamdProtectionException responseInClear() {
        return new SamdProtectionException(
                SaError.DENIED_BY_POLICY, "not sent, the daemon would answer a protected request in clear");
    }

    static SamdProtectionException of(Throwable failure) {
        if (failure instanceof SamdProtectionException known) {
            return known;
        }
        if (failure instanceof SaException refusal) {
            return new SamdProtectionException(
                    refusal.error(), "not sent, " + refusal.error() + ": " + refusal.getMessage(), refusal);
        }
        return new SamdProtectionException(
                SaError.SHUTTING_DOWN, "not sent, the daemon cannot be reached: " + failure.getMessage(), failure);
    }
}
