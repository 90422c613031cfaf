// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

import dev.samd.audit.AuditChain;
import dev.samd.audit.AuditKey;
import dev.samd.daemon.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What the daemon keeps of its chain, apart from the log: the keys of the next line, and where the last one ends. On the
 * first start also the key that verifies all of it, until that one is in its own file. Confined to the trail.
 *
 * <p>Value: {@code version:1 | first:1 | offset:8 | chain}, or with first = 1 {@code version:1 | first:1 | key:32}.
 */
final class TrailState implements AutoCloseable {
    private static final byte VERSION = 1;

    private final AuditSettings settings;
    private final SlotFile slots;
    private final FileChannel anchor;
    private final long offset;
    private final AuditChain chain;

    private TrailState(AuditSettings settings, SlotFile slots, FileChannel anchor, long offset, AuditChain chain) {
        this.settings = settings;
        this.slots = slots;
        this.anchor = anchor;
        this.offset = offset;
        this.chain = chain;
    }

    /**
     * Opens the state of a log; makes it, and the key that verifies the log, if there is neither of them nor a log.
     *
     * @throws ConfigException if one of them is there and the state is not, or is of another version
     * @throws IOException if it is damaged, or the host fails
     */
    static TrailState open(AuditSettings settings, RandomGenerator random) throws IOException {
        SlotFile slots = SlotFile.find(settings.state()).orElse(null);
        if (slots == null) {
            requireNoTrace(settings);
            byte[] key = new byte[AuditKey.LENGTH];
            random.nextBytes(key);
            slots = SlotFile.create(settings.state(), ofFirst(key));
            Arrays.fill(key, (byte) 0);
        }
        try {
            return open(settings, slots);
        } catch (IOException | RuntimeException e) {
            slots.close();
            throw e;
        }
    }

    private static void requireNoTrace(AuditSettings settings) {
        for (Path trace : new Path[] {settings.file(), settings.key(), settings.anchor()}) {
            if (Files.exists(trace)) {
                throw new ConfigException("audit: " + trace + " is there, and " + settings.state()
                        + ", without which its log cannot be continued, is not: put it back, or move "
                        + settings.file() + ", " + settings.key() + " and " + settings.anchor()
                        + " away together, to be verified there");
            }
        }
    }

    private static TrailState open(AuditSettings settings, SlotFile slots) throws IOException {
        byte[] value = slots.read().orElseThrow(() -> new IOException(settings.state() + " is damaged"));
        if (value[0] != VERSION) {
            throw new ConfigException(settings.state() + " has version " + value[0] + "; this samd knows " + VERSION);
        }
        boolean first = value[1] == 1;
        AuditChain chain;
        long offset = 0;
        if (first) {
            byte[] key = Arrays.copyOfRange(value, 2, 2 + AuditKey.LENGTH);
            byte[] file = AuditKey.toOctets(key);
            PrivateFiles.put(settings.key(), file, PrivateFiles.OWNER_ONLY);
            Arrays.fill(file, (byte) 0);
            chain = AuditChain.begin(key);
            Arrays.fill(key, (byte) 0);
        } else {
            offset = ByteBuffer.wrap(value).getLong(2);
            chain = AuditChain.restore(Arrays.copyOfRange(value, 10, value.length));
        }
        Arrays.fill(value, (byte) 0);
        if (!Files.exists(settings.anchor())) {
            PrivateFiles.put(settings.anchor(), chain.anchor().toOctets(), PrivateFiles.GROUP_READS);
        }
        TrailState state = new TrailState(
                settings, slots, FileChannel.open(settings.anchor(), StandardOpenOption.WRITE), offset, chain);
        if (first) {
            // Twice, so that the key is in neither of the slots.
            state.save(chain, 0);
            state.save(chain, 0);
            state.force();
        }
        return state;
    }

    private static byte[] ofFirst(byte[] key) {
        return ByteBuffer.allocate(2 + AuditKey.LENGTH)
                .put(VERSION)
                .put((byte) 1)
                .put(key)
                .array();
    }

    /** The chain as it was saved, owned by the caller. */
    AuditChain chain() {
        return chain;
    }

    /** Where the last line of the chain ends in its file. */
    long offset() {
        return offset;
    }

    /** Overwrites what was saved before. */
    void save(AuditChain present, long end) throws IOException {
        byte[] keys = present.save();
        byte[] value = ByteBuffer.allocate(10 + keys.length)
                .put(VERSION)
                .put((byte) 0)
                .putLong(end)
                .put(keys)
                .array();
        slots.write(value);
        Arrays.fill(keys, (byte) 0);
        Arrays.fill(value, (byte) 0);
        PrivateFiles.writeAt(anchor, 0, present.anchor().toOctets());
    }

    void force() throws IOException {
        slots.force();
        anchor.force(false);
    }

    @Override
    public void close() throws IOException {
        try {
            anchor.close();
        } finally {
            slots.close();
        }
    }

    @Override
    public String toString() {
        return "TrailState[" + settings.state() + "]";
    }
}
