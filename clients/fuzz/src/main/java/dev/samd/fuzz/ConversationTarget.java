// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpProvider;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.Need;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A whole conversation of a KMP with itself, in which somebody on the way puts other octets into the place of one message: the
 * input is {@code number:1 | octets}, and messages count from 0. Neither side may throw. Where the protocol covers every octet that
 * it sends, both sides come to the same keys only if the message was the one that was sent.
 */
final class ConversationTarget implements FuzzTarget {
    private static final Endpoint CLIENT = Endpoint.parse("coap://device-1");
    private static final Endpoint SERVER = Endpoint.parse("coap://rs1");
    private static final int MOST_MESSAGES = 16;

    /**
     * A protocol with its two sides.
     *
     * @param provider makes both
     * @param client section of the initiator
     * @param server section of the responder
     * @param directory where the files are that the sections name
     * @param suite the suite that is wanted
     * @param rekeys whether a second run follows, which replaces the pair of the first
     * @param everyOctet whether every octet of a message counts
     */
    record Protocol(
            KmpProvider provider,
            Map<String, Object> client,
            Map<String, Object> server,
            Path directory,
            CipherSuite suite,
            boolean rekeys,
            boolean everyOctet) {
        Protocol {
            client = Map.copyOf(client);
            server = Map.copyOf(server);
        }
    }

    private final Protocol protocol;

    ConversationTarget(Protocol protocol) {
        this.protocol = protocol;
    }

    /** One message in the place of another, and what went over the wire until then. */
    private static final class Wire {
        private final Map<Integer, Octets> sent = new LinkedHashMap<>();
        private final int replaced;
        private final Octets by;
        private boolean changed;

        Wire(int replaced, Octets by) {
            this.replaced = replaced;
            this.by = by;
        }

        Octets through(Octets message) {
            int number = sent.size();
            sent.put(number, message);
            if (number != replaced) {
                return message;
            }
            changed = !message.equals(by);
            return by;
        }
    }

    @Override
    public boolean run(byte[] input) {
        if (input.length == 0 || input[0] < 0 || input[0] >= MOST_MESSAGES) {
            return false;
        }
        Wire wire = new Wire(input[0], Octets.of(input, 1, input.length - 1));
        boolean agreed = agree(wire);
        // A re-key that fails is left for another exchange, which nobody has changed.
        boolean anew = protocol.rekeys && wire.sent.size() > (wire.replaced | 1) + 1;
        Finding.unless(
                !(agreed && wire.changed && protocol.everyOctet && !anew),
                "both sides agree, although a message was changed");
        return wire.sent.size() > wire.replaced;
    }

    /** Runs the conversation; whether its last run ends with the same keys at both ends. */
    private boolean agree(Wire wire) {
        try (ConversationHost client = host(protocol.client, CLIENT, 0x0c000000, 1, wire);
                ConversationHost server = host(protocol.server, SERVER, 0x05000000, 2, wire)) {
            client.peer(server);
            client.acquire(need(PairId.NONE));
            boolean agreed = agree(client, server, 1);
            if (!protocol.rekeys) {
                return agreed;
            }
            if (!agreed || wire.changed) {
                return agreed;
            }
            client.confirmAll();
            server.confirmAll();
            client.acquire(need(client.newest()));
            return agree(client, server, 2);
        }
    }

    private ConversationHost host(Map<String, Object> section, Endpoint name, int firstSpi, long seed, Wire wire) {
        Kmp kmp = protocol.provider.create(new KmpSetup(section, protocol.directory, new Random(seed)));
        return new ConversationHost(kmp, name, TokenKeys.NOW, firstSpi, wire::through);
    }

    private static boolean agree(ConversationHost client, ConversationHost server, int pairs) {
        if (client.pairs().size() != pairs || server.pairs().size() != pairs) {
            return false;
        }
        KeyedPair mine = client.pairs().get(pairs - 1);
        KeyedPair theirs = server.pairs().get(pairs - 1);
        return mine.inboundKeys().key().sameAs(theirs.outboundKeys().key())
                && mine.outboundKeys().key().sameAs(theirs.inboundKeys().key())
                && mine.inbound().spi().equals(theirs.outbound().spi())
                && mine.outbound().spi().equals(theirs.inbound().spi());
    }

    private Need need(PairId replaces) {
        return new Need(
                7,
                CLIENT,
                SERVER,
                Optional.empty(),
                Content.MESSAGE,
                Form.SAMD,
                List.of(protocol.suite),
                List.of(IdentityPattern.ANY),
                replaces,
                Lifetime.UNLIMITED,
                128,
                0);
    }

    @Override
    public Map<String, byte[]> seeds() {
        Wire wire = new Wire(MOST_MESSAGES, Octets.EMPTY);
        if (!agree(wire)) {
            throw new IllegalStateException(protocol.provider.name() + " does not agree with itself");
        }
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        wire.sent.forEach((number, message) -> seeds.put(
                "message-" + number,
                ByteBuffer.allocate(1 + message.length())
                        .put(number.byteValue())
                        .put(message.toArray())
                        .array()));
        return seeds;
    }
}
