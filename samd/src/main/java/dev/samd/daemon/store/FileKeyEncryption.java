// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Key-encryption keys in a file of mode 0600, as {@link HeldKeys} writes it. */
final class FileKeyEncryption implements KeyEncryption {
    private static final Logger log = LoggerFactory.getLogger(FileKeyEncryption.class);

    private final Path file;
    private final HeldKeys keys;

    private FileKeyEncryption(Path file, SecureRandom random) {
        this.file = file;
        this.keys = new HeldKeys("key file " + file, random);
    }

    /**
     * Reads the file.
     *
     * @param fresh whether the store is new: then the file is made if it is missing
     * @throws StoreException if it is missing, readable by others, or not such a file
     */
    static FileKeyEncryption open(Path file, boolean fresh, SecureRandom random) throws IOException {
        FileKeyEncryption encryption = new FileKeyEncryption(file, random);
        if (Files.exists(file)) {
            PrivateFile.require("key file", file);
            encryption.keys.parse(Files.readString(file, StandardCharsets.UTF_8));
            return encryption;
        }
        if (!fresh) {
            throw new StoreException(
                    "key file " + file + " is missing: the store that it seals cannot be read without");
        }
        encryption.make();
        log.warn(
                "made a key file file={}: whoever has it and the state directory has all keys; keep it elsewhere",
                file);
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
    public byte[] seal(String name, byte[] dataKey) throws StoreException {
        return keys.seal(name, dataKey);
    }

    @Override
    public byte[] open(String name, byte[] sealed) throws StoreException {
        return keys.open(name, sealed);
    }

    @Override
    public String make() throws IOException {
        String name = keys.make();
        try {
            Durably.write(file, keys.text());
        } catch (IOException e) {
            keys.remove(name);
            throw e;
        }
        return name;
    }

    @Override
    public void destroy(String name) throws IOException {
        if (keys.names().contains(name)) {
            Durably.write(file, keys.textWithout(name));
            keys.remove(name);
        }
    }

    @Override
    public String description() {
        return "file " + file;
    }
}
