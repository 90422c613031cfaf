// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Key-encryption keys in a file of mode 0600: one line each, {@code name hex}, 32 octets. The last line is the key that seals.
 */
final class FileKeyEncryption implements KeyEncryption {
    private static final Logger log = LoggerFactory.getLogger(FileKeyEncryption.class);
    private static final int KEY = 32;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final byte[] PURPOSE = "samd data key".getBytes(StandardCharsets.US_ASCII);
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Path file;
    private final SecureRandom random;
    private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
    private String current = "";

    private FileKeyEncryption(Path file, SecureRandom random) {
        this.file = file;
        this.random = random;
    }

    /**
     * Reads the file.
     *
     * @param make whether to make it if it is missing
     * @throws StoreException if it is missing, readable by others, or not such a file
     */
    static FileKeyEncryption open(Path file, boolean make, SecureRandom random) throws IOException {
        FileKeyEncryption encryption = new FileKeyEncryption(file, random);
        if (!Files.exists(file)) {
            if (!make) {
                throw new StoreException(
                        "key file " + file + " is missing: the store that it seals cannot be read without");
            }
            encryption.rotate();
            log.warn(
                    "made a key file file={}: whoever has it and the state directory has all keys; keep it elsewhere",
                    file);
            return encryption;
        }
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            throw new StoreException("key file " + file + " can be read by others; mode 0600 expected");
        }
        encryption.read();
        return encryption;
    }

    private void read() throws IOException {
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.trim().split(" +", -1);
            if (words.length != 2 || words[1].length() != 2 * KEY) {
                throw new StoreException(
                        "key file " + file + ", line " + number + ": a name and 64 hexadecimal digits expected");
            }
            try {
                keys.put(words[0], new SecretKeySpec(HexFormat.of().parseHex(words[1]), "AES"));
            } catch (IllegalArgumentException e) {
                // Without the cause, which shows the octets.
                throw new StoreException("key file " + file + ", line " + number + " is not hexadecimal");
            }
            current = words[0];
        }
        if (keys.isEmpty()) {
            throw new StoreException("key file " + file + " holds no key");
        }
    }

    @Override
    public String current() {
        return current;
    }

    @Override
    public byte[] seal(byte[] dataKey) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, requireKey(current), nonce);
            byte[] sealed = cipher.doFinal(dataKey);
            return ByteBuffer.allocate(NONCE + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the data key could not be sealed", e);
        }
    }

    private SecretKeySpec requireKey(String name) {
        SecretKeySpec key = keys.get(name);
        if (key == null) {
            throw new IllegalStateException("no key " + name);
        }
        return key;
    }

    @Override
    public byte[] open(String name, byte[] sealed) throws StoreException {
        SecretKeySpec key = keys.get(name);
        if (key == null) {
            throw new StoreException("the store is sealed under key " + name + ", which " + file + " does not hold");
        }
        try {
            byte[] nonce = Arrays.copyOf(sealed, NONCE);
            return cipher(Cipher.DECRYPT_MODE, key, nonce).doFinal(sealed, NONCE, sealed.length - NONCE);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new StoreException(
                    "key " + name + " of " + file + " is not the one that the store is sealed under", e);
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(PURPOSE);
        return cipher;
    }

    @Override
    public void rotate() throws IOException {
        byte[] name = new byte[4];
        byte[] octets = new byte[KEY];
        random.nextBytes(name);
        random.nextBytes(octets);
        String fresh = "kek-" + HexFormat.of().formatHex(name);
        keys.put(fresh, new SecretKeySpec(octets, "AES"));
        Arrays.fill(octets, (byte) 0);
        write();
        current = fresh;
    }

    @Override
    public void forgetOlder() throws IOException {
        keys.keySet().retainAll(List.of(current));
        write();
    }

    private void write() throws IOException {
        StringBuilder text = new StringBuilder("# Key-encryption keys of samd. The last one seals.\n");
        keys.forEach((name, key) -> text.append(name)
                .append(' ')
                .append(HexFormat.of().formatHex(key.getEncoded()))
                .append('\n'));
        Durably.write(file, text.toString());
    }

    @Override
    public String description() {
        return "file " + file;
    }
}
