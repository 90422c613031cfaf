// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.fuzz.Finding;
import dev.samd.fuzz.FuzzTarget;
import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests and answers of the Kerberos KMP; the last octet of the input says which. Read both ways, each has one encoding. */
public final class KerberosMessagesTarget implements FuzzTarget {
    private static final Octets N1 = Octets.ofHex("018a278f7faab55a");
    private static final Spi ID1 = Spi.ofHex("1645");
    private static final Octets TOKEN = Octets.ofHex("60820102");

    @Override
    public boolean run(byte[] input) {
        if (input.length == 0) {
            return false;
        }
        Octets payload = Octets.of(input, 0, input.length - 1);
        return input[input.length - 1] == 0 ? request(payload) : reply(payload);
    }

    private static boolean request(Octets payload) {
        Optional<Messages.Request> read = Messages.readRequest(payload);
        read.ifPresent(request -> {
            Octets written = Messages.request(request.token(), request.n1(), request.id1(), request.suites());
            Octets binding = Messages.binding(request.n1(), request.id1(), request.suites());
            Messages.Request again =
                    Messages.readRequest(written).orElseThrow(() -> new Finding("a request does not come back"));
            Finding.unless(
                    again.token().equals(request.token())
                            && again.n1().equals(request.n1())
                            && again.id1().equals(request.id1())
                            && again.suites().equals(request.suites()),
                    "a request comes back as another");
            Finding.unless(
                    written.equals(payload) == binding.equals(request.binding()),
                    "the binding covers less, or more, than the request");
        });
        return read.isPresent();
    }

    private static boolean reply(Octets payload) {
        Optional<Messages.Reply> read = Messages.readReply(payload);
        read.ifPresent(reply -> {
            Octets written = Messages.reply(reply.token(), reply.n2(), reply.id2(), reply.suite());
            Messages.Reply again =
                    Messages.readReply(written).orElseThrow(() -> new Finding("an answer does not come back"));
            Finding.unless(
                    again.token().equals(reply.token())
                            && again.n2().equals(reply.n2())
                            && again.id2().equals(reply.id2())
                            && again.suite() == reply.suite(),
                    "an answer comes back as another");
        });
        return read.isPresent();
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        String request = Messages.request(TOKEN, N1, ID1, List.of(0xc0a8, 0xa8)).toHex();
        seeds.put("request", Octets.ofHex(request + "00").toArray());
        seeds.put(
                "request-whole",
                Octets.ofHex("a6" + request.substring(2) + "3a0001117319fefd3a0001117400" + "00")
                        .toArray());
        seeds.put(
                "reply",
                Octets.ofHex(Messages.reply(TOKEN, N1, ID1, 0xa8).toHex() + "01")
                        .toArray());
        return seeds;
    }
}
