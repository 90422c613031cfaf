// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.coap.OptionNumbers;
import dev.samd.engine.EngineListener;
import dev.samd.engine.Installation;
import dev.samd.engine.RecordEngine;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.PairId;
import dev.samd.sa.SaId;
import dev.samd.sa.SecurityAssociation;
import java.util.Set;

/**
 * The engines of two hosts that share SAs. Protecting and unprotecting is for any number of threads; installing takes a
 * lock, because an engine wants one caller at a time there.
 */
final class EnginePair {
    /** The local caller's name, as the daemon gives it. */
    static final String PRINCIPAL = "uid:1000";
    /** Where messages come from. */
    static final String SOURCE = "192.0.2.1:5683";

    /** Seals, as a client of the requests does. */
    final RecordEngine sender = engine();
    /** Opens. */
    final RecordEngine receiver = engine();

    private long nextId = 1;

    private static RecordEngine engine() {
        return new RecordEngine(new Deaf(), OptionNumbers.DEFAULT, KeyMaterial.adopt(new byte[16]));
    }

    /** Installs the SA at both ends and gives the id it has at both. */
    synchronized SaId install(SaSpec spec) {
        long id = nextId++;
        install(spec, sender, receiver, id, new PairId(id));
        return new SaId(id);
    }

    /** Installs a whole pair at both ends: one SA for the requests, one for the responses. */
    synchronized void installPair(SaSpec requests, SaSpec responses) {
        PairId pair = new PairId(nextId);
        install(requests, sender, receiver, nextId++, pair);
        install(responses, receiver, sender, nextId++, pair);
    }

    private static void install(SaSpec spec, RecordEngine from, RecordEngine to, long id, PairId pair) {
        install(from, spec.end(Direction.OUTBOUND, id, pair));
        install(to, spec.end(Direction.INBOUND, id, pair));
    }

    private static void install(RecordEngine engine, SecurityAssociation sa) {
        Set<Endpoint> scope = Set.of(sa.parameters().peer());
        engine.install(sa, new Installation(PairId.NONE, scope, Installation.NO_MARK));
    }

    /** Takes the SA out of both ends. */
    synchronized void retire(SaId id) {
        sender.retire(id);
        receiver.retire(id);
    }

    /** The engine tells wear to a daemon, and here is none. */
    private static final class Deaf implements EngineListener {
        @Override
        public void soft(SaId sa, ExpireCause cause) {}

        @Override
        public void hard(SaId sa, ExpireCause cause) {}

        @Override
        public void alarm(SaId sa, long failedOpenings) {}

        @Override
        public void failedStep(SaId sa) {}

        @Override
        public void used(SaId sa) {}

        @Override
        public void disowned(SaId outbound) {}

        @Override
        public void confirmed(SaId inbound) {}

        @Override
        public void markWanted(SaId sa, Direction direction, long mark) {}
    }
}
