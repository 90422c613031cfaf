// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.samd.daemon.sadb.AnswerImage;
import dev.samd.daemon.sadb.Entrance;
import dev.samd.daemon.sadb.KeyImage;
import dev.samd.daemon.sadb.KeyPrint;
import dev.samd.daemon.sadb.Restored;
import dev.samd.daemon.sadb.SaImage;
import dev.samd.sa.Direction;
import dev.samd.sa.History;
import dev.samd.sa.Limits;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.Past;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;
import dev.samd.sa.Usage;
import dev.samd.store.v1.KeysRow;
import dev.samd.store.v1.MarkRow;
import dev.samd.store.v1.NoteRow;
import dev.samd.store.v1.UsageRow;
import dev.samd.wire.SaWire;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Reads what was kept, and gives it on as it comes: rows are opened on one thread while another one enters them. A row that
 * cannot be read is set aside and told; the SA that needs it is not entered, the rest is.
 */
final class StoreReader {
    /** The generation of no note. */
    static final long NO_NOTES = 0;

    private static final long MAX_MARK = History.MAX_SEQUENCE + 1;
    private static final Set<RowFamily> OF_ONE_SA =
            EnumSet.of(RowFamily.SA, RowFamily.KEYS, RowFamily.MARK, RowFamily.USAGE, RowFamily.NOTE);

    private final RocksRows rows;
    private final Supplier<RowCipher> ciphers;
    private final RowCodec codec;
    private final long notesOf;
    private final long suspendedUpTo;
    private final Leftovers leftovers;
    private final RowCipher cipher;
    private final Map<SaId, Long> failedOpenings = new HashMap<>();
    private final Set<PairId> pairs = new HashSet<>();
    private long keys;
    private long associations;
    private boolean anyNotes;

    /**
     * @param ciphers makes a cipher for one thread
     * @param notesOf the generation whose notes are valid
     * @param suspendedUpTo the numbers of SAs with ids up to this one may have gone back
     */
    StoreReader(RocksRows rows, Supplier<RowCipher> ciphers, RowCodec codec, long notesOf, long suspendedUpTo) {
        this.rows = rows;
        this.ciphers = ciphers;
        this.codec = codec;
        this.notesOf = notesOf;
        this.suspendedUpTo = suspendedUpTo;
        this.leftovers = new Leftovers(rows);
        this.cipher = ciphers.get();
    }

    /** Reads everything. */
    void read(Entrance into) throws RocksDBException {
        this.<KeyImage>each(RowFamily.KEY, RowCodec::key, key -> {
            keys++;
            into.key(key);
        });
        readPairs(into);
        Ahead.forEach(this::openSas, rowsOfSa -> enter(rowsOfSa, into));
        List<AnswerImage> answers = new ArrayList<>();
        this.<AnswerImage>each(RowFamily.ANSWER, (key, row) -> RowCodec.answer(row), answers::add);
        answers.sort(Comparator.comparingLong(AnswerImage::revision));
        answers.forEach(into::answer);
        if (leftovers.isForgetful()) {
            into.forgetful();
        }
        leftovers.write();
        if (anyNotes) {
            // Used once, or never: the generation of this life is written already.
            rows.clear(RowFamily.NOTE);
        }
    }

    /** Whether rows that tell of keys could not be read. */
    boolean isForgetful() {
        return leftovers.isForgetful();
    }

    /** Failed openings of the SAs that had any; complete when all is read. */
    Map<SaId, Long> failedOpenings() {
        return failedOpenings;
    }

    /** How many keys were read. */
    long keys() {
        return keys;
    }

    /** How many SAs were entered. */
    long associations() {
        return associations;
    }

    /** Makes something of a row. */
    @FunctionalInterface
    private interface Reading<T> {
        T read(byte[] key, byte[] row) throws DamagedRowException;
    }

    private <T> void each(RowFamily family, Reading<T> reading, Ahead.Taking<T> taker) throws RocksDBException {
        Ahead.<T>forEach(
                to -> {
                    RowCipher own = ciphers.get();
                    rows.scan(family, (key, stored) -> {
                        T one = opened(own, family, key, stored, reading);
                        if (one != null) {
                            to.accept(one);
                        }
                    });
                },
                taker);
    }

