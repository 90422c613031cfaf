// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import dev.samd.sa.Octets;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/**
 * A chain in the making: gives the octets of each line and keeps the keys of the next. Writes nothing. Confined to its
 * owner, who keeps a copy until the octets are written.
 */
public final class AuditChain implements AutoCloseable {
    /** Octets of {@link #save}. */
    public static final int SAVED = 8 + 8 + 32 + 2 * Ratchet.KEY;

    private Ratchet keys;
    private ChainHead head;

    private AuditChain(Ratchet keys, ChainHead head) {
        this.keys = keys;
        this.head = head;
    }

    /** A chain without a line yet; {@link #openFile} makes the first. */
    public static AuditChain begin(byte[] key) {
        return new AuditChain(Ratchet.ofLog(key), ChainHead.NONE);
    }

    /** Reads what {@link #save} gave. */
    public static AuditChain restore(byte[] saved) {
        ByteBuffer buffer = ByteBuffer.wrap(saved);
        long file = buffer.getLong();
        long sequence = buffer.getLong();
        byte[] hash = new byte[32];
        buffer.get(hash);
        return new AuditChain(
                Ratchet.restore(saved, buffer.position()), new ChainHead(file, sequence, Octets.of(hash)));
    }

    /** Where the chain is, with its secret keys: {@link #SAVED} octets, which the caller wipes. */
    public byte[] save() {
        ByteBuffer buffer = ByteBuffer.allocate(SAVED);
        buffer.putLong(head.file()).putLong(head.sequence()).put(head.hash().toArray());
        keys.save(buffer.array(), buffer.position());
        return buffer.array();
    }

    /** The same chain once more. */
    public AuditChain copy() {
        return new AuditChain(keys.copy(), head);
    }

    /** The last line. */
    public ChainHead head() {
        return head;
    }

    /** How far the chain goes, for others to keep. */
    public AuditAnchor anchor() {
        return AuditAnchor.of(head, keys);
    }

    /** The octets of the next line, with its line feed. */
    public byte[] append(AuditEvent event, Instant time, String run) {
        long sequence = head.sequence() + 1;
        byte[] line = AuditLine.write(event, sequence, time, run, head.hash(), keys);
        advance(Octets.of(Ratchet.sha256(line, line.length - 1)));
        return line;
    }

    /**
     * The octets of the first line of the next file.
     *
     * @param found what was found to be wrong with the present file; empty if nothing was
     */
    public byte[] openFile(String found, Instant time, String run) {
        enterNextFile();
        return append(
                AuditEvent.byDaemon(AuditKind.OPENED).with("file", head.file()).with("found", found), time, run);
    }

    /**
     * Goes on behind a line that stands in the present file already.
     *
     * @param line without its line feed
     * @return whether it is the next line of this chain; if it is not, nothing changes
     */
    public boolean follow(byte[] line) {
        Optional<AuditLine> read = AuditLine.read(line).filter(this::isNext);
        read.ifPresent(next -> advance(next.hash()));
        return read.isPresent();
    }

    /** The same for the first line of the next file. */
    public boolean followIntoNextFile(byte[] line) {
        AuditChain next = copy();
        next.enterNextFile();
        boolean opens = AuditLine.read(line)
                .filter(first -> first.is(AuditKind.OPENED) && first.number("file") == next.head.file())
                .filter(next::isNext)
                .isPresent();
        next.close();
        if (opens) {
            enterNextFile();
            follow(line);
        }
        return opens;
    }

    private boolean isNext(AuditLine line) {
        return line.sequence() == head.sequence() + 1 && line.previous().equals(head.hash()) && line.isMadeUnder(keys);
    }

    private void enterNextFile() {
        Ratchet next = keys.nextFile();
        keys.close();
        keys = next;
        head = new ChainHead(head.file() + 1, head.sequence(), head.hash());
    }

    private void advance(Octets hash) {
        keys.step();
        head = new ChainHead(head.file(), head.sequence() + 1, hash);
    }

    /** Zeroes the keys. */
    @Override
    public void close() {
        keys.close();
    }
}
