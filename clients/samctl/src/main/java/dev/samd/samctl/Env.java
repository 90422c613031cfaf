// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Map;

/**
 * Everything outside of the command.
 *
 * @param stdin what it is given
 * @param stdout what it gives
 * @param stderr what it says beside that
 * @param variables the environment
 * @param clock for ages and times left
 */
record Env(InputStream stdin, OutputStream stdout, OutputStream stderr, Map<String, String> variables, Clock clock) {
    /** The process as it is. */
    static Env ofProcess() {
        return new Env(
                // A bare FileInputStream asks a pipe for its length when many octets are read, and fails.
                new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                System.getenv(),
                Clock.systemUTC());
    }
}
