// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

/** The daemon went away: whether the call had its effect is not known. */
final class NoAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoAnswerException(Throwable cause) {
        super(cause);
    }
}
