// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.daemon.sadb.Change;
import dev.samd.daemon.sadb.KeyPrint;
import dev.samd.daemon.sadb.Sadb;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.daemon.store.MarkHolder;
import dev.samd.engine.Installation;
import dev.samd.engine.RecordEngine;
import dev.samd.sa.Direction;
import dev.samd.sa.Octets;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import dev.samd.sa.Usage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The engine as it follows the database: changes that are durable, and marks as the database records them and the engine
 * keeps to them. Confined to the loop, but for {@link #installations}.
 */
final class EngineSide implements MarkHolder {
    private final Sadb sadb;
    private final RecordEngine engine;
    private final PolicySwitch gate;
    private final Clocks clocks;
    private final AtomicLong installations = new AtomicLong();

    EngineSide(Sadb sadb, RecordEngine engine, PolicySwitch gate, Clocks clocks) {
        this.sadb = sadb;
        this.engine = engine;
        this.gate = gate;
        this.clocks = clocks;
    }

    /** What the engine gave back while a step was carried out. */
    static final class Aftermath {
        private final Map<SaId, Usage> usages = new HashMap<>();
        private final Map<SaId, Octets> closeNotifies = new HashMap<>();

        /** The SAs that the engine uses no more. */
        Set<SaId> retired() {
            return usages.keySet();
        }

        /** The last record of an SA; no octets if it made none. */
        Octets closeNotifyOf(SaId id) {
            return closeNotifies.getOrDefault(id, Octets.EMPTY);
        }
    }

    /** How many SAs were installed so far. Any thread. */
    long installations() {
        return installations.get();
    }

    void follow(Change change, Aftermath aftermath) {
        if (change instanceof Change.OfEntry ofEntry) {
            follow(ofEntry, aftermath);
        } else if (change instanceof Change.Governed governed) {
            gate.change(governed.policies());
        } else if (change instanceof Change.GaveWay gaveWay) {
            engine.supersede(gaveWay.pair(), gaveWay.by());
        }
    }

    private void follow(Change.OfEntry change, Aftermath aftermath) {
        SadbEntry entry = change.entry();
        if (change instanceof Change.Installed installed) {
            engine.install(
                    installed.sa(),
                    new Installation(
                            installed.supersedes(),
                            entry.scope(),
                            installed.mark(),
                            installed.confirmation(),
                            installed.past(),
                            entry.suspended()));
            installations.incrementAndGet();
        } else if (change instanceof Change.Rescoped) {
            engine.scope(entry.id(), entry.scope());
        } else if (change instanceof Change.Relimited) {
            entry.parameters().ifPresent(parameters -> engine.lifetime(entry.id(), parameters.lifetime()));
            engine.state(entry.id(), entry.state());
        } else if (change instanceof Change.Aged) {
            engine.state(entry.id(), SaState.DYING);
        } else if (change instanceof Change.Ended ended && ended.installed()) {
            if (ended.closeNotify()) {
                engine.closeNotify(entry.id(), clocks.nanos().getAsLong())
                        .ifPresent(record -> aftermath.closeNotifies.put(entry.id(), Octets.of(record)));
            }
            Usage usage = engine.retire(entry.id());
            aftermath.usages.put(entry.id(), usage);
            sadb.retired(entry, usage);
        }
    }

    /** What an SA was used for, also one that has just ended. */
    Usage usageOf(SaId id, Aftermath aftermath) {
        Usage last = aftermath.usages.get(id);
        return last != null ? last : usage(id);
    }

    @Override
    public Optional<KeyPrint> reserve(SaId sa, Direction direction, long mark) {
        return sadb.marked(sa, direction, mark);
    }

    @Override
    public Usage usage(SaId sa) {
        return engine.usage(sa).orElse(Sadb.NO_USAGE);
    }

    @Override
    public void raise(SaId sa, Direction direction, long mark) {
        if (direction == Direction.OUTBOUND) {
            engine.raiseSendMark(sa, mark);
        } else {
            engine.raiseAcceptMark(sa, mark);
        }
    }

    @Override
    public long mark(SaId sa, Direction direction) {
        return engine.mark(sa, direction);
    }
}
