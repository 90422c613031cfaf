// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.record.WearListener;
import dev.samd.sa.Direction;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.SaId;

/** Says which SA it is whose wear is told. */
record Wear(SaId sa, Direction direction, EngineListener listener) implements WearListener {
    @Override
    public void soft(ExpireCause cause) {
        listener.soft(sa, cause);
    }

    @Override
    public void hard(ExpireCause cause) {
        listener.hard(sa, cause);
    }

    @Override
    public void alarm(long failedOpenings) {
        listener.alarm(sa, failedOpenings);
    }

    @Override
    public void failedStep() {
        listener.failedStep(sa);
    }

    @Override
    public void used() {
        listener.used(sa);
    }

    @Override
    public void acceptMarkWanted(long mark) {
        listener.markWanted(sa, direction, mark);
    }

    @Override
    public void sendMarkWanted(long mark) {
        listener.markWanted(sa, direction, mark);
    }
}
