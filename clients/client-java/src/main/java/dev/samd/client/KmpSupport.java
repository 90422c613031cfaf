// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.RecordVersion;
import java.util.List;

/**
 * What the daemon can make records with (RFC 2367 s3.1.7). What this version does not know is left out.
 *
 * @param suites the cipher suites
 * @param versions the record versions
 * @param maxSpiLength octets of the longest SPI
 * @param maxRecord octets of plaintext in the longest record
 */
public record KmpSupport(List<CipherSuite> suites, List<RecordVersion> versions, int maxSpiLength, int maxRecord) {
    public KmpSupport {
        suites = List.copyOf(suites);
        versions = List.copyOf(versions);
    }
}
