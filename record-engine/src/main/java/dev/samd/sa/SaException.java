// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/** A request that cannot be granted: a {@link SaError}, the value it is about, and a message that names both. */
public class SaException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_SUBJECT = 120;

    private final SaError error;
    private final String subject;
    private final int retryAfterMillis;

    /**
     * @param error the reason
     * @param subject the value at fault, in the caller's own words; never a secret; cut at 120 characters
     * @param message a sentence that names the thing and the value
     */
    public SaException(SaError error, String subject, String message) {
        this(error, subject, message, 0);
    }

    /**
     * @param error the reason
     * @param subject as above
     * @param message as above
     * @param retryAfterMillis when it is worth trying again; 0 where that is not known
     */
    public SaException(SaError error, String subject, String message, int retryAfterMillis) {
        super(message);
        this.retryAfterMillis = retryAfterMillis;
        this.error = error;
        this.subject = subject.length() <= MAX_SUBJECT ? subject : subject.substring(0, MAX_SUBJECT) + "…";
    }

    /** Never null. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? error.name() : message;
    }

    /** The reason. */
    public SaError error() {
        return error;
    }

    /** The value at fault. */
    public String subject() {
        return subject;
    }

    /** In how many milliseconds it is worth trying again; 0 where that is not known. */
    public int retryAfterMillis() {
        return retryAfterMillis;
    }
}
