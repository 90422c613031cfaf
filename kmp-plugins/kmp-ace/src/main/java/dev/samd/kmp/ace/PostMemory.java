// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.Answer;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The posts that were answered well, by their owner: what makes a repeated post harmless. The same post gets the same answer
 * while its pair is unconfirmed, and nothing afterwards. Confined to the driver's thread.
 *
 * <p>Bounds: 16 posts of each owner, of which two may await confirmation, and 4096 owners, of which the one unheard of longest
 * gives way.
 *
 * @param <K> who the owner of a post is
 */
final class PostMemory<K> {
    /** How long an unconfirmed pair of a responder lives. */
    static final Duration UNCONFIRMED = Duration.ofSeconds(60);

    private static final int POSTS = 16;
    private static final int AWAITED = 2;
    private static final int OWNERS = 4096;

    private enum State {
        RUNNING,
        AWAITED,
        OVER
    }

    private static final class Entry {
        private final Instant since;
        private State state = State.RUNNING;
        private PairId pair = PairId.NONE;
        private Answer answer = Answer.of(Answer.UNAUTHORIZED);

        /** Whether its pair may still stand unconfirmed in the daemon. */
        private boolean standing = true;

        private Entry(Instant since) {
            this.since = since;
        }
    }

    private final Map<K, LinkedHashMap<Octets, Entry>> owners = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * What a post that is not the first of its octets is answered; empty if it is the first.
     *
     * @param post hash of its octets
     */
    Optional<Answer> repeated(Instant now, K owner, Octets post) {
        Entry entry = owners.getOrDefault(owner, new LinkedHashMap<>()).get(post);
        if (entry == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (entry.state) {
                    case RUNNING -> Answer.of(Answer.UNAVAILABLE);
                    case AWAITED -> isOld(now, entry) ? Answer.of(Answer.UNAUTHORIZED) : entry.answer;
                    case OVER -> Answer.of(Answer.UNAUTHORIZED);
                });
    }

    /**
     * A new post begins its run; of more than two that await confirmation the oldest gives way.
     *
     * @return the pairs that give way; empty if the owner's unconfirmed pairs are too many, and nothing began
     */
    Optional<List<PairId>> begin(Instant now, K owner, Octets post) {
        LinkedHashMap<Octets, Entry> posts = owners.computeIfAbsent(owner, same -> new LinkedHashMap<>());
        long standing = posts.values().stream()
                .filter(entry -> entry.standing && !isOld(now, entry))
                .count();
        if (standing >= POSTS) {
            return Optional.empty();
        }
        List<Entry> awaited = new ArrayList<>(posts.values());
        awaited.removeIf(entry -> entry.state == State.OVER);
        List<PairId> giveWay = new ArrayList<>();
        for (int i = 0; i <= awaited.size() - AWAITED; i++) {
            Entry eldest = awaited.get(i);
            if (eldest.state == State.AWAITED) {
                giveWay.add(eldest.pair);
            }
            eldest.state = State.OVER;
        }
        if (posts.size() >= POSTS) {
            removeEldest(posts);
        }
        posts.put(post, new Entry(now));
        if (owners.size() > OWNERS) {
            removeEldest(owners);
        }
        return Optional.of(giveWay);
    }

    private static void removeEldest(Map<?, ?> map) {
        Iterator<?> eldest = map.keySet().iterator();
        eldest.next();
        eldest.remove();
    }

    /**
     * The run of a post installed its pair, and is to answer.
     *
     * @return false if the post has given way in the meantime: its pair is not wanted any more
     */
    boolean answered(K owner, Octets post, PairId pair, Answer answer) {
        Entry entry = owners.getOrDefault(owner, new LinkedHashMap<>()).get(post);
        if (entry != null) {
            entry.pair = pair;
            entry.answer = answer;
            entry.state = entry.state == State.RUNNING ? State.AWAITED : entry.state;
        }
        return entry == null || entry.state == State.AWAITED;
    }

    /** The run of a post came to nothing: it may be tried again. */
    void failed(K owner, Octets post) {
        LinkedHashMap<Octets, Entry> posts = owners.get(owner);
        if (posts != null) {
            posts.remove(post);
        }
    }

    /** A pair was confirmed, or ended: its post gets no answer any more. */
    void over(PairId pair) {
        for (LinkedHashMap<Octets, Entry> posts : owners.values()) {
            for (Entry entry : posts.values()) {
                if (entry.pair.equals(pair)) {
                    entry.state = State.OVER;
                    entry.standing = false;
                    return;
                }
            }
        }
    }

    /** An owner is no more. */
    void forget(K owner) {
        owners.remove(owner);
    }

    private static boolean isOld(Instant now, Entry entry) {
        return entry.since.plus(UNCONFIRMED).isBefore(now);
    }
}
