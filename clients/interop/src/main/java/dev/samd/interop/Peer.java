// SPDX-License-Identifier: Apache-2.0
package dev.samd.interop;

import dev.samd.sa.CipherSuite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** A DTLS implementation of another make, as a program of Debian. */
enum Peer {
    /** {@code openssl s_server}: prints what it opens, and seals the lines that it is given. */
    OPENSSL_SERVER("openssl s_server", "openssl", Role.SERVER) {
        @Override
        Program start(Path directory, int port, CipherSuite suite) throws IOException, InterruptedException {
            Program program = Program.start(
                    directory,
                    "openssl",
                    "s_server",
                    "-dtls1_2",
                    "-accept",
                    "127.0.0.1:" + port,
                    "-nocert",
                    "-psk",
                    PSK_HEX,
                    "-psk_identity",
                    Handshake.IDENTITY,
                    "-cipher",
                    openssl(suite));
            program.await("ACCEPT");
            return program;
        }
    },

    /** {@code openssl s_client}: the same, on the side that begins. */
    OPENSSL_CLIENT("openssl s_client", "openssl", Role.CLIENT) {
        @Override
        Program start(Path directory, int port, CipherSuite suite) throws IOException {
            return Program.start(
                    directory,
                    "openssl",
                    "s_client",
                    "-dtls1_2",
                    "-connect",
                    "127.0.0.1:" + port,
                    "-psk",
                    PSK_HEX,
                    "-psk_identity",
                    Handshake.IDENTITY,
                    "-cipher",
                    openssl(suite));
        }
    },

    /** {@code gnutls-serv --echo}: opens and seals the same line. */
    GNUTLS_SERVER("gnutls-serv", "gnutls-serv", Role.ECHO) {
        @Override
        Program start(Path directory, int port, CipherSuite suite) throws IOException, InterruptedException {
            Path passwords = directory.resolve("psk.txt");
            Files.writeString(passwords, Handshake.IDENTITY + ":" + PSK_HEX + "\n");
            Program program = Program.start(
                    directory,
                    "gnutls-serv",
                    "-u",
                    "-p",
                    Integer.toString(port),
                    "--echo",
                    "--pskpasswd",
                    passwords.toString(),
                    "--priority",
                    "NONE:+VERS-DTLS1.2:+PSK:+" + gnutls(suite) + ":+AEAD:+COMP-NULL:+SIGN-ALL");
            program.await("listening");
            return program;
        }
    },

    /** libcoap's server on OpenSSL: answers a CoAP request with the time. */
    COAP_SERVER_OPENSSL("coap-server-openssl", "coap-server-openssl", Role.COAP) {
        @Override
        Program start(Path directory, int port, CipherSuite suite) throws IOException, InterruptedException {
            return coapServer(directory, "coap-server-openssl", port);
        }
    },

    /** libcoap's server on GnuTLS. */
    COAP_SERVER_GNUTLS("coap-server-gnutls", "coap-server-gnutls", Role.COAP) {
        @Override
        Program start(Path directory, int port, CipherSuite suite) throws IOException, InterruptedException {
            return coapServer(directory, "coap-server-gnutls", port);
        }
    };

    /** What it does with application data. */
    enum Role {
        /** Serves; prints what comes, and sends what is typed. */
        SERVER,
        /** Begins; prints what comes, and sends what is typed. */
        CLIENT,
        /** Serves, and sends back what comes. */
        ECHO,
        /** Serves CoAP. */
        COAP
    }

    private static final String PSK_HEX = HexFormat.of().formatHex(Handshake.PSK);

    private final String title;
    private final String program;
    private final Role role;

    Peer(String title, String program, Role role) {
        this.title = title;
        this.program = program;
        this.role = role;
    }

    /** Starts it for one session of this suite, on a UDP port of the loopback address. */
    abstract Program start(Path directory, int port, CipherSuite suite) throws IOException, InterruptedException;

    String title() {
        return title;
    }

    Role role() {
        return role;
    }

    boolean isInstalled() {
        return Program.exists(program);
    }

    private static Program coapServer(Path directory, String name, int port) throws IOException, InterruptedException {
        Program server = Program.start(
                directory,
                name,
                "-A",
                "127.0.0.1",
                // Its DTLS is one port above the one for clear messages.
                "-p",
                Integer.toString(port - 1),
                "-v",
                "7",
                "-k",
                new String(Handshake.PSK, StandardCharsets.US_ASCII));
        server.await("created DTLS");
        return server;
    }

    private static String openssl(CipherSuite suite) {
        return switch (suite.aead()) {
            case AES_128_CCM -> "PSK-AES128-CCM";
            case AES_128_CCM_8 -> "PSK-AES128-CCM8";
            case AES_256_CCM -> "PSK-AES256-CCM";
            case AES_256_CCM_8 -> "PSK-AES256-CCM8";
            case AES_128_GCM -> "PSK-AES128-GCM-SHA256";
            case AES_256_GCM -> "PSK-AES256-GCM-SHA384";
            case CHACHA20_POLY1305 -> "PSK-CHACHA20-POLY1305";
        };
    }

    private static String gnutls(CipherSuite suite) {
        return switch (suite.aead()) {
            case AES_128_CCM -> "AES-128-CCM";
            case AES_128_CCM_8 -> "AES-128-CCM-8";
            case AES_256_CCM -> "AES-256-CCM";
            case AES_256_CCM_8 -> "AES-256-CCM-8";
            case AES_128_GCM -> "AES-128-GCM";
            case AES_256_GCM -> "AES-256-GCM";
            case CHACHA20_POLY1305 -> "CHACHA20-POLY1305";
        };
    }
}
