// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.TlsAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** A daemon on TCP, and the caller's certificate. */
final class TlsOptions {
    private static final Pattern ADDRESS = Pattern.compile("\\[?([^\\[\\]]+?)]?:([0-9]{1,5})");

    @Option(
            names = "--tls",
            paramLabel = "HOST:PORT",
            scope = ScopeType.INHERIT,
            description = "A daemon on TCP instead; with --cert, --cert-key and --ca.")
    private String address = "";

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "With --tls: the caller's certificate, PEM.")
    private @Nullable Path certificate;

    @Option(
            names = "--cert-key",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "With --tls: the key of the certificate, PEM.")
    private @Nullable Path key;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "With --tls: who may certify the daemon, PEM.")
    private @Nullable Path ca;

    /** Where the daemon is; empty if it is behind a Unix socket. */
    Optional<TlsAddress> address(CommandLine line, String socket) {
        if (address.isEmpty()) {
            if (certificate != null || key != null || ca != null) {
                throw new ParameterException(line, "--cert, --cert-key and --ca go with --tls only");
            }
            return Optional.empty();
        }
        if (!socket.isEmpty()) {
            throw new ParameterException(line, "--socket and --tls name two daemons; name one");
        }
        Matcher parts = ADDRESS.matcher(address);
        int port = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
        if (port < 1 || port > 0xffff) {
            throw new ParameterException(line, "--tls is " + address + "; HOST:PORT expected");
        }
        if (certificate == null || key == null || ca == null) {
            throw new ParameterException(line, "--tls needs --cert FILE, --cert-key FILE and --ca FILE");
        }
        return Optional.of(new TlsAddress(parts.group(1), port, certificate, key, ca));
    }
}
