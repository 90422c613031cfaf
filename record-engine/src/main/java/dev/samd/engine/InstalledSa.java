// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.record.WearListener;
import dev.samd.sa.Endpoint;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An SA in use, which says whose the wear is that its sealer or opener tells. One object, since a daemon has millions. */
abstract class InstalledSa implements WearListener {
    final SaId id;
    final SaParameters parameters;
    final @Nullable Pair pair;
    volatile Set<Endpoint> scope;
    /** Its numbers may have gone back: it is listed, and not used. */
    final boolean suspended;
    /** The one before, of those of this direction and without a pair that have its local endpoint and identity. */
    volatile @Nullable InstalledSa earlier;

    private final EngineListener listener;

    InstalledSa(SaId id, SaParameters parameters, @Nullable Pair pair, Installation how, EngineListener listener) {
        this.id = id;
        this.parameters = parameters;
        this.pair = pair;
        this.scope = how.scope();
        this.suspended = how.suspended();
        this.listener = listener;
    }

    @Override
    public final void soft(ExpireCause cause) {
        listener.soft(id, cause);
    }

    @Override
    public final void hard(ExpireCause cause) {
        listener.hard(id, cause);
    }

    @Override
    public final void alarm(long failedOpenings) {
        listener.alarm(id, failedOpenings);
    }

    @Override
    public final void failedStep() {
        listener.failedStep(id);
    }

    @Override
    public final void used() {
        listener.used(id);
    }

    @Override
    public final void acceptMarkWanted(long mark) {
        listener.markWanted(id, parameters.direction(), mark);
    }

    @Override
    public final void sendMarkWanted(long mark) {
        listener.markWanted(id, parameters.direction(), mark);
    }
}
