// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.observe;

import java.nio.file.Path;

/**
 * Where the audit log is, and what its bounds are.
 *
 * @param file the present file; older ones are beside it, with their numbers
 * @param onFailure what a full disk means
 * @param queue lines that may wait to be written
 * @param rotateSize octets after which the next file begins
 * @param keep how many older files are kept
 * @param key where the key that verifies the log is put on the first start
 * @param stateDir the daemon's own files: the present keys of the chain, and its anchor
 */
public record AuditSettings(
        Path file, OnFailure onFailure, int queue, long rotateSize, int keep, Path key, Path stateDir) {
    /** Lines that may wait. */
    public static final int QUEUE = 4096;

    /** 64 MiB. */
    public static final long ROTATE_SIZE = 64L << 20;

    /** With the present file a little more than 1 GiB. */
    public static final int KEEP = 16;

    /** All of it in the state directory. */
    public static AuditSettings in(Path stateDir) {
        return new AuditSettings(
                stateDir.resolve("audit.log"),
                OnFailure.COUNT,
                QUEUE,
                ROTATE_SIZE,
                KEEP,
                stateDir.resolve("audit.key"),
                stateDir);
    }

    Path state() {
        return stateDir.resolve("audit.state");
    }

    /** Where the anchor is. */
    public Path anchor() {
        return stateDir.resolve("audit.anchor");
    }

    /** The name of an older file. */
    Path older(long number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    /** The name of a file that has only its first line yet, and is no part of the log: hidden, so that no one verifies it. */
    Path next() {
        return file.resolveSibling("." + file.getFileName() + ".next");
    }
}
