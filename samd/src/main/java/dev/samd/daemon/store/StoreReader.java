// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.sadb.AnswerImage;
import dev.samd.daemon.sadb.KeyImage;
import dev.samd.daemon.sadb.KeyPrint;
import dev.samd.daemon.sadb.PairImage;
import dev.samd.daemon.sadb.Restored;
import dev.samd.daemon.sadb.SaImage;
import dev.samd.sa.Direction;
import dev.samd.sa.History;
import dev.samd.sa.KeyMaterial;
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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what was kept. A row that cannot be read is set aside and told; the SA that needs it is not entered, the rest is. */
final class StoreReader {
    /** The generation of no note. */
    static final long NO_NOTES = 0;

    private static final Logger log = LoggerFactory.getLogger(StoreReader.class);
    private static final long MAX_MARK = History.MAX_SEQUENCE + 1;

    private final RocksRows rows;
    private final RowCipher cipher;
    private final RowCodec codec;
    private final List<RowWrite> leftovers = new ArrayList<>();
    private boolean forgetful;

    StoreReader(RocksRows rows, RowCipher cipher, RowCodec codec) {
        this.rows = rows;
        this.cipher = cipher;
        this.codec = codec;
    }

    /**
     * What was read.
     *
     * @param keys all that are known
     */
    record Content(
            List<KeyImage> keys,
            List<PairImage> pairs,
            Map<PairId, KeyMaterial> pairSecrets,
            List<Restored.Association> associations,
            List<AnswerImage> answers) {
        /** Failed openings of the SAs that had any. */
        Map<SaId, Long> failedOpenings() {
            Map<SaId, Long> failed = new HashMap<>();
            for (Restored.Association association : associations) {
                if (association.past().failedOpenings() > 0) {
                    failed.put(association.id(), association.past().failedOpenings());
                }
            }
            return failed;
        }

        Restored restored(Policies policies) {
            return new Restored(policies, keys, pairs, pairSecrets, associations, answers);
        }
    }

    /** A row that can be read. */
    @FunctionalInterface
    private interface Reading {
        void read(byte[] key, byte[] row) throws DamagedRowException;
    }

    /**
     * Reads everything.
     *
     * @param notesOf the generation whose notes are valid
     * @param suspendedUpTo the numbers of SAs with ids up to this one may have gone back
     */
    Content read(long notesOf, long suspendedUpTo) throws RocksDBException {
        Map<KeyPrint, KeyImage> keys = new HashMap<>();
        each(RowFamily.KEY, (key, row) -> {
            KeyImage image = RowCodec.key(key, row);
            keys.put(image.print(), image);
        });
        Map<Long, MarkRow> marks = new HashMap<>();
        each(RowFamily.MARK, (key, row) -> marks.put(RowCodec.id(key), mark(row, keys)));
        Map<Long, UsageRow> usages = new HashMap<>();
        each(RowFamily.USAGE, (key, row) -> usages.put(RowCodec.id(key), parse(UsageRow.parser(), row)));
        Map<Long, NoteRow> notes = new HashMap<>();
        each(RowFamily.NOTE, (key, row) -> {
            NoteRow note = parse(NoteRow.parser(), row);
            if (note.getGeneration() == notesOf) {
                notes.put(RowCodec.id(key), note);
                UsageRow usage = note.getUsage();
                if (usage.getRecords() + usage.getFailedOpenings() > 0) {
                    leftovers.add(sealed(RowFamily.USAGE, key, usage.toByteArray()));
                }
            }
            // Used once, or never: the generation of this life is written already.
            leftovers.add(new RowWrite(RowFamily.NOTE, key, null));
        });
        Map<Long, KeysRow> secrets = new HashMap<>();
        each(RowFamily.KEYS, (key, row) -> secrets.put(RowCodec.id(key), parse(KeysRow.parser(), row)));
        List<PairImage> pairs = new ArrayList<>();
        Map<PairId, KeyMaterial> pairSecrets = new HashMap<>();
        each(RowFamily.PAIR, (key, row) -> pairs.add(codec.pair(RowCodec.id(key), row, pairSecrets)));

        List<Restored.Association> associations = new ArrayList<>();
        each(RowFamily.SA, (key, row) -> {
            long id = RowCodec.id(key);
            SaImage read = codec.sa(id, row);
            SaImage image = id <= suspendedUpTo ? read.suspend() : read;
            Numbers numbers = new Numbers(marks.get(id), usages.get(id), notes.get(id));
            associations.add(association(image, numbers, secrets.get(id), keys, pairSecrets));
        });
        // Of an SA that cannot be entered the mark is all that counts: its key keeps it.
        associations.forEach(association -> marks.remove(association.id().value()));
        marks.forEach((id, mark) -> abandoned(id, mark, keys));
        List<AnswerImage> answers = new ArrayList<>();
        each(RowFamily.ANSWER, (key, row) -> answers.add(RowCodec.answer(row)));
        answers.sort(Comparator.comparingLong(AnswerImage::revision));
        pairs.sort(Comparator.comparingLong(pair -> pair.id().value()));
        return new Content(new ArrayList<>(keys.values()), pairs, pairSecrets, associations, answers);
    }

