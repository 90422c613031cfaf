// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import dev.samd.kmp.ace.token.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of an authorization server for the keys of {@link Tokens}. */
final class AsFiles {
    static final String PSK = "feedfacefeedfacefeedfacefeedface";

    private AsFiles() {}

    static Path write(Path directory) throws IOException {
        Files.writeString(directory.resolve("ccm.key"), Tokens.CCM_KEY);
        Files.writeString(directory.resolve("wrap.key"), "ab".repeat(32));
        Files.writeString(directory.resolve("psk.key"), PSK);
        Path file = directory.resolve("as.yaml");
        Files.writeString(
                file,
                """
                issuer: as.example
                listen: 127.0.0.1:0
                lifetime: 600
                clients:
                  - name: device-1
                    psk_identity: psk-1
                    psk: "@psk.key"
                    audiences: [rs1, rs9]
                    scopes: [read, write]
                resource_servers:
                  - audience: rs1
                    format: cwt
                    keys:
                      - {kid: ccm, alg: AES-CCM-16-64-128, key: "@ccm.key"}
                      - {kid: wrap, alg: A256KW, key: "@wrap.key"}
                  - audience: rs2
                    format: cwt
                    keys: []
                """);
        return file;
    }
}
