// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.fuzz.Finding;
import dev.samd.fuzz.FuzzTarget;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Echo values of kmpd, and source addresses as texts. The first octet of the input says which: 0 a value, 1 an address. */
public final class StrangersTarget implements FuzzTarget {
    private static final String HOST = "192.0.2.1";
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final EchoTokens echoes = new EchoTokens(new Random(1));
    private final Octets given = echoes.token(HOST, NOW);

    @Override
    public boolean run(byte[] input) {
        if (input.length == 0) {
            return false;
        }
        Octets octets = Octets.of(input, 1, input.length - 1);
        return switch (input[0]) {
            case 0 -> echo(octets);
            case 1 -> address(new String(octets.toArray(), StandardCharsets.UTF_8));
            default -> false;
        };
    }

    private boolean echo(Octets token) {
        boolean own = token.equals(given);
        Finding.unless(echoes.accepts(token, HOST, NOW) == own, "an Echo value is taken wrongly");
        Finding.unless(!echoes.accepts(token, "192.0.2.2", NOW), "an Echo value of another address is taken");
        Finding.unless(!echoes.accepts(token, HOST, NOW.plusSeconds(61)), "an old Echo value is taken");
        return own;
    }

    private static boolean address(String text) {
        String host = SourceAddress.host(text);
        String budget = SourceAddress.budget(text);
        Finding.unless(host.length() <= 192 && budget.length() <= 192, "a source counts under a text without bounds");
        return !budget.isEmpty();
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put("echo", Octets.ofHex("00" + given.toHex()).toArray());
        for (String text : new String[] {"192.0.2.1:5683", "[2001:db8::1%eth0]:5683", "2001:db8::ffff:1.2.3.4"}) {
            seeds.put("address-" + text.length(), ("\1" + text).getBytes(StandardCharsets.UTF_8));
        }
        return seeds;
    }
}
