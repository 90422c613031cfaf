// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.sadb.Change;
import dev.samd.daemon.sadb.KeyImage;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.sa.History;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import dev.samd.sa.Usage;
import dev.samd.store.v1.CleanRow;
import dev.samd.store.v1.CountersRow;
import dev.samd.store.v1.KeysRow;
import dev.samd.store.v1.MarkRow;
import dev.samd.store.v1.NoteRow;
import dev.samd.store.v1.PoliciesRow;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * The authority on this machine's disk. Rows are made and sealed on the caller's thread, and written by one of their own.
 *
 * <p>One process holds a store, by the kernel's lock on the state directory: nobody who lost it can still move its marks. Each
 * mark names the holder that raised it.
 */
final class EmbeddedStore implements SaStore {
    private static final int NOTES_AT_ONCE = 8192;

    private final RowWriter writer;
    private final RowCipher cipher;
    private final RowCodec codec;
    private final StoreClock clock;
    private final PolicyRows policyRows;
    private final KeyMaterial dataKey;
    private final EmbeddedUpkeep upkeep;
    private final Present present;
    private List<dev.samd.v1.Policy> policies;
    private long lastId;

    /**
     * What a life goes by.
     *
     * @param generation of this life
     * @param lastId the last id that was given in any life
     * @param failedBefore failed openings of earlier lives, of SAs that had any
     * @param policies that stand at its beginning
     * @param configured print of the policies of the configuration
     * @param nanos the monotonic clock
     * @param wallMillis the wall clock
     */
    record Present(
            long generation,
            long lastId,
            Map<SaId, Long> failedBefore,
            List<dev.samd.v1.Policy> policies,
            Octets configured,
            LongSupplier nanos,
            LongSupplier wallMillis) {}

    EmbeddedStore(
            RowWriter writer,
            RowCipher cipher,
            RowCodec codec,
            StoreClock clock,
            PolicyRows policyRows,
            KeyMaterial dataKey,
            EmbeddedUpkeep upkeep,
            Present present) {
        this.writer = writer;
        this.cipher = cipher;
        this.codec = codec;
        this.clock = clock;
        this.policyRows = policyRows;
        this.dataKey = dataKey;
        this.upkeep = upkeep;
        this.present = present;
        this.policies = present.policies;
        this.lastId = present.lastId;
    }

    @Override
    public String name() {
        return "embedded";
    }

    @Override
    public CompletionStage<Long> commit(List<Change> changes, long reachedId) {
        lastId = reachedId;
        List<RowWrite> rows = new ArrayList<>();
        long revision = 0;
        for (Change change : changes) {
            revision = Math.max(revision, change.revision());
            add(rows, change);
        }
        long reached = revision;
        rows.add(counters(reached));
        return writer.write(rows).thenApply(done -> reached);
    }

    private void add(List<RowWrite> rows, Change change) {
        if (change instanceof Change.OfEntry ofEntry) {
            add(rows, ofEntry);
        } else if (change instanceof Change.PairNoted noted) {
            byte[] key = RowCodec.key(noted.pair().id().value());
            rows.add(sealed(RowFamily.PAIR, key, codec.pair(noted.pair(), noted.kmpPrivate())));
        } else if (change instanceof Change.PairEnded ended) {
            rows.add(deleted(RowFamily.PAIR, RowCodec.key(ended.pair().value())));
        } else if (change instanceof Change.Answered answered) {
            byte[] key = RowCodec.key(
                    answered.answer().principal(), answered.answer().requestId());
            rows.add(sealed(RowFamily.ANSWER, key, RowCodec.answer(answered.answer())));
        } else if (change instanceof Change.Forgotten forgotten) {
            rows.add(deleted(RowFamily.ANSWER, RowCodec.key(forgotten.principal(), forgotten.requestId())));
        } else if (change instanceof Change.Governed governed) {
            governed(rows, governed.policies());
        }
        // Of a pair that gave way, the other one's row tells.
    }

    private void add(List<RowWrite> rows, Change.OfEntry change) {
        SadbEntry entry = change.entry();
        byte[] id = RowCodec.key(entry.id().value());
        if (change instanceof Change.Ended) {
            for (RowFamily family : List.of(RowFamily.SA, RowFamily.KEYS, RowFamily.MARK, RowFamily.USAGE)) {
                rows.add(deleted(family, id));
            }
            entry.keyImage().ifPresent(key -> rows.add(keyRow(key)));
            return;
        }
        if (change instanceof Change.Rescoped) {
            return; // follows from the policies
        }
        if (entry.state() == SaState.LARVAL && entry.acquireSequence() != 0) {
            return; // ends with the claim to its ACQUIRE, and that ends with this life
        }
        rows.add(sealed(RowFamily.SA, id, codec.sa(entry.image())));
        if (change instanceof Change.Installed installed) {
            byte[] keys = KeysRow.newBuilder()
                    .setKeys(SaWire.toWire(installed.sa().keys()))
                    .build()
                    .toByteArray();
            rows.add(sealed(RowFamily.KEYS, id, keys));
            Arrays.fill(keys, (byte) 0);
            entry.keyImage().ifPresent(key -> {
                rows.add(keyRow(key));
                rows.add(markRow(new Mark(entry.id(), entry.direction(), key.print(), installed.mark())));
            });
        }
    }

