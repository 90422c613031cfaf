// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Hands on what reaches one Unix socket to another, octet by octet. Run under another user, it lends its callers that user's
 * credentials: the kernel tells the daemon who connected to it. One class of the JDK alone, so that another user may read it.
 */
final class CredentialRelay {
    private CredentialRelay() {}

    /** Serves until it is killed: on the first socket of the arguments, for the second. */
    public static void main(String[] arguments) throws IOException {
        UnixDomainSocketAddress daemon = UnixDomainSocketAddress.of(Path.of(arguments[1]));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(Path.of(arguments[0])));
            System.out.println("ready");
            while (true) {
                SocketChannel here = server.accept();
                SocketChannel there = SocketChannel.open(daemon);
                pump(here, there);
                pump(there, here);
            }
        }
    }

    private static void pump(SocketChannel from, SocketChannel to) {
        Thread thread = new Thread(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            try (from;
                    to) {
                while (from.read(buffer) >= 0) {
                    buffer.flip();
                    while (buffer.hasRemaining()) {
                        to.write(buffer);
                    }
                    buffer.clear();
                }
            } catch (IOException e) {
                // One side is gone, and so the other one goes.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
