// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.engine.Confirmation;
import dev.samd.engine.RecordEngine;
import dev.samd.sa.Direction;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An inbound and an outbound SA of one negotiation, or of one name. Confined to its database's thread, but for its
 * names, which never change.
 *
 * <p>A pair is <em>referred to</em> while one of its SAs lives or a pair that took its place is referred to: that long a
 * late answer may still name its SPI. After {@link RecordEngine#CHAIN} pairs it is not, as in the engine.
 */
final class Pair {
    private final PairId id;
    private final String name;
    private final PairId supersedes;
    private final Rank rank;
    private final Lineage lineage;
    private @Nullable Pair superseded;
    /** The pair that it superseded and those that gave way to it, while it refers to them. */
    private List<Pair> predecessors;

    private @Nullable SaId inbound;
    private @Nullable SaId outbound;
    private final @Nullable PairRole role;
    private final KeyMaterial kmpPrivate;
    private boolean unconfirmed;
    private long overlapEnd = Lifetimes.NEVER;
    private int living;
    private int referredSuccessors;

    /** A pair of a name. */
    Pair(PairId id, String name) {
        this.id = id;
        this.name = name;
        this.supersedes = PairId.NONE;
        this.rank = Rank.FIRST;
        this.lineage = new Lineage(id);
        this.predecessors = List.of();
        this.role = null;
        this.kmpPrivate = KeyMaterial.adopt(new byte[0]);
    }

    /** A pair of a negotiation. */
    Pair(PairId id, InstallPair request, @Nullable Pair superseded) {
        this.id = id;
        this.name = "";
        this.superseded = superseded;
        this.role = request.role();
        this.unconfirmed = request.unconfirmed();
        this.kmpPrivate = request.kmpPrivate();
        if (superseded == null) {
            this.supersedes = PairId.NONE;
            this.rank = Rank.FIRST;
            this.lineage = new Lineage(id);
            this.predecessors = List.of();
        } else {
            this.supersedes = superseded.id;
            this.rank = superseded.rank.next(request);
            this.lineage = superseded.lineage;
            this.predecessors = List.of(superseded);
        }
    }

    /** A pair that was kept, without its SAs as yet. */
    Pair(PairImage image, List<Pair> predecessors, Lineage lineage, KeyMaterial kmpPrivate) {
        this.id = image.id();
        this.name = image.name();
        this.supersedes = image.supersedes();
        this.rank = new Rank(image.generation(), image.rankRole().orElse(null), image.smaller(), image.greater());
        this.lineage = lineage;
        this.predecessors = predecessors;
        this.superseded = predecessors.stream()
                .filter(pair -> pair.id.equals(supersedes))
                .findFirst()
                .orElse(null);
        this.role = image.role().orElse(null);
        this.kmpPrivate = kmpPrivate;
        this.unconfirmed = image.unconfirmed();
        this.overlapEnd = image.overlapEnd();
    }

    /** What has to be kept of it. */
    PairImage image() {
        return new PairImage(
                id,
                name,
                supersedes,
                predecessors.stream().map(Pair::id).toList(),
                lineage.root(),
                rank.generation(),
                Optional.ofNullable(rank.role()),
                rank.smaller(),
                rank.greater(),
                Optional.ofNullable(role),
                unconfirmed,
                overlapEnd);
    }

    PairId id() {
        return id;
    }

    String name() {
        return name;
    }

    /** The pair that it was made to supersede; null without one, and when that was so long ago that it is forgotten. */
    @Nullable
    Pair superseded() {
        return superseded;
    }

    /** The pairs that it refers to. */
    List<Pair> predecessors() {
        return predecessors;
    }

    /** What it comes from, and all that comes from that. */
    Lineage lineage() {
        return lineage;
    }

    /** Whether it gives way to a better one of its lineage, or that one to it. */
    boolean isContender() {
        return rank.role() != null;
    }

    /** Whether it stands, and the other contender gives way. */
    boolean outranks(Pair other) {
        int order = rank.against(other.rank);
        return order == 0 ? id.value() > other.id.value() : order > 0;
    }

    @Nullable
    PairRole role() {
        return role;
    }

    /** What its installer gave along; closed when the pair has no SA any more. */
    KeyMaterial kmpPrivate() {
        return kmpPrivate;
    }

    boolean isUnconfirmed() {
        return unconfirmed;
    }

    /** The peer has proven that it holds the keys. */
    void confirm() {
        unconfirmed = false;
    }

    /** Whether a confirmed pair has taken its place: it lives on for what is under way. */
    boolean isReplaced() {
        return overlapEnd != Lifetimes.NEVER;
    }

    void replace(long until) {
        overlapEnd = until;
        lineage.remove(this);
    }

    /** When it ends because another pair took its place, or {@link Lifetimes#NEVER}. */
    long overlapEnd() {
        return overlapEnd;
    }

    /** As the engine has to know it. */
    Confirmation confirmation() {
        if (!unconfirmed) {
            return Confirmation.CONFIRMED;
        }
        return role == PairRole.INITIATOR ? Confirmation.INITIATOR_WAITS : Confirmation.RESPONDER_WAITS;
    }

    PairId supersedes() {
        return supersedes;
    }

    /** The SA that is, or was, its member of that direction. */
    @Nullable
    SaId member(Direction direction) {
        return direction == Direction.INBOUND ? inbound : outbound;
    }

    void join(Direction direction, SaId member) {
        if (direction == Direction.INBOUND) {
            inbound = member;
        } else {
            outbound = member;
        }
        living++;
        if (living == 1) {
            predecessors.forEach(predecessor -> predecessor.referredSuccessors++);
            endOfChain().forEach(Pair::forgetPredecessors);
        }
    }

    /** Another one gives way to this one, which lives. */
    void follow(Pair other) {
        List<Pair> more = new ArrayList<>(predecessors);
        more.add(other);
        predecessors = more;
        other.referredSuccessors++;
        endOfChain().forEach(Pair::forgetPredecessors);
    }

    /** The pairs that are so many steps before this one that they refer to no other. */
    private List<Pair> endOfChain() {
        List<Pair> step = List.of(this);
        for (int i = 0; i < RecordEngine.CHAIN && !step.isEmpty(); i++) {
            step = step.stream()
                    .flatMap(pair -> pair.predecessors.stream())
                    .distinct()
                    .toList();
        }
        return step;
    }

    void leave() {
        living--;
        if (living == 0) {
            lineage.remove(this);
        }
        if (!isReferredTo()) {
            forgetPredecessors();
        }
    }

    private void forgetPredecessors() {
        Deque<Pair> forgetting = new ArrayDeque<>(List.of(this));
        for (Pair pair = forgetting.poll(); pair != null; pair = forgetting.poll()) {
            for (Pair predecessor : pair.predecessors) {
                predecessor.referredSuccessors--;
                if (!predecessor.isReferredTo()) {
                    forgetting.add(predecessor);
                }
            }
            pair.predecessors = List.of();
            pair.superseded = null;
        }
    }

    /** Whether both of its SAs live. */
    boolean isWhole() {
        return living == 2;
    }

    /** Whether one of its SAs lives. */
    boolean isAlive() {
        return living > 0;
    }

    /** Whether a pair that superseded it is alive, or named by one that is. */
    boolean hasSuccessor() {
        return referredSuccessors > 0;
    }

    boolean isReferredTo() {
        return living > 0 || referredSuccessors > 0;
    }
}
