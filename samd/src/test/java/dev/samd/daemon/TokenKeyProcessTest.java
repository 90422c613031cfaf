// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.keys;
import static dev.samd.daemon.DaemonFixture.parameters;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.daemon.store.StoredRows;
import dev.samd.sa.SaError;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.AdminServiceRotateKeyRequest;
import dev.samd.v1.AdminServiceRotateKeyResponse;
import dev.samd.v1.Direction;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.wire.ErrorWire;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Key-encryption keys where the daemon does not own them: on a real token of SoftHSM, and in a credential. */
class TokenKeyProcessTest {
    private static final String LIBRARY = "/usr/lib/softhsm/libsofthsm2.so";
    private static final String PIN = "8675309";
    private static final String WRONG_PIN = "not-the-pin";

    @TempDir
    Path directory;

    private Path socket;
    private Path pin;

    @BeforeEach
    void makeToken() throws Exception {
        socket = directory.resolve("samd.sock");
        pin = directory.resolve("pin");
        Files.createDirectory(directory.resolve("tokens"));
        Files.writeString(
                directory.resolve("softhsm2.conf"),
                "directories.tokendir = " + directory.resolve("tokens") + "\nobjectstore.backend = file\n");
        writePin(PIN);
        softhsm("--init-token", "--free", "--label", "samd", "--pin", PIN, "--so-pin", "12345678");
    }

    private void writePin(String text) throws IOException {
        Files.writeString(pin, text + "\n");
        Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
    }

    private String environment() {
        return "SOFTHSM2_CONF=" + directory.resolve("softhsm2.conf");
    }

