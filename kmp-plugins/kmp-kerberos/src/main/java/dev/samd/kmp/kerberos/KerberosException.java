// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

/** Kerberos says no. */
final class KerberosException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * @param errno Linux error number
     * @param message for the log and the waiting callers; no secret
     */
    KerberosException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
