// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.kdf.PairKeys;
import dev.samd.kmp.kdf.SaKdf;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.Lifetime;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Rights;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;

/** Everything about a pair to be but its keys and its SPIs. */
record PairPlan(
        PairRole role,
        Endpoint peer,
        Endpoint local,
        Identity identity,
        CipherSuite suite,
        CarriedContent content,
        int window,
        Lifetime lifetime,
        Rights rights,
        int reqid,
        PairId supersedes) {
    /** Keys that a derivation gives are fresh, in the first epoch that is protected. */
    private static final int EPOCH = 1;

    /**
     * The pair, unconfirmed: neither side has shown yet that it holds the keys.
     *
     * @param inbound the SPI that was reserved here
     * @param outbound the SPI that the peer chose
     */
    KeyedPair keyed(SaKdf kdf, Spi inbound, Spi outbound, PairSecret secret) {
        PairKeys keys = kdf.pairKeys();
        boolean initiator = role == PairRole.INITIATOR;
        return new KeyedPair(
                parameters(Direction.INBOUND, inbound),
                initiator ? keys.responder() : keys.initiator(),
                parameters(Direction.OUTBOUND, outbound),
                initiator ? keys.initiator() : keys.responder(),
                supersedes,
                role,
                true,
                secret.encoded());
    }

    private SaParameters parameters(Direction direction, Spi spi) {
        return new SaParameters(
                direction,
                spi,
                peer,
                local,
                identity,
                suite,
                RecordVersion.DTLS12,
                EPOCH,
                content.content(),
                content.form(),
                true,
                window,
                lifetime,
                History.FRESH,
                rights,
                reqid);
    }
}