    /** Whether rows that tell of keys could not be read. */
    boolean isForgetful() {
        return forgetful;
    }

    /** Rows to be written before any other: those that were set aside, and notes that are used up. */
    List<RowWrite> leftovers() {
        return leftovers;
    }

    private void each(RowFamily family, Reading reading) throws RocksDBException {
        rows.scan(family, (key, stored) -> {
            try {
                reading.read(key, cipher.open(family, key, stored));
            } catch (DamagedRowException e) {
                setAside(family, key, stored, e.getMessage());
            }
        });
    }

    private void setAside(RowFamily family, byte[] key, byte[] stored, @Nullable String why) {
        log.error(
                "a row of the store is damaged and set aside family={} key={} because={}",
                family.label(),
                HexFormat.of().formatHex(key),
                why);
        byte[] label = family.octets();
        byte[] place = ByteBuffer.allocate(label.length + 1 + key.length)
                .put(label)
                .put((byte) '/')
                .put(key)
                .array();
        forgetful |= family == RowFamily.KEY || family == RowFamily.MARK;
        leftovers.add(new RowWrite(RowFamily.DAMAGED, place, stored));
        leftovers.add(new RowWrite(family, key, null));
    }

    private static MarkRow mark(byte[] row, Map<KeyPrint, KeyImage> keys) throws DamagedRowException {
        MarkRow mark = parse(MarkRow.parser(), row);
        if (mark.getMark() < 0 || mark.getMark() > MAX_MARK) {
            throw new DamagedRowException("mark " + mark.getMark());
        }
        try {
            Direction direction = SaWire.DIRECTION.fromWire("direction", mark.getDirectionValue());
            keys.computeIfPresent(
                    RowCodec.print(mark.getKeyPrint()), (print, key) -> key.raised(direction, mark.getMark()));
        } catch (SaException e) {
            throw new DamagedRowException("direction " + mark.getDirectionValue());
        }
        return mark;
    }

    private void abandoned(long id, MarkRow mark, Map<KeyPrint, KeyImage> keys) {
        byte[] name = RowCodec.key(id);
        leftovers.add(new RowWrite(RowFamily.MARK, name, null));
        leftovers.add(new RowWrite(RowFamily.USAGE, name, null));
        leftovers.add(new RowWrite(RowFamily.KEYS, name, null));
        keys.values().stream()
                .filter(key -> RowCodec.octets(key.print()).equals(mark.getKeyPrint()))
                .forEach(key -> leftovers.add(sealed(RowFamily.KEY, RowCodec.key(key.print()), RowCodec.key(key))));
    }

    private RowWrite sealed(RowFamily family, byte[] key, byte[] row) {
        return new RowWrite(family, key, cipher.seal(family, key, row));
    }

    private static <T> T parse(Parser<T> parser, byte[] row) throws DamagedRowException {
        try {
            return parser.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedRowException("not such a row");
        }
    }

    /** What is known of the numbers of one SA. */
    private record Numbers(@Nullable MarkRow mark, @Nullable UsageRow usage, @Nullable NoteRow note) {}

    private Restored.Association association(
            SaImage image,
            Numbers numbers,
            @Nullable KeysRow secret,
            Map<KeyPrint, KeyImage> keys,
            Map<PairId, KeyMaterial> pairs)
            throws DamagedRowException {
        SaParameters parameters = image.parameters().orElse(null);
        if (parameters == null) {
            return new Restored.Association(image, Optional.empty(), Past.NOTHING, 0);
        }
        KeyPrint print = image.key().orElseThrow(() -> new DamagedRowException("an SA without a key"));
        KeyImage key = keys.get(print);
        if (key == null || secret == null || numbers.mark == null) {
            throw new DamagedRowException("what belongs to the SA is missing or damaged");
        }
        if (!image.pair().isNone() && !pairs.containsKey(image.pair())) {
            throw new DamagedRowException("the pair of the SA is missing or damaged");
        }
        long mark = key.mark(parameters.direction());
        try {
            TrafficKeys trafficKeys = SaWire.fromWire(secret.getKeys(), parameters.suite());
            return new Restored.Association(image, Optional.of(trafficKeys), past(parameters, numbers, mark), mark);
        } catch (SaException e) {
            throw new DamagedRowException("the keys of the SA are not of its suite");
        }
    }

    /** Where its numbers go on: exactly where they stood after a clean stop, else at the mark. */
    private Past past(SaParameters parameters, Numbers numbers, long mark) {
        NoteRow note = numbers.note;
        boolean sends = parameters.direction() == Direction.OUTBOUND;
        if (note != null) {
            Usage exact = codec.usage(note.getUsage());
            History history = sends ? new History.ResumeSending(exact.nextSequence()) : accepted(exact, note);
            return past(history, exact);
        }
        UsageRow row = numbers.usage;
        Usage known = row == null ? Usage.none(parameters.history().next()) : codec.usage(row);
        // Whatever lies between what was known and the mark may have been used.
        long records = known.records() + Math.max(0, mark - known.nextSequence());
        long step = row != null && row.getFailing() ? Limits.FORGERY_STEP : 0;
        Usage atMost = new Usage(
                records,
                known.octets(),
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
