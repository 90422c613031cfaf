// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.kmp.Outgoing;
import dev.samd.kmp.testkit.KmpContractTest;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.CipherSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** With a pre-shared key and keys by the exporter, CoDTLS keeps what every KMP has to keep. */
class CodtlsPskContractTest extends KmpContractTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(directory.resolve("dev.key"), "000102030405060708090a0b0c0d0e0f");
    }

    /** Where the keys of the SAs come from. */
    String keys() {
        return "exporter";
    }

    @Override
    protected Parties parties(long seed) {
        Map<String, Object> client = new HashMap<>(CodtlsParties.pskClient("dev-1", "dev.key"));
        Map<String, Object> server = new HashMap<>(CodtlsParties.pskServer("dev-1"));
        client.put("keys", keys());
        server.put("keys", keys());
        return CodtlsParties.parties(
                CodtlsParties.kmp(directory, client, seed),
                CodtlsParties.kmp(directory, server, -seed),
                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8);
    }

    /** The handshake draws its own random numbers, and a run's place is from the seed. */
    @Override
    protected Object trace(Outgoing request) {
        return List.of(
                request.path(), request.contentFormat(), request.payload().length());
    }
}
