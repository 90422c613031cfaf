// SPDX-License-Identifier: Apache-2.0
package dev.samd.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The datagrams of a session, kept as a file that packet analysers read: pcap with raw IPv4. Loopback addresses only. */
final class Capture {
    private static final int MAGIC_MICROSECONDS = 0xa1b2c3d4;
    private static final int LINKTYPE_RAW = 101;
    private static final int IPV4_HEADER = 20;
    private static final int UDP_HEADER = 8;
    private static final int LOOPBACK = 0x7f000001;
    private static final byte UDP = 17;

    private final ByteArrayOutputStream packets = new ByteArrayOutputStream();
    private int number;

    Capture() {
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.BIG_ENDIAN);
        header.putInt(MAGIC_MICROSECONDS).putShort((short) 2).putShort((short) 4);
        header.putInt(0).putInt(0).putInt(65_535).putInt(LINKTYPE_RAW);
        packets.writeBytes(header.array());
    }

    void sent(DatagramSocket socket, byte[] octets, int offset, int length) {
        add(socket.getLocalPort(), socket.getPort(), octets, offset, length);
    }

    void received(DatagramSocket socket, byte[] octets, int offset, int length) {
        add(socket.getPort(), socket.getLocalPort(), octets, offset, length);
    }

    private synchronized void add(int from, int to, byte[] octets, int offset, int length) {
        int total = IPV4_HEADER + UDP_HEADER + length;
        ByteBuffer packet = ByteBuffer.allocate(16 + total).order(ByteOrder.BIG_ENDIAN);
        packet.putInt(1_700_000_000 + number++).putInt(0).putInt(total).putInt(total);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) total).putInt(0);
        packet.put((byte) 64).put(UDP).putShort((short) 0).putInt(LOOPBACK).putInt(LOOPBACK);
        packet.putShort((short) from).putShort((short) to).putShort((short) (UDP_HEADER + length));
        packet.putShort((short) 0).put(octets, offset, length);
        packets.writeBytes(packet.array());
    }

    synchronized void write(Path file) throws IOException {
        Files.write(file, packets.toByteArray());
    }
}
