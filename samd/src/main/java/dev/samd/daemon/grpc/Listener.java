// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.Door;
import java.nio.file.Path;

/** Where callers come in. */
public sealed interface Listener {
    /** What is offered there. */
    Door door();

    /**
     * A Unix socket.
     *
     * @param path where
     */
    record Unix(Path path, Door door) implements Listener {}

    /**
     * TCP with TLS.
     *
     * @param where address and files
     */
    record Tls(TlsListen where) implements Listener {
        @Override
        public Door door() {
            return Door.ANY;
        }
    }
}
