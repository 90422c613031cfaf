// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The certificates of the tests, valid for fifty years, and sections of the configuration that use them. */
final class Pki {
    /** The directory with their files. */
    static final Path DIRECTORY = directory();

    private Pki() {}

    private static Path directory() {
        try {
            URL ca = Objects.requireNonNull(Pki.class.getResource("/pki/ca.pem"));
            return Objects.requireNonNull(Path.of(ca.toURI()).getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client with this certificate. */
    static Map<String, Object> client(String name) {
        return CodtlsParties.client(peer(name));
    }

    static Map<String, Object> peer(String name) {
        Map<String, Object> peer = new HashMap<>(shown(name));
        peer.put("target", CodtlsParties.SERVER.uri());
        peer.put("trusted", "@ca.pem");
        peer.put("revoked", "@ca.crl");
        return peer;
    }

    /** A server with this certificate. */
    static Map<String, Object> server(String name) {
        Map<String, Object> server = new HashMap<>(shown(name));
        server.put("trusted", "@ca.pem");
        return Map.of("server", server);
    }

    static Map<String, Object> shown(String name) {
        return Map.of("private_key", "@" + name + ".key", "certificate", "@" + name + ".pem");
    }

    static Map<String, Object> raw(String own, String trusted) {
        return Map.of(
                "private_key",
                "@" + own + ".key",
                "public_key",
                "@" + own + ".pub",
                "trusted_keys",
                "@" + trusted + ".pub");
    }
}
