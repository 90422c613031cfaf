// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The daemon cannot be reached, went away, or answers what this client cannot understand. Whether a call that was under
 * way had its effect is not known.
 */
public final class SamdUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Path socket;

    /**
     * @param socket the socket of the daemon
     * @param what a clause that goes on after "samd at SOCKET"
     * @param cause what the transport said, or {@code null}
     */
    SamdUnavailableException(Path socket, String what, @Nullable Throwable cause) {
        super("samd at " + socket + " " + what, cause);
        this.socket = socket;
    }

    /** The socket of the daemon. */
    public Path socket() {
        return socket;
    }
}
