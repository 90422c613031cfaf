// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Key-encryption keys in a credential of systemd: the text of {@link HeldKeys}, or the 32 octets of one key as they are. Who
 * may read it is systemd's business; nobody here writes it.
 */
final class CredentialKeyEncryption implements KeyEncryption {
    static final String DIRECTORY = "CREDENTIALS_DIRECTORY";

    private static final Logger log = LoggerFactory.getLogger(CredentialKeyEncryption.class);
    private static final int KEY = 32;

    private final String name;
    private final HeldKeys keys;

    private CredentialKeyEncryption(String name, SecureRandom random) {
        this.name = name;
        this.keys = new HeldKeys("credential " + name, random);
    }

    /**
     * Reads the credential.
     *
     * @param directory as systemd says it in {@code $CREDENTIALS_DIRECTORY}; {@code null} if it says nothing
     * @throws StoreException if there is none of that name, or it holds no key
     */
    static CredentialKeyEncryption open(String name, @Nullable String directory, SecureRandom random)
            throws IOException {
        if (directory == null) {
            throw new StoreException("credential " + name + " cannot be read: $" + DIRECTORY
                    + " is not set; say LoadCredential= or LoadCredentialEncrypted= in the unit");
        }
        Path file = Path.of(directory, name);
        if (!Files.exists(file)) {
            throw new StoreException("credential " + name + " is missing in " + directory);
        }
        CredentialKeyEncryption encryption = new CredentialKeyEncryption(name, random);
        byte[] content = Files.readAllBytes(file);
        try {
            if (content.length == KEY) {
                encryption.keys.take(content.clone());
            } else {
                encryption.keys.parse(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(content))
                        .toString());
            }
        } catch (CharacterCodingException e) {
            throw new StoreException("credential " + name + " of " + content.length
                    + " octets is neither one key of 32 octets nor lines with keys");
        } finally {
            Arrays.fill(content, (byte) 0);
        }
        return encryption;
    }

    @Override
    public String first() {
        List<String> names = keys.names();
        return names.get(names.size() - 1);
    }

    @Override
    public List<String> own() {
        return keys.names();
    }

    @Override
    public byte[] seal(String key, byte[] dataKey) throws StoreException {
        return keys.seal(key, dataKey);
    }

    @Override
    public byte[] open(String key, byte[] sealed) throws StoreException {
        return keys.open(key, sealed);
    }

    @Override
    public String make() throws IOException {
        throw new StoreException(
                "credential " + name
                        + " is read only: add a line with a new key at its end, start samd again, and then take the older line out");
    }

    @Override
    public void destroy(String key) {
        if (keys.remove(key)) {
            log.warn("nothing is sealed under a key of the credential any more, take it out name={} key={}", name, key);
        }
    }

    @Override
    public String description() {
        return "credential " + name;
    }
}
