// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;

/**
 * Key-encryption keys in memory, as text: one line each, {@code name hex} or {@code hex} alone, 32 octets. The last line is the
 * key that is to seal. Confined to one thread at a time.
 */
final class HeldKeys {
    private static final int KEY = 32;
    private static final int NAME = 4;

    private final String place;
    private final SecureRandom random;
    private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();

    /** @param place what messages call it */
    HeldKeys(String place, SecureRandom random) {
        this.place = place;
        this.random = random;
    }

    /** @throws StoreException if it is not such a text; the message shows no octet of it */
    void parse(String text) throws StoreException {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.trim().split(" +", -1);
            String hex = words[words.length - 1];
            if (words.length > 2 || hex.length() != 2 * KEY) {
                throw new StoreException(place + ", line " + number + ": a name and 64 hexadecimal digits expected");
            }
            byte[] octets;
            try {
                octets = HexFormat.of().parseHex(hex);
            } catch (IllegalArgumentException e) {
                // Without the cause, which shows the octets.
                throw new StoreException(place + ", line " + number + " is not hexadecimal");
            }
            add(words.length == 2 ? words[0] : nameOf(octets), octets);
        }
        requireSome();
    }

    /** Takes one key without a name; its octets are wiped. */
    void take(byte[] octets) throws StoreException {
        add(nameOf(octets), octets);
    }

    private void add(String name, byte[] octets) throws StoreException {
        if (keys.put(name, new SecretKeySpec(octets, "AES")) != null) {
            throw new StoreException(place + " holds two keys of the name " + name);
        }
        Arrays.fill(octets, (byte) 0);
    }

    private void requireSome() throws StoreException {
        if (keys.isEmpty()) {
            throw new StoreException(place + " holds no key");
        }
    }

    /** A key is always called the same, and its name tells nothing of it. */
    private static String nameOf(byte[] octets) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(octets);
            return "kek-" + HexFormat.of().formatHex(digest, 0, NAME);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing from this runtime", e);
        }
    }

    List<String> names() {
        return List.copyOf(keys.keySet());
    }

    /** Adds a new key at the end. */
    String make() throws StoreException {
        byte[] octets = new byte[KEY];
        random.nextBytes(octets);
        String name = nameOf(octets);
        add(name, octets);
        return name;
    }

    /** Whether there was one. */
    boolean remove(String name) {
        return keys.remove(name) != null;
    }

    byte[] seal(String name, byte[] dataKey) throws StoreException {
        try {
            return DataKeySeal.seal(require(name), null, random, dataKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the data key could not be sealed", e);
        }
    }

    byte[] open(String name, byte[] sealed) throws StoreException {
        SecretKeySpec key = require(name);
        try {
            return DataKeySeal.open(key, null, sealed);
        } catch (GeneralSecurityException e) {
            throw new StoreException(
                    "key " + name + " of " + place + " is not the one that the store is sealed under", e);
        }
    }

    private SecretKeySpec require(String name) throws StoreException {
        SecretKeySpec key = keys.get(name);
        if (key == null) {
            throw new StoreException("the store is sealed under key " + name + ", and " + place + " holds " + names());
        }
        return key;
    }

    /** The text of all keys, which {@link #parse} reads. */
    byte[] text() {
        return textOf(keys);
    }

    /** The same without one of them. */
    byte[] textWithout(String name) {
        Map<String, SecretKeySpec> others = new LinkedHashMap<>(keys);
        others.remove(name);
        return textOf(others);
    }

    private static byte[] textOf(Map<String, SecretKeySpec> some) {
        StringBuilder text = new StringBuilder("# Key-encryption keys of samd. The last one seals.\n");
        some.forEach((name, key) -> text.append(name)
                .append(' ')
                .append(HexFormat.of().formatHex(key.getEncoded()))
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
