// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A hash index that one thread changes while any number of threads look things up without a lock or an allocation.
 *
 * <p>Open addressing with linear probing; the entries are the keys' only copies, so an index of a million SAs costs two
 * references each. A removed entry leaves a tombstone until the next growth. A reader sees an entry that was added before it
 * began, and may or may not see one that is added or removed meanwhile.
 *
 * @param <E> the entries; a subclass says how they are hashed and offers look-ups by key
 */
abstract class HashIndex<E> {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final Object TOMBSTONE = new Object();
    private static final int SMALLEST = 16;

    private volatile @Nullable Object[] slots = new Object[SMALLEST];
    private int entries;
    private int tombstones;

    /** The hash of an entry's key; spread further here. */
    abstract int hashOf(E entry);

    /** The slots that a reader walks through: {@link #at} from {@link #home} on, {@link #next}, until it finds null. */
    final @Nullable Object[] slots() {
        return slots;
    }

    static int home(@Nullable Object[] slots, int hash) {
        int spread = hash * 0x9e3779b9;
        return (spread ^ spread >>> 15) & slots.length - 1;
    }

    static int next(@Nullable Object[] slots, int slot) {
        return slot + 1 & slots.length - 1;
    }

    static @Nullable Object at(@Nullable Object[] slots, int slot) {
        return SLOT.getAcquire(slots, slot);
    }

    /** Adds an entry whose key is not in the index. */
    void add(E entry) {
        if ((entries + tombstones + 1) * 2 > slots.length) {
            rebuild();
        }
        entries++;
        place(slots, entry);
    }

    private void place(@Nullable Object[] into, E entry) {
        int slot = home(into, hashOf(entry));
        while (at(into, slot) != null) {
            slot = next(into, slot);
        }
        SLOT.setRelease(into, slot, entry);
    }

    /** Removes this very entry; does nothing if it is not in the index. */
    void remove(E entry) {
        @Nullable Object[] now = slots;
        int slot = home(now, hashOf(entry));
        for (Object found = at(now, slot); found != null; found = at(now, slot)) {
            if (found == entry) {
                SLOT.setRelease(now, slot, TOMBSTONE);
                entries--;
                tombstones++;
                return;
            }
            slot = next(now, slot);
        }
    }

    /** Puts another entry in the place of this very one, which is in the index and has the same key. */
    void replace(E entry, E by) {
        @Nullable Object[] now = slots;
        int slot = home(now, hashOf(entry));
        while (at(now, slot) != entry) {
            slot = next(now, slot);
        }
        SLOT.setRelease(now, slot, by);
    }

    private void rebuild() {
        @Nullable Object[] old = slots;
        int size = SMALLEST;
        while (size < (entries + 1) * 4) {
            size *= 2;
        }
        @Nullable Object[] grown = new Object[size];
        for (int i = 0; i < old.length; i++) {
            Object found = at(old, i);
            if (found != null && found != TOMBSTONE) {
                place(grown, cast(found));
            }
        }
        tombstones = 0;
        slots = grown;
    }

    @SuppressWarnings("unchecked") // only entries and tombstones are ever placed
    final E cast(Object found) {
        return (E) found;
    }
}