    private <T> @Nullable T opened(
            RowCipher own, RowFamily family, byte[] key, byte @Nullable [] stored, Reading<T> reading) {
        if (stored == null) {
            return null;
        }
        try {
            return reading.read(key, own.open(family, key, stored));
        } catch (DamagedRowException e) {
            leftovers.setAside(family, key, stored, e.getMessage());
            return null;
        }
    }

    private void readPairs(Entrance into) throws RocksDBException {
        List<KeptPair> kept = new ArrayList<>();
        this.<KeptPair>each(RowFamily.PAIR, (key, row) -> codec.pair(RowCodec.id(key), row), kept::add);
        // Ids only grow, so each comes behind those that it refers to.
        kept.sort(Comparator.comparingLong(pair -> pair.image().id().value()));
        for (KeptPair pair : kept) {
            pairs.add(pair.image().id());
            into.pair(pair.image(), pair.kmpPrivate());
        }
    }

    /** The rows of one SA, opened; those that are missing or damaged are absent. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, neither compared nor kept
    private record RowsOfSa(
            byte[] key,
            Map<RowFamily, byte[]> stored,
            @Nullable SaImage image,
            @Nullable KeysRow secret,
            @Nullable MarkRow mark,
            @Nullable UsageRow usage,
            @Nullable NoteRow note) {}

    private void openSas(Consumer<RowsOfSa> to) throws RocksDBException {
        RowCipher own = ciphers.get();
        rows.join(OF_ONE_SA, (key, stored) -> {
            NoteRow note = opened(own, RowFamily.NOTE, key, stored.get(RowFamily.NOTE), parsing(NoteRow.parser()));
            to.accept(new RowsOfSa(
                    key,
                    stored,
                    opened(own, RowFamily.SA, key, stored.get(RowFamily.SA), this::sa),
                    opened(own, RowFamily.KEYS, key, stored.get(RowFamily.KEYS), parsing(KeysRow.parser())),
                    opened(own, RowFamily.MARK, key, stored.get(RowFamily.MARK), StoreReader::mark),
                    opened(own, RowFamily.USAGE, key, stored.get(RowFamily.USAGE), parsing(UsageRow.parser())),
                    note != null && note.getGeneration() == notesOf ? note : null));
        });
    }

    private SaImage sa(byte[] key, byte[] row) throws DamagedRowException {
        long id = RowCodec.id(key);
        SaImage image = codec.sa(id, row);
        return id <= suspendedUpTo ? image.suspend() : image;
    }

    private static MarkRow mark(byte[] key, byte[] row) throws DamagedRowException {
        MarkRow mark = parse(MarkRow.parser(), row);
        if (mark.getMark() < 0 || mark.getMark() > MAX_MARK) {
            throw new DamagedRowException("mark " + mark.getMark());
        }
        direction(mark);
        RowCodec.print(mark.getKeyPrint());
        return mark;
    }

    private static Direction direction(MarkRow mark) throws DamagedRowException {
        try {
            return SaWire.DIRECTION.fromWire("direction", mark.getDirectionValue());
        } catch (SaException e) {
            throw new DamagedRowException("direction " + mark.getDirectionValue());
        }
    }

    private static <T> Reading<T> parsing(Parser<T> parser) {
        return (key, row) -> parse(parser, row);
    }

    private static <T> T parse(Parser<T> parser, byte[] row) throws DamagedRowException {
        try {
            return parser.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedRowException("not such a row");
        }
    }

    private void enter(RowsOfSa of, Entrance into) throws RocksDBException {
        anyNotes |= of.stored.containsKey(RowFamily.NOTE);
        Optional<KeyImage> known = raised(of, into);
        boolean entered = false;
        byte[] row = of.stored.get(RowFamily.SA);
        if (of.image != null && row != null) {
            try {
                Restored.Association association = association(of, of.image, known);
                keepCounts(of, association);
                into.association(association);
                associations++;
                entered = true;
            } catch (DamagedRowException e) {
                leftovers.setAside(RowFamily.SA, of.key, row, e.getMessage());
            }
        }
        if (!entered) {
            abandon(of, known);
        }
        leftovers.writeMany();
    }

    private Optional<KeyImage> raised(RowsOfSa of, Entrance into) {
        MarkRow mark = of.mark;
        if (mark == null) {
            return Optional.empty();
        }
        try {
            return into.raise(RowCodec.print(mark.getKeyPrint()), direction(mark), mark.getMark());
        } catch (DamagedRowException e) {
            throw new IllegalStateException("a mark that was read before", e);
        }
    }

    /** What a note counts has to outlast a crash of this life. */
    private void keepCounts(RowsOfSa of, Restored.Association association) {
        NoteRow note = of.note;
        if (note != null && note.getUsage().getRecords() + note.getUsage().getFailedOpenings() > 0) {
            byte[] usage = note.getUsage().toByteArray();
            leftovers.put(RowFamily.USAGE, of.key, cipher.seal(RowFamily.USAGE, of.key, usage));
        }
        if (association.past().failedOpenings() > 0) {
            failedOpenings.put(association.id(), association.past().failedOpenings());
        }
    }