    private void governed(List<RowWrite> rows, Policies governing) {
        List<dev.samd.v1.Policy> listed =
                governing.list().stream().map(policyRows::toWire).toList();
        if (!listed.equals(policies)) {
            policies = listed;
            rows.add(policiesRow(listed));
        }
    }

    private RowWrite policiesRow(List<dev.samd.v1.Policy> listed) {
        byte[] row = PoliciesRow.newBuilder()
                .addAllPolicies(listed)
                .setConfigured(FieldWire.octets(present.configured))
                .build()
                .toByteArray();
        return sealed(RowFamily.META, MetaKey.POLICIES, row);
    }

    private RowWrite keyRow(KeyImage key) {
        return sealed(RowFamily.KEY, RowCodec.key(key.print()), RowCodec.key(key));
    }

    private RowWrite markRow(Mark mark) {
        byte[] row = MarkRow.newBuilder()
                .setMark(mark.mark())
                .setGeneration(present.generation)
                .setKeyPrint(RowCodec.octets(mark.key()))
                .setDirection(SaWire.DIRECTION.toWire(mark.direction()))
                .build()
                .toByteArray();
        return sealed(RowFamily.MARK, RowCodec.key(mark.sa().value()), row);
    }

    private RowWrite counters(long revision) {
        byte[] row = CountersRow.newBuilder()
                .setRevision(revision)
                .setLastId(lastId)
                .setTime(clock.toStore(present.nanos.getAsLong()))
                .setWallMillis(present.wallMillis.getAsLong())
                .build()
                .toByteArray();
        return sealed(RowFamily.META, MetaKey.COUNTERS, row);
    }

    private RowWrite sealed(RowFamily family, byte[] key, byte[] row) {
        return new RowWrite(family, key, cipher.seal(family, key, row));
    }

    private static RowWrite deleted(RowFamily family, byte[] key) {
        return new RowWrite(family, key, null);
    }

    @Override
    public CompletionStage<Long> extend(Mark mark, Usage usage) {
        return writer.write(List.of(markRow(mark), usageRow(mark.sa(), usage))).thenApply(done -> mark.mark());
    }

    private RowWrite usageRow(SaId sa, Usage usage) {
        byte[] row = codec.usage(usage).toBuilder()
                .setFailing(usage.failedOpenings() > present.failedBefore.getOrDefault(sa, 0L))
                .build()
                .toByteArray();
        return sealed(RowFamily.USAGE, RowCodec.key(sa.value()), row);
    }

    @Override
    public void keep(SaId sa, Usage usage) {
        writer.note(List.of(usageRow(sa, usage)));
    }

    @Override
    public CompletionStage<Void> leave(List<Note> notes, long revision) {
        for (int from = 0; from < notes.size(); from += NOTES_AT_ONCE) {
            List<Note> some = notes.subList(from, Math.min(from + NOTES_AT_ONCE, notes.size()));
            // Good for nothing before the last write has named the generation.
            writer.note(some.stream().map(this::noteRow).toList());
        }
        byte[] clean = CleanRow.newBuilder()
                .setGeneration(present.generation)
                .setRevision(revision)
                .build()
                .toByteArray();
        return writer.write(List.of(counters(revision), sealed(RowFamily.META, MetaKey.CLEAN, clean)));
    }

    private RowWrite noteRow(Note note) {
        NoteRow.Builder row =
                NoteRow.newBuilder().setGeneration(present.generation).setUsage(codec.usage(note.usage()));
        note.accepted().ifPresent(history -> {
            if (history instanceof History.ResumeAccepting accepted) {
                row.setBitmap(FieldWire.octets(accepted.bitmap()));
            }
        });
        return sealed(
                RowFamily.NOTE, RowCodec.key(note.sa().value()), row.build().toByteArray());
    }

    @Override
    public Optional<String> stalled() {
        return writer.stalled();
    }

    @Override
    public void whenStalled(Runnable listener) {
        writer.whenStalled(listener);
    }

    @Override
    public Upkeep upkeep() {
        return upkeep;
    }

    @Override
    public void close() {
        upkeep.close();
        writer.close();
        dataKey.close();
    }
}
