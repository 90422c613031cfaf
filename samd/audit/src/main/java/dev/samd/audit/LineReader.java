// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Parts octets at their line feeds. A line that is longer than a line can be comes in several pieces, so memory stays
 * bounded whatever a file holds.
 */
public final class LineReader implements AutoCloseable {
    private final InputStream in;
    private boolean terminated;
    private long consumed;

    /** @param in closed with this */
    public LineReader(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    /** The next line without its line feed, or null at the end. */
    public byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        terminated = false;
        int read = 0;
        while (line.size() <= AuditLine.MAX_LENGTH) {
            int octet = in.read();
            if (octet < 0) {
                break;
            }
            read++;
            if (octet == '\n') {
                terminated = true;
                break;
            }
            line.write(octet);
        }
        consumed += read;
        return read == 0 ? null : line.toByteArray();
    }

    /** Whether a line feed followed the last line. */
    public boolean wasTerminated() {
        return terminated;
    }

    /** How many octets were read so far, line feeds too. */
    public long consumed() {
        return consumed;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
