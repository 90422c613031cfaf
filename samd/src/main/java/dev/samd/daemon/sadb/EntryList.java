// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.SaId;
import java.util.AbstractCollection;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** SAs by their ids, which only grow: two flat arrays and a binary search. One thread. */
final class EntryList extends AbstractCollection<SadbEntry> {
    private static final int SMALLEST = 16;

    private long[] ids = new long[SMALLEST];
    /** Holes are those that were removed. */
    private @Nullable SadbEntry[] entries = new SadbEntry[SMALLEST];

    private int used;
    private int size;

    @Override
    public int size() {
        return size;
    }

    @Nullable
    SadbEntry find(SaId id) {
        int at = Arrays.binarySearch(ids, 0, used, id.value());
        return at < 0 ? null : entries[at];
    }

    /**
     * Puts an entry in its place.
     *
     * @return what was there before, or null
     * @throws IllegalStateException if its id is new, and a higher one was there before
     */
    @Nullable
    SadbEntry put(SadbEntry entry) {
        long id = entry.id().value();
        int at = Arrays.binarySearch(ids, 0, used, id);
        if (at >= 0) {
            SadbEntry before = entries[at];
            entries[at] = entry;
            size += before == null ? 1 : 0;
            return before;
        }
        if (-at - 1 < used) {
            throw new IllegalStateException("SA " + entry.id() + " comes behind SA " + ids[used - 1]);
        }
        if (used == ids.length) {
            makeRoom();
        }
        ids[used] = id;
        entries[used++] = entry;
        size++;
        return null;
    }

    @Nullable
    SadbEntry remove(SaId id) {
        int at = Arrays.binarySearch(ids, 0, used, id.value());
        SadbEntry before = at < 0 ? null : entries[at];
        if (before != null) {
            entries[at] = null;
            size--;
        }
        return before;
    }

    /** Closes the holes, and grows where there are few. */
    private void makeRoom() {
        int length = size > used / 2 ? used + (used >> 1) : used;
        long[] newIds = new long[length];
        @Nullable SadbEntry[] newEntries = new SadbEntry[length];
        int to = 0;
        for (int i = 0; i < used; i++) {
            if (entries[i] != null) {
                newIds[to] = ids[i];
                newEntries[to++] = entries[i];
            }
        }
        ids = newIds;
        entries = newEntries;
        used = to;
    }

    /** By id; nothing is put or removed meanwhile. */
    @Override
    public Iterator<SadbEntry> iterator() {
        return new Iterator<>() {
            private int at = next(0);

            private int next(int from) {
                int next = from;
                while (next < used && entries[next] == null) {
                    next++;
                }
                return next;
            }

            @Override
            public boolean hasNext() {
                return at < used;
            }

            @Override
            public SadbEntry next() {
                SadbEntry entry = at < used ? entries[at] : null;
                if (entry == null) {
                    throw new NoSuchElementException();
                }
                at = next(at + 1);
                return entry;
            }
        };
    }
}
