// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A connection whose HTTP/2 frames (RFC 9113) are written by hand, whole or not. */
final class RawConnection implements AutoCloseable {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int END_HEADERS = 4;

    private final SocketChannel channel;

    private RawConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects, and says no more than that it speaks HTTP/2. */
    static RawConnection open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        RawConnection connection = new RawConnection(channel);
        connection.write(PREFACE);
        connection.write(frame(SETTINGS, 0, 0, 0));
        return connection;
    }

    /** Begins a call, and sends a message of which the end never comes. */
    void halfCall(String method, int announced, byte[] sent) throws IOException {
        byte[] headers = headers(method);
        write(frame(HEADERS, END_HEADERS, 1, headers.length));
        write(headers);
        write(frame(DATA, 0, 1, 5 + sent.length));
        write(ByteBuffer.allocate(5).put((byte) 0).putInt(announced).array());
        write(sent);
    }

    /** Half of a frame. */
    void halfFrame() throws IOException {
        write(frame(DATA, 0, 1, 1 << 14));
    }

    private static byte[] frame(int type, int flags, int stream, int length) {
        return ByteBuffer.allocate(9)
                .put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .array();
    }

    /** The headers of a gRPC call, as literals that are not indexed (RFC 7541 s6.2.2). */
    private static byte[] headers(String method) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x83); // :method POST
        out.write(0x86); // :scheme http
        literal(out, ":path", "/" + method);
        literal(out, ":authority", "localhost");
        literal(out, "content-type", "application/grpc");
        literal(out, "te", "trailers");
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        for (String text : new String[] {name, value}) {
            out.write(text.length());
            out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void write(byte[] octets) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
