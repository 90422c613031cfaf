// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import dev.samd.fuzz.Finding;
import dev.samd.fuzz.FuzzTarget;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The messages of LESS that have a layout. The first octet of the input says which: 0 M1; 1 M2 of somebody without the shared
 * secret; 2 what somebody with it puts into M2.
 */
public final class LessMessagesTarget implements FuzzTarget {
    private static final Octets TH1 = Octets.of(new byte[32]);
    private static final byte[] IV = new byte[LessCipher.NONCE];
    private static final int SUITE = 0xc0a8;
    private static final Spi CID = Spi.ofHex("c1d2e3f4");

    private final Octets m2 = challenge();

    @Override
    public boolean run(byte[] input) {
        if (input.length == 0) {
            return false;
        }
        Octets octets = Octets.of(input, 1, input.length - 1);
        return switch (input[0]) {
            case 0 -> first(octets);
            case 1 -> stranger(octets);
            case 2 -> peer(octets);
            default -> false;
        };
    }

    private static boolean first(Octets octets) {
        Optional<FirstMessage> read = FirstMessage.read(octets);
        read.ifPresent(m1 -> Finding.unless(m1.encoded().equals(octets), "M1 has a second encoding"));
        return read.isPresent();
    }

    private boolean stranger(Octets octets) {
        try (KeyMaterial y = secret()) {
            Optional<Challenge> opened = Challenge.opened(y, TH1, octets);
            opened.ifPresent(Challenge::close);
            Finding.unless(opened.isPresent() == octets.equals(m2), "a challenge opens that nobody sealed");
            return opened.isPresent();
        }
    }

    private static boolean peer(Octets clear) {
        try (KeyMaterial y = secret()) {
            byte[] sealed = LessCipher.seal(LessCipher.challengeKey(y, TH1), IV, TH1, clear.toArray());
            Octets message = Octets.of(ByteBuffer.allocate(1 + IV.length + sealed.length)
                    .put((byte) FirstMessage.VERSION)
                    .put(IV)
                    .put(sealed)
                    .array());
            Optional<Challenge> opened = Challenge.opened(y, TH1, message);
            opened.ifPresent(challenge -> {
                Finding.unless(challenge.sealed(y, TH1, IV).equals(message), "a challenge has a second encoding");
                challenge.close();
            });
            return opened.isPresent();
        }
    }

    private static KeyMaterial secret() {
        return KeyMaterial.adopt(new byte[16]);
    }

    private static Octets challenge() {
        Octets nonce = Octets.of(new byte[Challenge.NONCE]);
        try (KeyMaterial y = secret();
                Challenge challenge = new Challenge(nonce, KeyMaterial.adopt(new byte[Challenge.KEY]), SUITE, CID)) {
            return challenge.sealed(y, TH1, IV);
        }
    }

    @Override
    public Map<String, byte[]> seeds() {
        Octets device = Octets.of("dev-0001".getBytes(StandardCharsets.US_ASCII));
        FirstMessage m1 = new FirstMessage(device, CID, List.of(0xa8, SUITE), Octets.of(new byte[FirstMessage.NONCE]));
        byte[] clear = new byte[Challenge.NONCE + Challenge.KEY + 3 + CID.length()];
        clear[Challenge.NONCE + Challenge.KEY + 2] = (byte) CID.length();
        CID.octets().copyTo(clear, clear.length - CID.length());
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put("m1", with(0, m1.encoded().toArray()));
        seeds.put("m2", with(1, m2.toArray()));
        seeds.put("m2-inside", with(2, clear));
        return seeds;
    }

    private static byte[] with(int kind, byte[] octets) {
        byte[] input = Arrays.copyOf(new byte[] {(byte) kind}, 1 + octets.length);
        System.arraycopy(octets, 0, input, 1, octets.length);
        return input;
    }
}
