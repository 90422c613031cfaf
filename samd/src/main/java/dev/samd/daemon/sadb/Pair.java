// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.engine.Confirmation;
import dev.samd.sa.Direction;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaId;
import org.jspecify.annotations.Nullable;

/**
 * An inbound and an outbound SA of one negotiation, or of one name. Confined to its database's thread, but for its
 * names, which never change.
 *
 * <p>A pair is <em>referred to</em> while one of its SAs lives or a pair that superseded it is referred to: that long a
 * late answer may still name its SPI.
 */
final class Pair {
    private final PairId id;
    private final String name;
    private final @Nullable Pair superseded;
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
        this.superseded = null;
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
    }

    PairId id() {
        return id;
    }

    String name() {
        return name;
    }

    @Nullable
    Pair superseded() {
        return superseded;
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
        return superseded == null ? PairId.NONE : superseded.id;
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
        if (living == 1 && superseded != null) {
            superseded.referredSuccessors++;
        }
    }

    void leave() {
        living--;
        releaseIfUnreferred();
    }

    private void releaseIfUnreferred() {
        Pair ended = this;
        while (!ended.isReferredTo() && ended.superseded != null) {
            Pair previous = ended.superseded;
            previous.referredSuccessors--;
            ended = previous;
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
