// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import dev.samd.sa.Octets;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import org.eclipse.californium.core.coap.MessageObserver;
import org.eclipse.californium.core.coap.Request;
import org.jspecify.annotations.Nullable;

/** A request that waits for its answers: a protected one, or one that the policy lets pass in clear. Confined to the executor of its exchange. */
final class Awaited {
    private final TwinExchange twin;
    private final Request inner;
    private final Optional<Octets> reference;
    private final boolean repeatable;
    private @Nullable ScheduledFuture<?> grace;

    private Awaited(TwinExchange twin, Request inner, Optional<Octets> reference, boolean repeatable) {
        this.twin = twin;
        this.inner = inner;
        this.reference = reference;
        this.repeatable = repeatable;
    }

    /**
     * The answers to a request that left protected, under the reference that protecting it gave.
     *
     * @param repeatable whether it is made again if the server asks for an Echo value
     */
    static Awaited ofProtected(TwinExchange twin, Request inner, Octets reference, boolean repeatable) {
        return new Awaited(twin, inner, Optional.of(reference), repeatable);
    }

    /** The answers to a request that left in clear. */
    static Awaited ofClear(TwinExchange twin, Request inner) {
        return new Awaited(twin, inner, Optional.empty(), false);
    }

    /** The exchange above. */
    TwinExchange twin() {
        return twin;
    }

    /** The original request: the program's, or one block of it. */
    Request inner() {
        return inner;
    }

    /** The reference that protecting it gave; empty for a request in clear. */
    Optional<Octets> reference() {
        return reference;
    }

    /** Whether it is made again if the server asks for an Echo value. */
    boolean repeatable() {
        return repeatable;
    }

    /** Whether an answer is still wanted: neither answered, nor cancelled, nor followed by the next block. */
    boolean open() {
        return !twin.isComplete() && twin.getCurrentRequest() == inner;
    }

    /** Whether an unprotected error waits for the end of its grace. */
    boolean inGrace() {
        return grace != null;
    }

    /** Begins the grace of an unprotected error. */
    void beginGrace(ScheduledFuture<?> end) {
        grace = end;
    }

    /** A protected answer has come, and wins. */
    void answered() {
        ScheduledFuture<?> waiting = grace;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }

    void fail(Throwable error) {
        fail(twin, inner, error);
    }

    /** Tells the program, and whoever else watches the request or the block, once each. Runs on any thread. */
    static void fail(TwinExchange twin, Request inner, Throwable error) {
        Request root = twin.getRequest();
        root.setSendError(error);
        if (inner != root) {
            for (MessageObserver observer : inner.getMessageObservers()) {
                if (!root.getMessageObservers().contains(observer)) {
                    observer.onSendError(error);
                }
            }
        }
        twin.executeComplete();
    }
}
