// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/**
 * One direction, one key, one SPI. Owns its keys: DEAD means closed.
 *
 * @param id the daemon's name of it
 * @param pair the pair it belongs to
 * @param parameters what may be known
 * @param keys what must not
 */
public record SecurityAssociation(SaId id, PairId pair, SaParameters parameters, TrafficKeys keys)
        implements AutoCloseable {
    public SecurityAssociation {
        keys.requireFor(parameters.suite());
    }

    @Override
    public void close() {
        keys.close();
    }
}
