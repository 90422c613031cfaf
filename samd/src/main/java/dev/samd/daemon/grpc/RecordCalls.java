// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.Clocks;
import dev.samd.daemon.SadbLoop;
import dev.samd.daemon.access.Verb;
import dev.samd.daemon.sadb.SaSelector;
import dev.samd.daemon.sadb.SadbCaller;
import dev.samd.daemon.sadb.Step;
import dev.samd.engine.Bypassed;
import dev.samd.engine.Challenged;
import dev.samd.engine.Discarded;
import dev.samd.engine.MustWait;
import dev.samd.engine.NotFresh;
import dev.samd.engine.OpenCall;
import dev.samd.engine.OpenedRecord;
import dev.samd.engine.ProtectCall;
import dev.samd.engine.ProtectResult;
import dev.samd.engine.Protected;
import dev.samd.engine.RecordEngine;
import dev.samd.engine.SealCall;
import dev.samd.engine.SealedRecord;
import dev.samd.engine.UnprotectCall;
import dev.samd.engine.UnprotectResult;
import dev.samd.engine.Unprotected;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.v1.RecordServiceOpenRequest;
import dev.samd.v1.RecordServiceOpenResponse;
import dev.samd.v1.RecordServiceProtectRequest;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceSealRequest;
import dev.samd.v1.RecordServiceSealResponse;
import dev.samd.v1.RecordServiceUnprotectRequest;
import dev.samd.v1.RecordServiceUnprotectResponse;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The four calls of the data path, the same for a single call and for an item of a stream: reads the request, makes the
 * call, hands the answer to {@code done} or the refusal to {@code failed}.
 */
final class RecordCalls {
    /** Nobody waits longer inside the daemon, whatever he asks for. */
    private static final long MAX_WAIT_MILLIS = 60_000;

    private final RecordEngine engine;
    private final SadbLoop loop;
    private final Clocks clocks;
    private final RecordCall.Room room;
    private final Executor workers;
    private final RecordWire wire = new RecordWire();

    RecordCalls(SadbLoop loop, Clocks clocks, Executor workers) {
        this.engine = loop.engine();
        this.loop = loop;
        this.clocks = clocks;
        this.workers = workers;
        this.room = new RecordCall.Room(loop, workers);
    }

    RecordCall protect(
            RecordServiceProtectRequest request,
            Caller caller,
            long defaultWaitMillis,
            Consumer<RecordServiceProtectResponse> done,
            Consumer<RuntimeException> failed) {
        ProtectCall call = wire.call(request, caller);
        requireEndpoint(caller, Verb.PROTECT, Direction.OUTBOUND, call.local(), call.inReplyTo().length > 0);
        return new RecordCall(
                room,
                caller,
                attempt(() -> engine.protect(call, now()), result -> done.accept(outcome(result))),
                deadline(request.getWaitMs(), defaultWaitMillis),
                request.getVia(),
                failed);
    }

    RecordCall unprotect(
            RecordServiceUnprotectRequest request,
            Caller caller,
            long defaultWaitMillis,
            Consumer<RecordServiceUnprotectResponse> done,
            Consumer<RuntimeException> failed) {
        UnprotectCall call = wire.call(request, caller);
        requireEndpoint(caller, Verb.UNPROTECT, Direction.INBOUND, call.local(), call.inReplyTo().length > 0);
        return new RecordCall(
                room,
                caller,
                attempt(new Arrival(call), result -> done.accept(outcome(result))),
                deadline(request.getWaitMs(), defaultWaitMillis),
                "",
                failed);
    }

    private static RecordServiceProtectResponse outcome(ProtectResult result) {
        return result instanceof Bypassed clear
                ? RecordWire.protectBypassed(clear)
                : RecordWire.toWire((Protected) result);
    }

    private static RecordServiceUnprotectResponse outcome(UnprotectResult result) {
        if (result instanceof Discarded discarded) {
            return RecordWire.unprotectDiscarded(discarded);
        }
        if (result instanceof Challenged answer) {
            return RecordWire.challenged(answer);
        }
        return result instanceof Bypassed clear
                ? RecordWire.unprotectBypassed(clear)
                : RecordWire.toWire((Unprotected) result);
    }

