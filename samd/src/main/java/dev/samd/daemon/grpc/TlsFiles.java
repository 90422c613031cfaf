// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.access.AccessWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a listener, which may change while it serves. Files that make no server change nothing: what was there before
 * goes on. Thread-safe; {@link #look} is called by one thread.
 *
 * <p>A certificate and its key are two files, written one after the other. So what changed is read when it has stayed the same
 * from one look to the next.
 */
final class TlsFiles {
    private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);

    private final TlsListen where;
    private final AccessWatcher watcher;
    private volatile TlsIdentity current;
    private List<String> read;
    private List<String> seen;

    /**
     * @param watcher hears of files that changed
     * @throws IOException if the files make no TLS server
     */
    TlsFiles(TlsListen where, AccessWatcher watcher) throws IOException {
        this.where = where;
        this.watcher = watcher;
        // Before the files, so that what changes meanwhile is read once more.
        this.read = states();
        this.seen = read;
        this.current = TlsIdentity.read(where);
    }

    /** What holds for a handshake that begins now. */
    TlsIdentity current() {
        return current;
    }

    /**
     * Looks whether the files changed.
     *
     * @param changed is given what holds from now on, if it is something else
     */
    void look(Consumer<TlsIdentity> changed) {
        List<String> now = states();
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(read)) {
            return;
        }
        read = now;
        TlsIdentity next;
        try {
            next = TlsIdentity.read(where);
        } catch (IOException e) {
            log.warn("kept the certificates that it had reason=\"{}\"", e.getMessage());
            watcher.certificatesRefused(String.valueOf(e.getMessage()));
            return;
        }
        current = next;
        log.info("took new certificates certificate={}", next.fingerprint());
        watcher.certificatesTaken(next.fingerprint());
        changed.accept(next);
    }

    /** What tells one state of the files from another, without reading them. */
    private List<String> states() {
        List<String> states = new ArrayList<>();
        Stream.of(where.certificate(), where.key(), where.clientCa(), where.clientCrl())
                .forEach(file -> states.add(file == null ? "" : state(file)));
        return states;
    }

    private static String state(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.size() + " " + attributes.lastModifiedTime();
        } catch (IOException e) {
            return "unreadable";
        }
    }
}
