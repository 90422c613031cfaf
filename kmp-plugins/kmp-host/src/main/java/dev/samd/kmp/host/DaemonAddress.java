// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.client.SamdClient;
import dev.samd.client.TlsAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the daemon is: the keys {@code socket} and {@code tls} of the configuration.
 *
 * @param socket path of its Unix socket, where {@code tls} is null
 * @param tls the daemon over TCP, and the certificate to be let in with; null for one behind a Unix socket
 */
record DaemonAddress(Path socket, @Nullable TlsAddress tls) {
    private static final Set<String> TLS_KEYS = Set.of("daemon", "certificate", "key", "ca");
    private static final Pattern HOST_AND_PORT = Pattern.compile("\\[?([^\\[\\]]+?)]?:([0-9]{1,5})");

    /**
     * Reads both keys.
     *
     * @throws ConfigException if they name two daemons, or none
     */
    static DaemonAddress read(YamlFile file) {
        if (!file.has("tls")) {
            return behind(file.path("socket", Path.of(""), file.text("socket", SamdClient.DEFAULT_SOCKET.toString())));
        }
        if (file.has("socket")) {
            throw file.wrong("tls", "socket and tls name two daemons; name one");
        }
        Map<String, String> tls = file.record("tls", TLS_KEYS);
        String daemon = tls.getOrDefault("daemon", "");
        Matcher parts = HOST_AND_PORT.matcher(daemon);
        int port = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
        if (port < 1 || port > 0xffff) {
            throw file.wrong("tls", "daemon is \"" + daemon + "\"; HOST:PORT expected");
        }
        return new DaemonAddress(
                SamdClient.DEFAULT_SOCKET,
                new TlsAddress(
                        parts.group(1),
                        port,
                        named(file, tls, "certificate"),
                        named(file, tls, "key"),
                        named(file, tls, "ca")));
    }

    static DaemonAddress behind(Path socket) {
        return new DaemonAddress(socket, null);
    }

    private static Path named(YamlFile file, Map<String, String> tls, String key) {
        return file.path("tls", file.directory(), tls.getOrDefault(key, ""));
    }

    /**
     * A client of it, whether or not it runs yet.
     *
     * @throws dev.samd.client.SamdUnavailableException if the files make no TLS client
     */
    SamdClient connect() {
        return tls == null ? SamdClient.connect(socket) : SamdClient.connect(tls);
    }
}
