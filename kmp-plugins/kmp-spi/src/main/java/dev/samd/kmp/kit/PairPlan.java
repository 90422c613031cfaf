// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kit;

import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Need;
import dev.samd.kmp.kdf.PairKeys;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Rights;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;

/**
 * Everything about a pair to be but its keys and its SPIs.
 *
 * @param supersedes the pair that it replaces, or {@link PairId#NONE}
 */
public record PairPlan(
        PairRole role,
        Endpoint peer,
        Endpoint local,
        Identity identity,
        CipherSuite suite,
        Content content,
        Form form,
        int window,
        Lifetime lifetime,
        Rights rights,
        int reqid,
        PairId supersedes) {
    /** Keys that a derivation gives begin in the first epoch that is protected. */
    private static final int EPOCH = 1;

    /** The initiator's plan: what was needed, with whom and how it came to be. */
    public static PairPlan of(Need need, Identity identity, CipherSuite suite, Rights rights) {
        return new PairPlan(
                PairRole.INITIATOR,
                need.target(),
                need.local(),
                identity,
                suite,
                need.content(),
                need.form(),
                need.window(),
                need.lifetime(),
                rights,
                need.reqid(),
                need.replaces());
    }

    /**
     * The pair with keys that nobody has used.
     *
     * @param inbound the SPI that was reserved here
     * @param outbound the SPI that the peer chose
     * @param unconfirmed whether the peer has yet to prove that it holds the keys
     * @param kmpPrivate for the next run of the KMP; taken over
     */
    public KeyedPair keyed(PairKeys keys, Spi inbound, Spi outbound, boolean unconfirmed, KeyMaterial kmpPrivate) {
        return keyed(keys, inbound, outbound, EPOCH, History.FRESH, History.FRESH, unconfirmed, kmpPrivate);
    }

    /**
     * The pair with keys that another record layer has used until now.
     *
     * @param epoch the epoch of the keys in both directions
     * @param accepted what was accepted
     * @param sent what was sent
     */
    public KeyedPair keyed(
            PairKeys keys,
            Spi inbound,
            Spi outbound,
            int epoch,
            History accepted,
            History sent,
            boolean unconfirmed,
            KeyMaterial kmpPrivate) {
        boolean initiator = role == PairRole.INITIATOR;
        return new KeyedPair(
                parameters(Direction.INBOUND, inbound, epoch, accepted),
                initiator ? keys.responder() : keys.initiator(),
                parameters(Direction.OUTBOUND, outbound, epoch, sent),
                initiator ? keys.initiator() : keys.responder(),
                supersedes,
                role,
                unconfirmed,
                kmpPrivate);
    }

    private SaParameters parameters(Direction direction, Spi spi, int epoch, History history) {
        return new SaParameters(
                direction,
                spi,
                peer,
                local,
                identity,
                suite,
                RecordVersion.DTLS12,
                epoch,
                content,
                form,
                true,
                window,
                lifetime,
                history,
                rights,
                reqid);
    }
}
