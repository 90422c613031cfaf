// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.OptionNumbers;
import dev.samd.engine.EngineListener;
import dev.samd.engine.Installation;
import dev.samd.engine.ProtectCall;
import dev.samd.engine.Protected;
import dev.samd.engine.RecordEngine;
import dev.samd.engine.UnprotectCall;
import dev.samd.engine.UnprotectResult;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.Form;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.SaId;
import java.util.Set;

/** One engine with one pair of SAs for whole messages, and its program. A new one for each input, since it remembers. */
final class EnginePair implements EngineListener {
    static final FuzzSa INBOUND = messages("c1d2e3f4");
    static final String PRINCIPAL = "uid:1000";

    private static final FuzzSa OUTBOUND = messages("0a0b0c0d");
    private static final byte[] NO_REFERENCE = {};

    final RecordEngine engine = new RecordEngine(this, OptionNumbers.DEFAULT, KeyMaterial.adopt(new byte[16]));

    EnginePair() {
        install(INBOUND, Direction.INBOUND, 1);
        install(OUTBOUND, Direction.OUTBOUND, 2);
    }

    private static FuzzSa messages(String spi) {
        return new FuzzSa(CipherSuite.TLS_PSK_WITH_AES_128_CCM, Content.MESSAGE, Form.SAMD, true, spi);
    }

    private void install(FuzzSa sa, Direction direction, long id) {
        engine.install(
                sa.end(direction, id, new PairId(1)),
                new Installation(PairId.NONE, Set.of(FuzzSa.PEER), Installation.NO_MARK));
    }

    /** Protects a request, and gives its reference. */
    byte[] asked(CoapMessage request) {
        return ((Protected) engine.protect(call(request.toOctets(), NO_REFERENCE), 1)).reference();
    }

    ProtectCall call(byte[] coap, byte[] inReplyTo) {
        return new ProtectCall(PRINCIPAL, coap, Endpoint.HOST_WIDE, FuzzSa.PEER, inReplyTo);
    }

    UnprotectResult unprotect(byte[] coap, byte[] inReplyTo) {
        return engine.unprotect(
                new UnprotectCall(
                        PRINCIPAL, coap, Endpoint.HOST_WIDE, RecordTarget.SOURCE, inReplyTo, Endpoint.HOST_WIDE),
                1);
    }

    UnprotectResult unprotect(byte[] request) {
        return unprotect(request, NO_REFERENCE);
    }

    @Override
    public void soft(SaId sa, ExpireCause cause) {}

    @Override
    public void hard(SaId sa, ExpireCause cause) {}

    @Override
    public void failedStep(SaId sa) {}

    @Override
    public void alarm(SaId sa, long failedOpenings) {}

    @Override
    public void used(SaId sa) {}

    @Override
    public void disowned(SaId outbound) {}

    @Override
    public void confirmed(SaId inbound) {}

    @Override
    public void markWanted(SaId sa, Direction direction, long mark) {}
}
