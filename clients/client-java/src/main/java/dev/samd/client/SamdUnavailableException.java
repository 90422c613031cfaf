// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import org.jspecify.annotations.Nullable;

/**
 * The daemon cannot be reached, went away, or answers what this client cannot understand. Whether a call that was under
 * way had its effect is not known.
 */
public final class SamdUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String address;

    /**
     * @param address where the daemon should be
     * @param what a clause that goes on after "samd at ADDRESS"
     * @param cause what the transport said, or {@code null}
     */
    SamdUnavailableException(String address, String what, @Nullable Throwable cause) {
        super("samd at " + address + " " + what, cause);
        this.address = address;
    }

    /** Where the daemon should be: the path of its socket, or host and port. */
    public String address() {
        return address;
    }
}
