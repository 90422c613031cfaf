// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.Answer;
import dev.samd.kmp.KeyedPair;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;

/**
 * A post whose run has begun: what came of the run is kept with it.
 *
 * @param pairs know the pair from its installation on
 * @param memory where the post is remembered
 * @param owner of the post
 * @param post hash of its octets
 */
record RememberedPost<K>(LivePairs pairs, PostMemory<K> memory, K owner, Octets post) implements Respond.Report {
    @Override
    public boolean installed(PairId id, KeyedPair pair, PairSecret secret, Answer answer) {
        pairs.installed(id, pair, secret);
        return memory.answered(owner, post, id, answer);
    }

    @Override
    public void failed() {
        memory.failed(owner, post);
    }
}
