// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

/** Ends the run: what must never be is there. */
final class ViolationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Violation violation;

    ViolationException(String words) {
        super(words);
        this.violation = Violation.of(words);
    }

    Violation violation() {
        return violation;
    }
}
