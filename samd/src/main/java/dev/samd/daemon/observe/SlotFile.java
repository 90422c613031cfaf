// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A small secret value in a file of fixed length, written in place: two slots in turn, so that one of them is always whole,
 * and no new block of the disk is needed. What the value was before the last is overwritten. Confined to its owner.
 *
 * <p>Slot: {@code count:8 | length:4 | value | SHA-256 of all before:32}, at 0 and at 4096.
 */
final class SlotFile implements AutoCloseable {
    private static final int SLOT = 4096;
    private static final int HEADER = 8 + 4;
    private static final int DIGEST = 32;

    private final FileChannel channel;
    private long count;

    private SlotFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Makes the file with its first value, durable. */
    static SlotFile create(Path file, byte[] value) throws IOException {
        byte[] slots = new byte[2 * SLOT];
        byte[] first = slot(1, value);
        System.arraycopy(first, 0, slots, SLOT, first.length);
        PrivateFiles.put(file, slots, PrivateFiles.OWNER_ONLY);
        Arrays.fill(slots, (byte) 0);
        Arrays.fill(first, (byte) 0);
        SlotFile made = new SlotFile(open(file));
        made.count = 1;
        return made;
    }

    /**
     * Opens the file, if it is there.
     *
     * @throws IOException if it is damaged
     */
    static Optional<SlotFile> find(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        SlotFile found = new SlotFile(open(file));
        if (found.read().isEmpty()) {
            found.channel.close();
            throw new IOException(file + " is damaged: none of its two values is whole");
        }
        return Optional.of(found);
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** The last value; the caller wipes it. */
    Optional<byte[]> read() throws IOException {
        byte[] newest = null;
        long best = 0;
        for (int slot = 0; slot < 2; slot++) {
            ByteBuffer octets = ByteBuffer.allocate(SLOT);
            int read = 0;
            while (read >= 0 && octets.hasRemaining()) {
                read = channel.read(octets, (long) slot * SLOT + octets.position());
            }
            long number = octets.getLong(0);
            int length = octets.getInt(8);
            if (number > best && length >= 0 && length <= SLOT - HEADER - DIGEST) {
                byte[] value = Arrays.copyOfRange(octets.array(), HEADER, HEADER + length);
                byte[] digest = Arrays.copyOfRange(octets.array(), HEADER + length, HEADER + length + DIGEST);
                if (MessageDigest.isEqual(digest, digest(octets.array(), HEADER + length))) {
                    newest = value;
                    best = number;
                }
            }
            Arrays.fill(octets.array(), (byte) 0);
        }
        count = best;
        return Optional.ofNullable(newest);
    }

    /** Writes the next value; {@link #force} makes it durable. */
    void write(byte[] value) throws IOException {
        byte[] slot = slot(count + 1, value);
        PrivateFiles.writeAt(channel, (count + 1) % 2 * SLOT, slot);
        Arrays.fill(slot, (byte) 0);
        count++;
    }

    void force() throws IOException {
        channel.force(false);
    }

    private static byte[] slot(long number, byte[] value) {
        byte[] octets = new byte[HEADER + value.length + DIGEST];
        ByteBuffer.wrap(octets).putLong(number).putInt(value.length).put(value);
        System.arraycopy(digest(octets, HEADER + value.length), 0, octets, HEADER + value.length, DIGEST);
        return octets;
    }

    private static byte[] digest(byte[] octets, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(octets, 0, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
