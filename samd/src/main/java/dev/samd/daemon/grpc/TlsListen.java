// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where to listen over TCP, with TLS whose client certificates are required.
 *
 * @param host address, or a name of this host
 * @param port TCP port; 0 for a free one
 * @param certificate PEM file: the daemon's certificate, and what leads to its root
 * @param key PEM file: the key of the certificate, PKCS #8 and unencrypted
 * @param clientCa PEM file: who may certify clients
 * @param clientCrl PEM file: revocation lists of everybody who may; null if no certificate is ever revoked
 */
public record TlsListen(String host, int port, Path certificate, Path key, Path clientCa, @Nullable Path clientCrl) {}
