// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.kdf.PairKeys;
import dev.samd.kmp.kdf.SaKdf;
import dev.samd.kmp.kdf.SaKdfInput;
import dev.samd.kmp.testkit.FakeKeyManagement;
import dev.samd.kmp.testkit.FakeKeyManagement.Installed;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Spi;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole way with a peer of another make: Bouncy Castle's DTLS behind the bridges, over CoAP, to a pair of SAs whose keys and SPIs
 * Bouncy Castle knows as well. The one implementation at hand with connection IDs.
 */
class BouncyHandshakeIT {
    private static final CipherSuite SUITE = CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;
    private static final Octets CID = Octets.ofHex("c1d0c1d0c1d0");
    private static final byte[] SESSION_ID = new byte[] {1, 2, 3, 4};
    private static final InetSocketAddress NOBODY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

    @TempDir
    private Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(directory.resolve("dev.key"), BouncyPeer.PSK);
    }

    private interface Handshake {
        BouncyPeer.Result run() throws IOException;
    }

    private static CompletableFuture<BouncyPeer.Result> begun(Handshake handshake) {
        CompletableFuture<BouncyPeer.Result> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(handshake.run());
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result.orTimeout(60, TimeUnit.SECONDS);
    }

    private Kmp kmp(Map<String, Object> section, String keys) {
        return CodtlsParties.kmp(directory, CodtlsParties.with(section, "keys", keys), 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"exporter", "key-block"})
    void serverComesToTheKeysOfItsClient(String keys) throws IOException, InterruptedException {
        try (CoapSide server = new CoapSide(kmp(CodtlsParties.pskServer("dev-1"), keys), NOBODY);
                ClientBridge bridge = new ClientBridge(server.address());
                DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.connect(InetAddress.getLoopbackAddress(), bridge.udpPort());
            CompletableFuture<BouncyPeer.Result> client = begun(() -> BouncyPeer.client(socket, CID.toArray()));

            assertThat(bridge.run())
                    .extracting(Answer::code)
                    .containsExactly(Answer.UNAUTHORIZED, Answer.CREATED, Answer.CHANGED);
            assertThat(server.outcome()).isEqualTo("done");
            BouncyPeer.Result result = client.join();
            assertThat(result.clientCid()).isEqualTo(CID);
            Installed pair = server.daemon(FakeKeyManagement::pairs).get(0);
            assertPair(pair, pair.outbound().spi(), pair.inbound().spi(), result);
            assertKeys(keys, result, pair.inboundKey(), pair.outboundKey());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exporter", "key-block"})
    void clientComesToTheKeysOfItsServer(String keys) throws IOException, InterruptedException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                ServerBridge bridge = new ServerBridge(socket.getLocalPort());
                CoapSide client =
                        new CoapSide(kmp(CodtlsParties.pskClient("dev-1", "dev.key"), keys), bridge.address())) {
            CompletableFuture<BouncyPeer.Result> server =
                    begun(() -> BouncyPeer.server(socket, CID.toArray(), SESSION_ID));

            client.acquire(CodtlsParties.need(SUITE));

            assertThat(client.outcome()).isEqualTo("done");
            assertThat(bridge.codes()).as("it asks for no cookie").isEqualTo(List.of(Answer.CREATED, Answer.CHANGED));
            BouncyPeer.Result result = server.join();
            assertThat(result.serverCid()).isEqualTo(CID);
            Installed pair = client.daemon(FakeKeyManagement::pairs).get(0);
            assertPair(pair, pair.inbound().spi(), pair.outbound().spi(), result);
            assertKeys(keys, result, pair.outboundKey(), pair.inboundKey());
        }
    }

    /** Scandium keeps the master secret of sessions with an ID alone: for the exporter there has to be one. */
    @ParameterizedTest
    @CsvSource({
        "exporter, 'failed: coap://server.example gives no session ID, which the exporter needs here'",
        "key-block, done"
    })
    void serverThatGivesNoSessionIdIsOneForTheKeyBlockAlone(String keys, String outcome)
            throws IOException, InterruptedException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                ServerBridge bridge = new ServerBridge(socket.getLocalPort());
                CoapSide client =
                        new CoapSide(kmp(CodtlsParties.pskClient("dev-1", "dev.key"), keys), bridge.address())) {
            CompletableFuture<BouncyPeer.Result> server =
                    begun(() -> BouncyPeer.server(socket, CID.toArray(), new byte[0]));

            client.acquire(CodtlsParties.need(SUITE));

            assertThat(client.outcome()).isEqualTo(outcome);
            assertThat(server.join().serverCid()).isEqualTo(CID);
            assertThat(client.daemon(FakeKeyManagement::pairs)).hasSize(outcome.equals("done") ? 1 : 0);
        }
    }

    private static void assertPair(Installed pair, Spi client, Spi server, BouncyPeer.Result result) {
        assertThat(client.octets()).isEqualTo(result.clientCid());
        assertThat(server.octets()).isEqualTo(result.serverCid());
        assertThat(pair.inbound().suite()).isEqualTo(SUITE);
        assertThat(pair.unconfirmed()).isFalse();
    }

    private static void assertKeys(String keys, BouncyPeer.Result result, Octets client, Octets server) {
        if (keys.equals("key-block")) {
            assertThat(client).isEqualTo(result.clientKey());
            assertThat(server).isEqualTo(result.serverKey());
            return;
        }
        SaKdfInput input = new SaKdfInput(
                Octets.EMPTY,
                Octets.EMPTY,
                Octets.EMPTY,
                sha256(result.randoms()),
                new Spi(result.clientCid()),
                new Spi(result.serverCid()),
                SUITE,
                RecordVersion.DTLS12);
        try (KeyMaterial exported = KeyMaterial.adopt(result.exported().toArray());
                SaKdf kdf = new SaKdf(exported, input);
                PairKeys pair = kdf.pairKeys()) {
            assertThat(KeyMaterial.adopt(client.toArray())
                            .sameAs(pair.initiator().key()))
                    .isTrue();
            assertThat(KeyMaterial.adopt(server.toArray())
                            .sameAs(pair.responder().key()))
                    .isTrue();
        }
    }

    private static Octets sha256(Octets octets) {
        try {
            return Octets.of(MessageDigest.getInstance("SHA-256").digest(octets.toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
