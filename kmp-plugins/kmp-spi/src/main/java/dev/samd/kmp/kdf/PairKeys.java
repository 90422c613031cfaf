// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kdf;

import dev.samd.sa.TrafficKeys;

/**
 * The keys of a pair. Owns both.
 *
 * @param initiator of the records that the initiator seals ("client write")
 * @param responder of the records that the responder seals ("server write")
 */
public record PairKeys(TrafficKeys initiator, TrafficKeys responder) implements AutoCloseable {
    @Override
    public void close() {
        initiator.close();
        responder.close();
    }
}
