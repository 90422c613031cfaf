// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.SaParameters;
import org.jspecify.annotations.Nullable;

/** SAs of one direction without a pair, by local endpoint and identity: the newest, which leads to those before it. */
final class PartnerIndex<E extends InstalledSa> extends HashIndex<E> {
    @Override
    int hashOf(E entry) {
        return hash(entry.parameters.local(), entry.parameters.identity());
    }

    private static int hash(Endpoint local, Identity identity) {
        return local.hashCode() * 31 + identity.hashCode();
    }

    /** The newest of them, or null. */
    @Nullable
    E newest(SaParameters like) {
        @Nullable Object[] slots = slots();
        int slot = home(slots, hash(like.local(), like.identity()));
        for (Object found = at(slots, slot); found != null; found = at(slots, slot)) {
            if (found instanceof InstalledSa sa
                    && sa.parameters.local().equals(like.local())
                    && sa.parameters.identity().equals(like.identity())) {
                return cast(sa);
            }
            slot = next(slots, slot);
        }
        return null;
    }

    @Override
    void add(E sa) {
        E newest = newest(sa.parameters);
        if (newest == null) {
            super.add(sa);
        } else {
            sa.earlier = newest;
            replace(newest, sa);
        }
    }

    @Override
    void remove(E sa) {
        E newest = newest(sa.parameters);
        InstalledSa before = sa.earlier;
        if (newest != sa) {
            bypass(newest, sa);
        } else if (before == null) {
            super.remove(sa);
        } else {
            replace(sa, cast(before));
        }
    }

    private static void bypass(@Nullable InstalledSa newest, InstalledSa sa) {
        for (InstalledSa one = newest; one != null; one = one.earlier) {
            if (one.earlier == sa) {
                one.earlier = sa.earlier;
                return;
            }
        }
    }
}
