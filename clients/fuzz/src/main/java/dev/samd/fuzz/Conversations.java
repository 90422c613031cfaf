// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.kmp.ace.AceProvider;
import dev.samd.kmp.ace.token.AccessToken;
import dev.samd.kmp.ace.token.TokenWriter;
import dev.samd.kmp.codtls.CodtlsProvider;
import dev.samd.kmp.less.LessProvider;
import dev.samd.sa.CipherSuite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** The protocols that talk with themselves, with the files that their sections name. */
final class Conversations {
    private static final String KEY = "000102030405060708090a0b0c0d0e0f";

    private Conversations() {}

    /** A token is posted; with a re-key in band behind it if so wanted. */
    static FuzzTarget ace(boolean rekeys) {
        byte[] token;
        try (AccessToken claims = TokenKeys.token()) {
            token = new TokenWriter(Optional.empty(), TokenKeys.gcm(), new Random(1))
                    .cwt(claims)
                    .toArray();
        }
        Path directory = directory(Map.of(
                "token", token, "pop", text(HexFormat.of().formatHex(new byte[32])), "gcm", text(TokenKeys.GCM_KEY)));
        Map<String, Object> client = Map.of(
                "client",
                Map.of(
                        "tokens",
                        List.of(Map.of(
                                "target", "coap://rs1",
                                "issuer", "as.example",
                                "audience", "rs1",
                                "token", "@token",
                                "key", "@pop",
                                "salt", "9e7ca92223786340"))));
        Map<String, Object> server = Map.of(
                "server",
                Map.of(
                        "audience",
                        "rs1",
                        "issuers",
                        List.of(Map.of(
                                "issuer",
                                "as.example",
                                "keys",
                                List.of(Map.of("kid", "gcm", "alg", "A128GCM", "key", "@gcm"))))));
        return new ConversationTarget(new ConversationTarget.Protocol(
                new AceProvider(), client, server, directory, CipherSuite.TLS_PSK_WITH_AES_128_CCM_8, rekeys, true));
    }

    static FuzzTarget less() {
        Path directory = directory(Map.of("key", text(KEY)));
        return new ConversationTarget(new ConversationTarget.Protocol(
                new LessProvider(),
                Map.of("client", List.of(Map.of("target", "coap://rs1", "device_id", "dev-1", "key", "@key"))),
                Map.of("server", Map.of("devices", List.of(Map.of("device_id", "dev-1", "key", "@key")))),
                directory,
                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                false,
                true));
    }

    /** A handshake with a pre-shared key. Headers of its records in clear are covered by nothing. */
    static FuzzTarget codtls() {
        Path directory = directory(Map.of("key", text(KEY)));
        Map<String, Object> peer = Map.of("target", "coap://rs1", "psk_identity", "dev-1", "psk", "@key");
        return new ConversationTarget(new ConversationTarget.Protocol(
                new CodtlsProvider(),
                Map.of("client", Map.of("peers", List.of(peer))),
                Map.of("server", Map.of("psk", List.of(Map.of("identity", "dev-1", "key", "@key")))),
                directory,
                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                false,
                false));
    }

    private static Path directory(Map<String, byte[]> files) {
        try {
            Path directory = Files.createTempDirectory("fuzz-");
            directory.toFile().deleteOnExit();
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path path = Files.write(directory.resolve(file.getKey()), file.getValue());
                path.toFile().deleteOnExit();
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for the keys of a conversation", e);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
