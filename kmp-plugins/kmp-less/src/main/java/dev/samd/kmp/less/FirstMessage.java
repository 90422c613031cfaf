// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * M1: {@code version:1 | length:1 | DI | length:1 | CID | length:1 | suites | 8 | N0:8}.
 *
 * @param device DI, 1..64 octets
 * @param cid the SPI under which the client wants to be sent records
 * @param suites numbers, the preferred one first
 * @param nonce N0, 8 octets
 */
record FirstMessage(Octets device, Spi cid, List<Integer> suites, Octets nonce) {
    static final int VERSION = 1;
    static final int NONCE = 8;

    private static final int MAX_DEVICE = 64;
    private static final int MAX_CID = 20;
    private static final int MAX_SUITES = 32;

    FirstMessage {
        suites = List.copyOf(suites);
    }

    Octets encoded() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(VERSION);
        write(out, device);
        write(out, cid.octets());
        out.write(2 * suites.size());
        suites.forEach(suite -> {
            out.write(suite >> 8);
            out.write(suite);
        });
        write(out, nonce);
        return Octets.of(out.toByteArray());
    }

    private static void write(ByteArrayOutputStream out, Octets value) {
        out.write(value.length());
        out.writeBytes(value.toArray());
    }

    /** Empty for anything but exactly one M1. */
    static Optional<FirstMessage> read(Octets payload) {
        ByteBuffer in = ByteBuffer.wrap(payload.toArray());
        try {
            if (in.get() != VERSION) {
                return Optional.empty();
            }
            Octets device = read(in, MAX_DEVICE);
            Octets cid = read(in, MAX_CID);
            Octets suites = read(in, MAX_SUITES);
            Octets nonce = read(in, NONCE);
            if (device.isEmpty()
                    || cid.isEmpty()
                    || suites.isEmpty()
                    || suites.length() % 2 != 0
                    || nonce.length() != NONCE
                    || in.hasRemaining()) {
                return Optional.empty();
            }
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < suites.length(); i += 2) {
                numbers.add(suites.at(i) << 8 | suites.at(i + 1));
            }
            return Optional.of(new FirstMessage(device, new Spi(cid), numbers, nonce));
        } catch (BufferUnderflowException | SaException e) {
            return Optional.empty(); // cut off, or a CID of zeros, which is no SPI
        }
    }

    /** Octets behind their length; none where the length is more than there may be. */
    private static Octets read(ByteBuffer in, int most) {
        int length = in.get() & 0xff;
        if (length > most) {
            return Octets.EMPTY;
        }
        byte[] octets = new byte[length];
        in.get(octets);
        return Octets.of(octets);
    }
}
