// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Direction;
import dev.samd.sa.KeyMaterial;
import java.util.Optional;

/**
 * Where an empty database takes what was kept of an earlier life, piece by piece, so that nobody has to hold all of it at
 * once: first the keys, then the pairs, each behind those that it refers to, then the SAs by id, each behind the mark of its
 * key, then the answers, the oldest first. One thread.
 */
public interface Entrance {
    /** A key that was installed once. */
    void key(KeyImage key);

    /** Keys may have been forgotten. */
    void forgetful();

    /**
     * A pair.
     *
     * @param kmpPrivate what its installer gave along; taken over
     */
    void pair(PairImage pair, KeyMaterial kmpPrivate);

    /**
     * Numbers of a key that may have been used.
     *
     * @param mark numbers below may have been; a lower one than is known changes nothing
     * @return what is known of the key now; empty if the key is not known
     */
    Optional<KeyImage> raise(KeyPrint key, Direction direction, long mark);

    /** An SA. Its keys are taken over. */
    void association(Restored.Association association);

    /** An answer to a request that may come again. */
    void answer(AnswerImage answer);
}
