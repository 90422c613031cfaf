// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A client's connection to a daemon over TLS. */
final class TlsChannel implements AutoCloseable {
    private final ManagedChannel channel;
    private final StatusConformance conformance = new StatusConformance();

    /**
     * @param ca who certifies daemons
     * @param own certificate and key; null for none
     */
    TlsChannel(int port, Path ca, TestAuthority.@Nullable Issued own) throws IOException {
        TlsChannelCredentials.Builder credentials =
                TlsChannelCredentials.newBuilder().trustManager(ca.toFile());
        if (own != null) {
            credentials.keyManager(own.certificate().toFile(), own.key().toFile());
        }
        channel = Grpc.newChannelBuilder("127.0.0.1:" + port, credentials.build())
                .intercept(conformance)
                .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        assertThat(conformance.violations()).isEmpty();
    }
}