    private void softhsm(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("env", environment(), "softhsm2-util"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assertions.assertThat(process.waitFor()).as(said).isZero();
    }

    /** A key made with a tool of another make, as operators do it. */
    private void importKey(String label, String id) throws Exception {
        Path file = directory.resolve("aes");
        Files.write(file, "an AES key of thirty-two octets!".getBytes(StandardCharsets.US_ASCII));
        softhsm("--import", file.toString(), "--aes", "--token", "samd", "--pin", PIN, "--label", label, "--id", id);
    }

    private String token(String library, String slot) {
        return "pkcs11: {library: " + library + ", " + slot + ", pin: \"@" + pin + "\", label: samd}";
    }

    private RunningProgram samd(String key) throws IOException {
        return samd(key, List.of("env", environment()));
    }

    private RunningProgram samd(String key, List<String> before) throws IOException {
        Path config = Files.writeString(
                directory.resolve("samd.yaml"),
                "socket: " + socket + "\nstate_dir: " + directory.resolve("state") + "\nkey:\n  " + key + "\n");
        return RunningProgram.start(directory, before, Main.class, "--config", config.toString());
    }

    private void assertDoesNotStart(String key, String... says) throws Exception {
        try (RunningProgram samd = samd(key)) {
            assertThat(samd.exitCode()).isEqualTo(1);
            assertThat(samd.errors()).contains(says).doesNotContain(PIN, WRONG_PIN);
        }
    }

    private void serves(RunningProgram samd) throws IOException {
        assertThat(samd.out.readLine()).as(samd.errors()).startsWith("samd ready");
    }

    private void add(TestChannel channel) {
        SadbServiceGrpc.newBlockingStub(channel.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .add(SadbServiceAddRequest.newBuilder()
                        .setParameters(parameters(Direction.DIRECTION_OUTBOUND, "aa01"))
                        .setKeys(keys(1))
                        .build());
    }

    private void assertOneSa(TestChannel channel) {
        assertThat(AdminServiceGrpc.newBlockingStub(channel.channel())
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .info(AdminServiceInfoRequest.getDefaultInstance())
                        .getSaCount())
                .isEqualTo(1);
    }

    private static AdminServiceRotateKeyResponse rotate(TestChannel channel) {
        return AdminServiceGrpc.newBlockingStub(channel.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .rotateKey(AdminServiceRotateKeyRequest.getDefaultInstance());
    }

    @Test
    void aKeyThatTheTokenMadeSealsAndIsRotatedAndSurvivesKills() throws Exception {
        String key = token(LIBRARY, "slot_index: 0");
        String current;
        try (RunningProgram samd = samd(key)) {
            serves(samd);
            try (TestChannel channel = new TestChannel(socket)) {
                add(channel);
                AdminServiceRotateKeyResponse rotated = rotate(channel);
                assertThat(rotated.getDestroyedList()).hasSize(1).allMatch(name -> name.matches("samd-[0-9a-f]{8}"));
                assertThat(rotated.getPlace()).isEqualTo("PKCS#11 slot_index 0 label samd");
                current = rotated.getCurrent();
            }
            samd.process.destroyForcibly();
            samd.exitCode();
        }
        assertThat(directory.resolve("state/kek")).doesNotExist();

        try (RunningProgram samd = samd(key)) {
            serves(samd);
            try (TestChannel channel = new TestChannel(socket)) {
                assertOneSa(channel);
                assertThat(rotate(channel).getDestroyedList()).containsExactly(current);
            }
            samd.process.destroyForcibly();
            samd.exitCode();
            assertThat(samd.errors()).doesNotContain(PIN);
        }
        try (StoredRows rows = StoredRows.open(directory.resolve("state"))) {
            assertThat(rows.dataKey().getKeyEncryptionKey()).startsWith("samd-").isNotEqualTo(current);
        }
    }

    @Test
    void aKeyThatTheOperatorMadeIsTaken() throws Exception {
        importKey("samd", "01");

        try (RunningProgram samd = samd(token(LIBRARY, "slot_index: 0"))) {
            serves(samd);
            try (TestChannel channel = new TestChannel(socket)) {
                assertThat(rotate(channel).getDestroyedList()).containsExactly("samd");
            }
        }
    }

    @Test
    void whatCannotBeUsedIsNamedAndThePinIsNeverShown() throws Exception {
        assertDoesNotStart(
                token("/usr/lib/missing.so", "slot_index: 0"), "PKCS#11 library /usr/lib/missing.so is missing");
        assertDoesNotStart(token(LIBRARY, "slot_index: 9"), "slot_index 9 of PKCS#11 library " + LIBRARY);
        assertDoesNotStart(token(LIBRARY, "slot: 77"), "slot 77 of PKCS#11 library " + LIBRARY, "CKR_SLOT_ID_INVALID");
        writePin(WRONG_PIN);
        assertDoesNotStart(token(LIBRARY, "slot_index: 0"), "slot_index 0", "CKR_PIN_INCORRECT");
        Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-r--r--"));
        assertDoesNotStart(token(LIBRARY, "slot_index: 0"), "PIN file " + pin + " can be read by others");
        writePin(PIN);
        importKey("samd", "01");
        importKey("samd", "02");
        assertDoesNotStart(token(LIBRARY, "slot_index: 0"), "slot_index 0", "CKA_LABEL [samd]");
    }

    @Test
    void aKeyThatIsGoneFromTheTokenIsNamed() throws Exception {
        importKey("samd", "01");
        String key = token(LIBRARY, "slot_index: 0");
        try (RunningProgram samd = samd(key)) {
            serves(samd);
            samd.terminate();
            samd.exitCode();
        }
        softhsm("--delete-token", "--token", "samd");
        softhsm("--init-token", "--free", "--label", "samd", "--pin", PIN, "--so-pin", "12345678");

        assertDoesNotStart(key, "the store is sealed under key samd, and the token in slot_index 0", "holds []");
    }

    @Test
    void aCredentialSealsAndIsRotatedByTwoLines() throws Exception {
        Path credentials = Files.createDirectory(directory.resolve("credentials"));
        List<String> before = List.of("env", "CREDENTIALS_DIRECTORY=" + credentials);
        String one = "5a".repeat(32);
        String two = "5b".repeat(32);
        Files.writeString(credentials.resolve("samd.kek"), one);
        try (RunningProgram samd = samd("credential: samd.kek", before)) {
            serves(samd);
            try (TestChannel channel = new TestChannel(socket)) {
                add(channel);
                StatusRuntimeException refused =
                        Assertions.catchThrowableOfType(StatusRuntimeException.class, () -> rotate(channel));
                assertThat(ErrorWire.fromStatus(refused).orElseThrow())
                        .hasMessageContaining("credential samd.kek is read only: add a line")
                        .extracting("error")
                        .isEqualTo(SaError.WRONG_STATE);
            }
            samd.terminate();
            samd.exitCode();
        }
        Files.writeString(credentials.resolve("samd.kek"), one + "\n" + two + "\n");
        try (RunningProgram samd = samd("credential: samd.kek", before)) {
            serves(samd);
            samd.terminate();
            samd.exitCode();
            assertThat(samd.errors()).contains("nothing is sealed under a key of the credential any more");
        }
        Files.writeString(credentials.resolve("samd.kek"), two);

        try (RunningProgram samd = samd("credential: samd.kek", before)) {
            serves(samd);
            try (TestChannel channel = new TestChannel(socket)) {
                assertOneSa(channel);
            }
        }
    }
}
