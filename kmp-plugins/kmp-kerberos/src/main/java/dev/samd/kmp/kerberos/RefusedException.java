// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

/** An acceptor refuses an AP-REQ. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    /** @param message for the log of this host; no secret */
    RefusedException(Refusal refusal, String message) {
        super(message);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
