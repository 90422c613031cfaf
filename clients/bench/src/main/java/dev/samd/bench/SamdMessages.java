// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.engine.ProtectCall;
import dev.samd.engine.Protected;
import dev.samd.engine.UnprotectCall;
import dev.samd.engine.Unprotected;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaId;

/** Whole messages through the engine: the SA is found by the target, and by the connection ID. */
final class SamdMessages implements MessageSubject {
    private static final byte[] NO_REFERENCE = {};

    private final EnginePair engines;
    private final SaSpec spec;
    private SaId id;
    /** Time is an argument; what it costs to read a clock is not measured here. */
    private long now = 1;

    /**
     * @param engines may be shared with other threads, each with an SA of its own
     * @param spec the SA, for messages to its host
     */
    SamdMessages(EnginePair engines, SaSpec spec) {
        this.engines = engines;
        this.spec = spec;
        id = engines.install(spec);
    }

    @Override
    public byte[] protect(byte[] request) {
        return protect(engines, request, now++);
    }

    /** Protects under whatever SA leads to the target. */
    static byte[] protect(EnginePair engines, byte[] request, long nowNanos) {
        ProtectCall call =
                new ProtectCall(EnginePair.PRINCIPAL, request, Endpoint.HOST_WIDE, Endpoint.HOST_WIDE, NO_REFERENCE);
        Object result = engines.sender.protect(call, nowNanos);
        if (result instanceof Protected done) {
            return done.coap();
        }
        throw new IllegalStateException("protecting gave " + result);
    }

    @Override
    public byte[] unprotect(byte[] message) {
        return unprotect(engines, message, now++);
    }

    /** Unprotects under whatever SA the message names. */
    static byte[] unprotect(EnginePair engines, byte[] message, long nowNanos) {
        UnprotectCall call = new UnprotectCall(
                EnginePair.PRINCIPAL, message, Endpoint.HOST_WIDE, EnginePair.SOURCE, NO_REFERENCE, Endpoint.HOST_WIDE);
        Object result = engines.receiver.unprotect(call, nowNanos);
        if (result instanceof Unprotected done) {
            return done.coap();
        }
        throw new IllegalStateException("unprotecting gave " + result);
    }

    @Override
    public void restart() {
        engines.retire(id);
        id = engines.install(spec);
    }
}
