// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.Octets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.elements.util.ClockUtil;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.scandium.dtls.ConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.ContentType;
import org.eclipse.californium.scandium.dtls.Record;
import org.jspecify.annotations.Nullable;

/**
 * The last flight of a side, as octets: handshake messages in clear, each of them whole and in order, then ChangeCipherSpec, then one
 * record of the next epoch. It is read strictly, so that the engine cannot see anything else in it than who looked at it before.
 *
 * @param messages those in clear
 * @param octets all of it
 */
record LastFlight(List<Message> messages, Octets octets) {
    static final int CERTIFICATE = 11;
    static final int CERTIFICATE_VERIFY = 15;
    static final int CLIENT_KEY_EXCHANGE = 16;

    private static final int HEADER = 12;
    private static final int CHANGED = 1;

    /**
     * A handshake message.
     *
     * @param sequence its message_seq
     * @param octets header and body, as if it had come in one fragment
     */
    record Message(int type, int sequence, Octets octets) {
        /** What is behind the header. */
        byte[] body() {
            byte[] all = octets.toArray();
            return Arrays.copyOfRange(all, HEADER, all.length);
        }
    }

    LastFlight {
        messages = List.copyOf(messages);
    }

    /** Empty for anything else. */
    static Optional<LastFlight> read(Octets octets, ConnectionIdGenerator cids) {
        List<Record> records = records(octets, cids);
        int clear = records.size() - 2;
        if (clear < 0
                || records.stream().mapToInt(Record::size).sum() != octets.length()
                || !isChange(records.get(clear))
                || records.get(clear + 1).getEpoch() != 1) {
            return Optional.empty();
        }
        Assembly assembly = new Assembly();
        for (Record record : records.subList(0, clear)) {
            if (record.getType() != ContentType.HANDSHAKE
                    || record.getEpoch() != 0
                    || !assembly.take(ByteBuffer.wrap(record.getFragmentBytes()))) {
                return Optional.empty();
            }
        }
        return assembly.open == null ? Optional.of(new LastFlight(assembly.messages, octets)) : Optional.empty();
    }

    /** The records of a flight, not decoded. */
    static List<Record> records(Octets octets, ConnectionIdGenerator cids) {
        List<Record> records = Record.fromReader(new DatagramReader(octets.toArray()), cids, ClockUtil.nanoRealtime());
        records.forEach(record -> record.setAddress(DtlsEngine.PEER, null));
        return records;
    }

    private static boolean isChange(Record record) {
        byte[] fragment = record.getFragmentBytes();
        return record.getType() == ContentType.CHANGE_CIPHER_SPEC
                && record.getEpoch() == 0
                && fragment.length == 1
                && fragment[0] == CHANGED;
    }

    /** Whether a client's flight has what it must have, for a server that waits for a message of this number. */
    boolean isOfAClient(int next, boolean resumed) {
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).sequence() != next + i) {
                return false;
            }
        }
        List<Integer> types = messages.stream().map(Message::type).toList();
        return resumed
                ? types.isEmpty()
                : types.equals(List.of(CLIENT_KEY_EXCHANGE))
                        || types.equals(List.of(CERTIFICATE, CLIENT_KEY_EXCHANGE))
                        || types.equals(List.of(CERTIFICATE, CLIENT_KEY_EXCHANGE, CERTIFICATE_VERIFY));
    }

    /** The message of a type. */
    Optional<Message> message(int type) {
        return messages.stream().filter(message -> message.type() == type).findFirst();
    }

    /** The record of the next epoch, not decoded; a fresh one for each call. */
    Record finished(ConnectionIdGenerator cids) {
        List<Record> records = records(octets, cids);
        return records.get(records.size() - 1);
    }

    /** Puts messages together from fragments that follow each other. */
    private static final class Assembly {
        private final List<Message> messages = new ArrayList<>();
        private @Nullable ByteBuffer open;

        boolean take(ByteBuffer fragments) {
            while (fragments.remaining() >= HEADER) {
                int type = fragments.get();
                int length = number(fragments);
                int sequence = fragments.getShort() & 0xffff;
                int offset = number(fragments);
                int part = number(fragments);
                if (part > fragments.remaining() || !begins(type, length, sequence, offset, part)) {
                    return false;
                }
                ByteBuffer message = open;
                if (message == null || part > message.remaining()) {
                    return false;
                }
                message.put(fragments.slice().limit(part));
                fragments.position(fragments.position() + part);
                if (!message.hasRemaining()) {
                    byte[] whole = new byte[message.capacity()];
                    message.rewind().get(whole);
                    messages.add(new Message(type, sequence, Octets.of(whole)));
                    open = null;
                }
            }
            return !fragments.hasRemaining();
        }

        /** Whether a fragment begins a message where none is open, or goes on with the one that is. */
        private boolean begins(int type, int length, int sequence, int offset, int part) {
            ByteBuffer before = open;
            if (before == null) {
                if (offset != 0 || length > DtlsEngine.MAX_MESSAGE || (part == 0 && length != 0)) {
                    return false;
                }
                open = ByteBuffer.allocate(HEADER + length).putInt(type << 24 | length);
                open.putShort((short) sequence)
                        .put(new byte[3])
                        .put((byte) (length >> 16))
                        .putShort((short) length);
                return true;
            }
            return part > 0
                    && before.position() == HEADER + offset
                    && before.getInt(0) == (type << 24 | length)
                    && before.getShort(4) == (short) sequence;
        }

        private static int number(ByteBuffer three) {
            return (three.get() & 0xff) << 16 | (three.getShort() & 0xffff);
        }
    }
}
