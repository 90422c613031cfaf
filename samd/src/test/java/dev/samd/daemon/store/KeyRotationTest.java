// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.KeyMaterial;
import dev.samd.store.v1.DataKeyRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rotation that is cut off anywhere. What is on disk after each of its steps is what a crash leaves: from each the data key
 * opens, and the next start leaves one key.
 */
class KeyRotationTest {
    private static final byte[] DATA_KEY = "the data key of thirty-two octet".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    private final SecureRandom random = new SecureRandom();
    private final List<Disk> steps = new ArrayList<>();
    private Path file;
    private DataKeyRow row;

    /** What is on disk at one moment. */
    @SuppressWarnings("ArrayRecordComponent") // neither compared nor printed
    private record Disk(byte[] file, DataKeyRow row) {}

    @BeforeEach
    void begin() throws Exception {
        file = directory.resolve("kek");
        FileKeyEncryption keys = FileKeyEncryption.open(file, true, random);
        row = KeyRotation.row(keys, keys.first(), DATA_KEY);
    }

    private void step() throws IOException {
        steps.add(new Disk(Files.readAllBytes(file), row));
    }

    private KeyRotation rotation(KeyEncryption keys, int writesThatWork) {
        return new KeyRotation(keys, KeyMaterial.copyOf(DATA_KEY), new KeyRotation.Root() {
            private int left = writesThatWork;

            @Override
            public DataKeyRow read() {
                return row;
            }

            @Override
            public void write(DataKeyRow written) throws IOException {
                if (left-- == 0) {
                    throw new StoreException("disk full");
                }
                row = written;
                step();
            }
        });
    }

    /** The keys of the file, with a look at the disk after each change of it. */
    private final class WatchedKeys implements KeyEncryption {
        private final FileKeyEncryption keys;

        WatchedKeys() throws IOException {
            keys = FileKeyEncryption.open(file, false, random);
        }

        @Override
        public String first() {
            return keys.first();
        }

        @Override
        public List<String> own() {
            return keys.own();
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
            String made = keys.make();
            step();
            return made;
        }

        @Override
        public void destroy(String name) throws IOException {
            keys.destroy(name);
            step();
        }

        @Override
        public String description() {
            return keys.description();
        }
    }

    private void assertOpensAndSettles(Disk disk) throws IOException {
        Files.write(file, disk.file);
        row = disk.row;
        FileKeyEncryption keys = FileKeyEncryption.open(file, false, random);
        assertThat(keys.open(row.getKeyEncryptionKey(), row.getSealed().toByteArray()))
                .isEqualTo(DATA_KEY);

        rotation(keys, Integer.MAX_VALUE).settle();

        FileKeyEncryption next = FileKeyEncryption.open(file, false, random);
        assertThat(next.own()).containsExactly(row.getKeyEncryptionKey());
        assertThat(row.getRetiredList()).isEmpty();
        assertThat(next.open(row.getKeyEncryptionKey(), row.getSealed().toByteArray()))
                .isEqualTo(DATA_KEY);
    }

    @Test
    void whereverItIsCutOffTheNextStartEndsIt() throws Exception {
        String former = row.getKeyEncryptionKey();
        step();

        KeyRotated rotated = rotation(new WatchedKeys(), Integer.MAX_VALUE).rotate();

        assertThat(rotated.destroyed()).containsExactly(former);
        assertThat(rotated.current()).isNotEqualTo(former).isEqualTo(row.getKeyEncryptionKey());
        assertThat(Files.readString(file)).doesNotContain(former).contains(rotated.current());
        // As it was; new key made; row names it; older one destroyed; row forgets it.
        assertThat(steps).hasSize(5);
        for (Disk disk : List.copyOf(steps)) {
            assertOpensAndSettles(disk);
        }
    }

    @Test
    void aRowThatWasNotWrittenCostsNoKey() throws Exception {
        String former = row.getKeyEncryptionKey();

        assertThatThrownBy(() -> rotation(new WatchedKeys(), 0).rotate()).hasMessage("disk full");

        assertThat(row.getKeyEncryptionKey()).isEqualTo(former);
        assertThat(Files.readString(file)).contains(former);
        KeyRotated again = rotation(new WatchedKeys(), Integer.MAX_VALUE).rotate();
        assertThat(again.destroyed()).hasSize(2).contains(former);
        assertThat(FileKeyEncryption.open(file, false, random).own()).containsExactly(again.current());
    }

    @Test
    void aKeyThatWasPutBehindByHandSealsFromTheNextStartOn() throws Exception {
        Files.writeString(file, "by-hand " + "5a".repeat(32) + "\n", StandardOpenOption.APPEND);
        FileKeyEncryption keys = FileKeyEncryption.open(file, false, random);

        rotation(keys, Integer.MAX_VALUE).settle();

        assertThat(row.getKeyEncryptionKey()).isEqualTo("by-hand");
        assertThat(FileKeyEncryption.open(file, false, random).own()).containsExactly("by-hand");
    }

    @Test
    void ofACredentialTheLastKeySealsAndTheOlderOneMayGo() throws Exception {
        String older = "one " + "5a".repeat(32) + "\n";
        Path credential = directory.resolve("samd");
        Files.writeString(credential, older);
        CredentialKeyEncryption one = CredentialKeyEncryption.open("samd", directory.toString(), random);
        row = KeyRotation.row(one, "one", DATA_KEY);
        Files.writeString(credential, older + "two " + "5b".repeat(32) + "\n");

        rotation(CredentialKeyEncryption.open("samd", directory.toString(), random), 2)
                .settle();

        assertThat(row.getKeyEncryptionKey()).isEqualTo("two");
        Files.writeString(credential, "two " + "5b".repeat(32) + "\n");
        CredentialKeyEncryption two = CredentialKeyEncryption.open("samd", directory.toString(), random);
        assertThat(two.open("two", row.getSealed().toByteArray())).isEqualTo(DATA_KEY);
        rotation(two, 0).settle();
    }
}
