// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import java.nio.file.Path;

/**
 * A daemon that listens on TCP with TLS, and what a client needs to be let in.
 *
 * @param host name or address; the certificate of the daemon has to name it
 * @param port TCP port
 * @param certificate PEM file: the client's certificate, and what leads to its root
 * @param key PEM file: the key of the certificate, PKCS #8 and unencrypted
 * @param ca PEM file: who may certify the daemon
 */
public record TlsAddress(String host, int port, Path certificate, Path key, Path ca) {
    /** {@code host:port}. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
