// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Key-encryption keys in files and credentials: what is read, and what is refused with which words. */
class KeyEncryptionTest {
    private static final String HEX = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private static final String OTHER = "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private static final byte[] DATA_KEY = "the data key of thirty-two octet".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    private final SecureRandom random = new SecureRandom();

    private FileKeyEncryption file(boolean fresh) throws IOException {
        return FileKeyEncryption.open(directory.resolve("kek"), fresh, random);
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private CredentialKeyEncryption credential(String content) throws IOException {
        write("samd", content.getBytes(StandardCharsets.US_ASCII));
        return CredentialKeyEncryption.open("samd", directory.toString(), random);
    }

    @Test
    void aFileIsMadeForANewStoreOnlyAndForItsOwnerAlone() throws Exception {
        assertThatThrownBy(() -> file(false))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("key file " + directory.resolve("kek") + " is missing");

        FileKeyEncryption made = file(true);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("kek"))))
                .isEqualTo("rw-------");
        byte[] sealed = made.seal(made.first(), DATA_KEY);
        assertThat(file(false).open(made.first(), sealed)).isEqualTo(DATA_KEY);
    }

    @Test
    void aFileThatOthersCanReadIsRefused() throws Exception {
        file(true);
        Files.setPosixFilePermissions(directory.resolve("kek"), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> file(false)).hasMessageContaining("can be read by others; mode 0600 expected");
    }

    @Test
    void aFileThatIsNoneIsRefusedWithItsLineAndWithoutItsOctets() throws Exception {
        for (String content : new String[] {"a " + HEX + "\nb 1234\n", "a " + HEX + "\nb x" + HEX.substring(1)}) {
            write("kek", content.getBytes(StandardCharsets.US_ASCII));

            assertThatThrownBy(() -> file(false)).hasMessageContaining("line 2").satisfies(e -> assertThat(e.toString())
                    .doesNotContain("1234", HEX.substring(1)));
        }
        write("kek", "# nothing\n".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> file(false)).hasMessageContaining("holds no key");
        write("kek", ("a " + HEX + "\na " + OTHER).getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> file(false)).hasMessageContaining("two keys of the name a");
    }

    @Test
    void anotherKeyAndAMissingOneAreToldApart() throws Exception {
        FileKeyEncryption one = file(true);
        byte[] sealed = one.seal(one.first(), DATA_KEY);
        write("kek", (one.first() + " " + HEX).getBytes(StandardCharsets.US_ASCII));
        FileKeyEncryption another = file(false);

        assertThatThrownBy(() -> another.open(one.first(), sealed))
                .hasMessageContaining(one.first())
                .hasMessageContaining("is not the one that the store is sealed under");
        assertThatThrownBy(() -> another.open("kek-0", sealed))
                .hasMessageContaining("sealed under key kek-0")
                .hasMessageContaining("holds [" + one.first() + "]");
        sealed[20] ^= 1;
        assertThatThrownBy(() -> one.open(one.first(), sealed)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> one.open(one.first(), new byte[3])).isInstanceOf(StoreException.class);
    }

    @Test
    void aCredentialIsOneKeyInHexOrAsItIsAndAlwaysCalledTheSame() throws Exception {
        CredentialKeyEncryption hex = credential(HEX);
        byte[] sealed = hex.seal(hex.first(), DATA_KEY);
        write("raw", HexFormat.of().parseHex(HEX));

        CredentialKeyEncryption raw = CredentialKeyEncryption.open("raw", directory.toString(), random);

        assertThat(raw.first()).isEqualTo(hex.first()).matches("kek-[0-9a-f]{8}");
        assertThat(raw.open(hex.first(), sealed)).isEqualTo(DATA_KEY);
    }

    @Test
    void aCredentialOfTwoKeysSealsUnderTheLast() throws Exception {
        CredentialKeyEncryption one = credential(HEX);
        byte[] sealed = one.seal(one.first(), DATA_KEY);

        CredentialKeyEncryption two = credential(HEX + "\nnew " + OTHER + "\n");

        assertThat(two.first()).isEqualTo("new");
        assertThat(two.own()).containsExactly(one.first(), "new");
        assertThat(two.open(one.first(), sealed)).isEqualTo(DATA_KEY);
    }

    @Test
    void aCredentialCannotBeWritten() throws Exception {
        CredentialKeyEncryption credential = credential(HEX);

        assertThatThrownBy(credential::make)
                .hasMessageContaining("credential samd is read only: add a line with a new key at its end");
    }

    @Test
    void aCredentialThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> CredentialKeyEncryption.open("samd", null, random))
                .hasMessageContaining("credential samd cannot be read: $CREDENTIALS_DIRECTORY is not set");
        assertThatThrownBy(() -> CredentialKeyEncryption.open("samd", directory.toString(), random))
                .hasMessageContaining("credential samd is missing in " + directory);
        assertThatThrownBy(() -> credential("secret-text"))
                .hasMessageContaining("line 1")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("secret-text"));
        assertThatThrownBy(() -> {
                    write("samd", new byte[] {(byte) 0xff, (byte) 0xfe, 1});
                    CredentialKeyEncryption.open("samd", directory.toString(), random);
                })
                .hasMessageContaining("credential samd of 3 octets");
    }
}
