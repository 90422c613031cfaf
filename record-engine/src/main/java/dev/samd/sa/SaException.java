// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/** A request that cannot be granted: a {@link SaError}, the value it is about, and a message that names both. */
public class SaException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_SUBJECT = 120;

    private final SaError error;
    private final String subject;

    /**
     * @param error the reason
     * @param subject the value at fault, in the caller's own words; never a secret; cut at 120 characters
     * @param message a sentence that names the thing and the value
     */
    public SaException(SaError error, String subject, String message) {
        super(message);
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
}
