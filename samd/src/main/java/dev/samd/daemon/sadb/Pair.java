// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Direction;
import dev.samd.sa.PairId;
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
    private int living;
    private int referredSuccessors;

    Pair(PairId id, String name, @Nullable Pair superseded) {
        this.id = id;
        this.name = name;
        this.superseded = superseded;
    }

    PairId id() {
        return id;
    }

    String name() {
        return name;
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

    boolean isReferredTo() {
        return living > 0 || referredSuccessors > 0;
    }
}
