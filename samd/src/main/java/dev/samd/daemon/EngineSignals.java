// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.engine.EngineListener;
import dev.samd.sa.Direction;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.SaId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings what the engine tells on its record threads to the loop. Never blocks, and bounded: of each kind of news about an
 * SA at most one is under way.
 */
final class EngineSignals implements EngineListener {
    private final SadbLoop loop;
    private final Set<Signal> underWay = ConcurrentHashMap.newKeySet();

    EngineSignals(SadbLoop loop) {
        this.loop = loop;
    }

    @Override
    public void soft(SaId sa, ExpireCause cause) {
        once(new Signal(sa, "soft", cause), () -> loop.happened((sadb, now) -> sadb.soft(now, sa, cause)));
    }

    @Override
    public void hard(SaId sa, ExpireCause cause) {
        once(new Signal(sa, "hard", cause), () -> loop.happened((sadb, now) -> sadb.hard(now, sa, cause)));
    }

    @Override
    public void alarm(SaId sa, long failedOpenings) {
        once(new Signal(sa, "alarm", ExpireCause.FORGERY), () -> loop.happened((sadb, now) -> sadb.alarm(now, sa)));
    }

    @Override
    public void failedStep(SaId sa) {
        once(new Signal(sa, "failed", ExpireCause.FORGERY), () -> loop.keepUsage(sa));
    }

    @Override
    public void used(SaId sa) {
        once(new Signal(sa, "used", ExpireCause.USE_TIME), () -> loop.used(sa));
    }

    @Override
    public void confirmed(SaId inbound) {
        once(
                new Signal(inbound, "confirmed", Direction.INBOUND),
                () -> loop.happened((sadb, now) -> sadb.confirmed(now, inbound)));
    }

    @Override
    public void disowned(SaId outbound) {
        once(
                new Signal(outbound, "disowned", Direction.OUTBOUND),
                () -> loop.happened((sadb, now) -> sadb.disowned(now, outbound)));
    }

    @Override
    public void markWanted(SaId sa, Direction direction, long mark) {
        once(new Signal(sa, "mark", direction), () -> loop.markWanted(sa, direction, mark));
    }

    private void once(Signal signal, Runnable tell) {
        if (underWay.add(signal)) {
            loop.post(() -> underWay.remove(signal));
            tell.run();
        }
    }

    private record Signal(SaId sa, String kind, Enum<?> about) {}
}