    /** Of an SA that is not entered the mark is all that counts: its key keeps it. */
    private void abandon(RowsOfSa of, Optional<KeyImage> known) {
        for (RowFamily family : List.of(RowFamily.MARK, RowFamily.USAGE, RowFamily.KEYS)) {
            if (of.stored.containsKey(family)) {
                leftovers.delete(family, of.key);
            }
        }
        known.ifPresent(key -> {
            byte[] name = RowCodec.key(key.print());
            leftovers.put(RowFamily.KEY, name, cipher.seal(RowFamily.KEY, name, RowCodec.key(key)));
        });
    }

    private Restored.Association association(RowsOfSa of, SaImage image, Optional<KeyImage> known)
            throws DamagedRowException {
        SaParameters parameters = image.parameters().orElse(null);
        if (parameters == null) {
            return new Restored.Association(image, Optional.empty(), Past.NOTHING, 0);
        }
        KeyPrint print = image.key().orElseThrow(() -> new DamagedRowException("an SA without a key"));
        KeyImage key = known.filter(one -> one.print().equals(print)).orElse(null);
        if (key == null || of.secret == null) {
            throw new DamagedRowException("what belongs to the SA is missing or damaged");
        }
        if (!image.pair().isNone() && !pairs.contains(image.pair())) {
            throw new DamagedRowException("the pair of the SA is missing or damaged");
        }
        long mark = key.mark(parameters.direction());
        try {
            TrafficKeys trafficKeys = SaWire.fromWire(of.secret.getKeys(), parameters.suite());
            return new Restored.Association(image, Optional.of(trafficKeys), past(parameters, of, mark), mark);
        } catch (SaException e) {
            throw new DamagedRowException("the keys of the SA are not of its suite");
        }
    }

    /** Where its numbers go on: exactly where they stood after a clean stop, else at the mark. */
    private Past past(SaParameters parameters, RowsOfSa of, long mark) {
        boolean sends = parameters.direction() == Direction.OUTBOUND;
        if (of.note != null) {
            Usage exact = codec.usage(of.note.getUsage());
            History history = sends ? new History.ResumeSending(exact.nextSequence()) : accepted(exact, of.note);
            return past(history, exact);
        }
        UsageRow row = of.usage;
        Usage known = row == null ? Usage.none(parameters.history().next()) : codec.usage(row);
        // Whatever lies between what was known and the mark may have been used; how long it was, the others tell.
        long unknown = Math.max(0, mark - known.nextSequence());
        long octets = known.records() == 0 ? 0 : unknown * ((known.octets() + known.records() - 1) / known.records());
        long step = row != null && row.getFailing() ? Limits.FORGERY_STEP : 0;
        Usage atMost = new Usage(
                known.records() + unknown,
                known.octets() + octets,
                known.failedOpenings() + step,
                known.firstUsedNanos(),
                known.lastUsedNanos(),
                mark,
                Map.of());
        return past(sends ? new History.ResumeSending(mark) : History.everythingSeenBelow(mark), atMost);
    }

    private static History accepted(Usage exact, NoteRow note) {
        return exact.nextSequence() == 0
                ? History.FRESH
                : new History.ResumeAccepting(
                        exact.nextSequence() - 1, Octets.of(note.getBitmap().toByteArray()));
    }

    private static Past past(History history, Usage usage) {
        return new Past(
                history,
                usage.records(),
                usage.octets(),
                usage.failedOpenings(),
                usage.firstUsedNanos(),
                usage.lastUsedNanos());
    }
}