    RecordCall open(
            RecordServiceOpenRequest request,
            Caller caller,
            long defaultWaitMillis,
            Consumer<RecordServiceOpenResponse> done,
            Consumer<RuntimeException> failed) {
        OpenCall call = wire.call(request, caller);
        requireEndpoint(caller, Verb.OPEN, Direction.INBOUND, call.local(), false);
        return new RecordCall(
                room,
                caller,
                attempt(
                        () -> engine.open(call, now()),
                        result -> done.accept(
                                result instanceof Discarded discarded
                                        ? RecordWire.openDiscarded(discarded)
                                        : RecordWire.toWire((OpenedRecord) result))),
                deadline(request.getWaitMs(), defaultWaitMillis),
                "",
                failed);
    }

    RecordCall seal(
            RecordServiceSealRequest request,
            SaId sa,
            Caller caller,
            long defaultWaitMillis,
            Consumer<RecordServiceSealResponse> done,
            Consumer<RuntimeException> failed) {
        SealCall call = wire.call(request, sa, caller);
        requireEndpoint(caller, Verb.SEAL, Direction.OUTBOUND, call.local(), false);
        return new RecordCall(
                room,
                caller,
                attempt(
                        () -> engine.seal(call, now()),
                        result -> done.accept(RecordWire.toWire((SealedRecord) result))),
                deadline(request.getWaitMs(), defaultWaitMillis),
                "",
                failed);
    }

    /**
     * Refuses an endpoint that is not the caller's, whatever SAs are there. Whose the SA is that is found then, the engine
     * asks. A response that states no endpoint is that of the request whose reference it brings.
     */
    private static void requireEndpoint(
            Caller caller, Verb verb, Direction direction, Endpoint local, boolean hasReference) {
        boolean fromReference = hasReference && local.isHostWide();
        if (!fromReference && !caller.rights().mayUse(direction, local)) {
            caller.require(verb, local.uri(), caller.rights().use(direction, local));
        }
    }

    /** One attempt: hands on what the engine says, unless it says to wait. */
    private static <R> RecordCall.Attempt attempt(Supplier<R> engineCall, Consumer<R> answered) {
        return () -> {
            R result = engineCall.get();
            if (result instanceof MustWait wait) {
                return wait;
            }
            answered.accept(result);
            return null;
        };
    }

    /** A message that arrives. Its record opens once; where it is to be challenged, what waits and is made again is the answer. */
    private final class Arrival implements Supplier<UnprotectResult> {
        private final UnprotectCall call;
        private @Nullable NotFresh request;

        Arrival(UnprotectCall call) {
            this.call = call;
        }

        @Override
        public UnprotectResult get() {
            NotFresh known = request;
            if (known != null) {
                return engine.challenge(known, now());
            }
            UnprotectResult result = engine.unprotect(call, now());
            if (result instanceof NotFresh found) {
                request = found;
                return engine.challenge(found, now());
            }
            return result;
        }
    }

    /** Finds the SA of a name that only the database knows, and goes on with it on a worker. */
    void resolve(SaSelector sa, Caller caller, Consumer<SaId> found, Consumer<RuntimeException> failed) {
        SadbCaller asking = new CallerInSadb(caller, Verb.SEAL);
        loop.submit((sadb, now) -> Step.unchanged(sadb.get(sa, asking)))
                .whenComplete((entry, failure) -> workers.execute(() -> {
                    if (failure == null) {
                        found.accept(entry.id());
                    } else {
                        failed.accept(refusalIn(failure));
                    }
                }));
    }

    private static RuntimeException refusalIn(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof SaException refusal ? refusal : new IllegalStateException("look-up failed", failure);
    }

    private long now() {
        return clocks.nanos().getAsLong();
    }

    private long deadline(int waitMillis, long otherwise) {
        long asked = waitMillis == 0 ? otherwise : Integer.toUnsignedLong(waitMillis);
        return now() + Math.min(asked, MAX_WAIT_MILLIS) * 1_000_000;
    }
}
