// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.RecordVersion;
import java.util.Optional;

/**
 * What has to be kept of one key, for ever: with what it was used, and its marks.
 *
 * @param print of its octets
 * @param iv print of the IV that it was used with
 * @param sending where it was used to seal; empty if it never was
 * @param sendMark numbers below may have been sealed
 * @param accepting where it was used to open; empty if it never was
 * @param acceptMark numbers below may have been accepted
 */
public record KeyImage(
        KeyPrint print,
        CipherSuite suite,
        RecordVersion version,
        int epoch,
        KeyPrint iv,
        Optional<Endpoint> sending,
        long sendMark,
        Optional<Endpoint> accepting,
        long acceptMark) {
    /** The mark of one direction. */
    public long mark(Direction direction) {
        return direction == Direction.OUTBOUND ? sendMark : acceptMark;
    }
}
