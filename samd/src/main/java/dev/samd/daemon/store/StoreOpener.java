// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.sadb.Birth;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import dev.samd.store.v1.CleanRow;
import dev.samd.store.v1.CountersRow;
import dev.samd.store.v1.DataKeyRow;
import dev.samd.store.v1.FormatRow;
import dev.samd.store.v1.LifeRow;
import dev.samd.store.v1.PoliciesRow;
import dev.samd.store.v1.SecretsRow;
import dev.samd.wire.FieldWire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the embedded store: reads who may read it, begins a new life, and only then reads what was kept.
 *
 * <p>The generation of the new life is durable before a number is used in it. Notes of the life directly before are then used
 * up; those of any other are worth nothing.
 */
public final class StoreOpener {
    /**
     * The format that this version writes, and the newest that it reads. It rises when an older version could not read what a
     * newer one writes: a field or a family that may be absent needs no new format.
     */
    static final int FORMAT = 1;
    /** The oldest that it reads. */
    private static final int OLDEST_FORMAT = 1;

    private static final Logger log = LoggerFactory.getLogger(StoreOpener.class);
    private static final int SECRET = 32;
    private static final int STORE_ID = 16;

    private final Path directory;
    private final StoreSettings settings;
    private final SecureRandom random;
    private final PolicyRows policyRows;
    private final LongSupplier nanos;
    private final Clock wall;

    /**
     * @param stateDir the daemon's own directory, which nobody else uses
     * @param settings how it is kept
     * @param random for keys
     * @param policyRows writes and reads policies
     * @param nanos the monotonic clock
     * @param wall the wall clock
     */
    public StoreOpener(
            Path stateDir,
            StoreSettings settings,
            SecureRandom random,
            PolicyRows policyRows,
            LongSupplier nanos,
            Clock wall) {
        this.directory = stateDir.toAbsolutePath();
        this.settings = settings;
        this.random = random;
        this.policyRows = policyRows;
        this.nanos = nanos;
        this.wall = wall;
    }

    /**
     * Opens the store.
     *
     * @param configured the policies of the configuration, which stand if they are others than before
     * @throws StoreException if it cannot be used: of a newer format, sealed under another key, damaged at its root
     */
    public Kept open(List<Policy> configured) throws IOException {
        RocksRows rows = openRows();
        boolean opened = false;
        try {
            Kept kept = open(rows, configured);
            opened = true;
            return kept;
        } catch (RocksDBException e) {
            throw new StoreException("the store in " + directory + " cannot be read: " + e.getMessage(), e);
        } finally {
            if (!opened) {
                rows.close();
            }
        }
    }

    private RocksRows openRows() throws IOException {
        try {
            Backup.forgetCheckpoint(directory);
            return reopen();
        } catch (RocksDBException e) {
            throw new StoreException("the store in " + directory + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private RocksRows reopen() throws IOException, RocksDBException {
        return RocksRows.open(
                directory.resolve("sadb"), directory.resolve("native"), settings.durability() == Durability.POWER_LOSS);
    }

    private Kept open(RocksRows rows, List<Policy> configured) throws IOException, RocksDBException {
        byte @Nullable [] formatOctets = rows.get(RowFamily.META, MetaKey.FORMAT);
        boolean fresh = formatOctets == null;
        if (formatOctets != null) {
            requireReadable(parse(FormatRow.parser(), formatOctets));
        }
        KeyEncryption encryption = encryption(fresh);
        if (fresh) {
            make(rows, encryption);
        }
        FormatRow format = parse(FormatRow.parser(), require(rows, MetaKey.FORMAT, "format"));
        DataKeyRow sealed = DataKeyRoot.readFrom(rows);
        KeyMaterial dataKey = KeyMaterial.adopt(
                encryption.open(sealed.getKeyEncryptionKey(), sealed.getSealed().toByteArray()));
        new KeyRotation(encryption, dataKey, DataKeyRoot.of(rows)).settle();
        RowCipher cipher = new RowCipher(dataKey, random);
        SecretsRow secrets = parse(SecretsRow.parser(), meta(rows, cipher, MetaKey.SECRETS));
        LifeRow before = optional(rows, cipher, MetaKey.LIFE, LifeRow.parser()).orElse(LifeRow.getDefaultInstance());
        CountersRow counters =
                optional(rows, cipher, MetaKey.COUNTERS, CountersRow.parser()).orElse(CountersRow.getDefaultInstance());
        CleanRow clean =
                optional(rows, cipher, MetaKey.CLEAN, CleanRow.parser()).orElse(CleanRow.getDefaultInstance());
        boolean isClean = before.getGeneration() > 0 && clean.getGeneration() == before.getGeneration();

        String storeId = HexFormat.of().formatHex(format.getStoreId().toByteArray());
        StateGuard guard = new StateGuard(settings.guard().orElse(guardBeside()));
        Host host = Host.current();
        StateGuard.Position position = new StateGuard.Position(storeId, before.getGeneration(), rows.sequence());
        // A backup has no guard file of its own, and is to be called what it is.
        Optional<String> objection = (before.getBackup() ? Optional.of("it is a backup") : guard.objection(position))
                .or(() -> objection(before, isClean, host));
        objection.ifPresent(why -> log.error("the store may have gone back, its SAs are suspended because={}", why));

        LifeRow life = before.toBuilder()
                .setGeneration(before.getGeneration() + 1)
                .setIncarnation(isClean && objection.isEmpty() ? before.getIncarnation() : random.nextLong())
                .setMachine(host.machine())
                .setBoot(host.boot())
                .setPowerLoss(settings.durability() == Durability.POWER_LOSS)
                .setForgetful(before.getForgetful() || objection.isPresent())
                .setBackup(false)
                .setSuspendedUpTo(objection.isPresent() ? counters.getLastId() : before.getSuspendedUpTo())
                .build();
        StoreClock clock =
                new StoreClock(counters.getTime(), counters.getWallMillis(), nanos.getAsLong(), wall.millis());
        rows.write(List.of(row(cipher, MetaKey.LIFE, life.toByteArray())));
        guard.write(new StateGuard.Position(storeId, life.getGeneration(), rows.sequence()));

        RowCodec codec = new RowCodec(clock);
        StoreReader reader = new StoreReader(
                rows,
                () -> new RowCipher(dataKey, random),
                codec,
                isClean ? before.getGeneration() : StoreReader.NO_NOTES,
                life.getSuspendedUpTo());
        Policies policies = policies(rows, cipher, configured);
        long revision = isClean ? clean.getRevision() : counters.getRevision();
        Birth birth = new Birth(
                life.getIncarnation(),
                revision,
                counters.getLastId(),
                KeyMaterial.adopt(secrets.getPrintKey().toByteArray()),
                life.getForgetful());
        List<dev.samd.v1.Policy> standing =
                policies.list().stream().map(policyRows::toWire).toList();
        rows.write(List.of(
                row(cipher, MetaKey.POLICIES, policiesRow(standing, configured).toByteArray())));
        KeptRows kept = new KeptRows(policies, reader, () -> {
            if (reader.isForgetful() && !life.getForgetful()) {
                byte[] forgetful = life.toBuilder().setForgetful(true).build().toByteArray();
                rows.write(List.of(row(cipher, MetaKey.LIFE, forgetful)));
            }
            log.info(
                    "read the store generation={} clean={} associations={} keys={} sealed_by={}",
                    life.getGeneration(),
                    isClean,
                    reader.associations(),
                    reader.keys(),
                    encryption.description());
        });
        RowWriter writer = new RowWriter(rows, this::reopen, sequence -> progress(guard, storeId, life, sequence));
        EmbeddedUpkeep upkeep = new EmbeddedUpkeep(
                writer,
                new Backup(writer, directory, dataKey, random),
                new KeyRotation(encryption, dataKey, DataKeyRoot.of(writer)));
        EmbeddedStore store = new EmbeddedStore(
                writer,
                cipher,
                codec,
                clock,
                policyRows,
                dataKey,
                upkeep,
                new EmbeddedStore.Present(
                        life.getGeneration(),
                        counters.getLastId(),
                        reader.failedOpenings(),
                        standing,
                        print(configured),
                        nanos,
                        wall::millis));
        return new Kept(
                store, birth, kept, KeyMaterial.adopt(secrets.getReferenceKey().toByteArray()));
    }

    /** Before anything is written, and before its key is asked for: both may be other matters in a later version. */
    private void requireReadable(FormatRow format) throws StoreException {
        if (format.getVersion() < OLDEST_FORMAT || format.getVersion() > FORMAT) {
            throw new StoreException("the store in " + directory + " is of format " + format.getVersion()
                    + "; this version of samd reads " + OLDEST_FORMAT + " to " + FORMAT);
        }
    }

    private Path guardBeside() throws StoreException {
        Path parent = directory.getParent();
        if (parent == null) {
            throw new StoreException("state directory " + directory + " has nothing beside it: say guard_file");
        }
        return parent.resolve(directory.getFileName() + ".guard");
    }

    private static Optional<String> objection(LifeRow before, boolean isClean, Host host) {
        if (before.getGeneration() == 0) {
            return Optional.empty();
        }
        if (!before.getMachine().equals(host.machine())) {
            return Optional.of("it was written on another machine");
        }
        if (!before.getPowerLoss() && !isClean && !before.getBoot().equals(host.boot())) {
            return Optional.of("the machine was started again, and changes were not synced to the disk");
        }
        return Optional.empty();
    }

    private static void progress(StateGuard guard, String storeId, LifeRow life, long sequence) {
        try {
            guard.write(new StateGuard.Position(storeId, life.getGeneration(), sequence));
        } catch (IOException e) {
            log.warn("the guard file was not written", e);
        }
    }

    private void make(RocksRows rows, KeyEncryption encryption) throws IOException, RocksDBException {
        byte[] dataKey = new byte[SECRET];
        random.nextBytes(dataKey);
        KeyMaterial owned = KeyMaterial.copyOf(dataKey);
        try {
            SecretsRow secrets = SecretsRow.newBuilder()
                    .setPrintKey(randomOctets(SECRET))
                    .setReferenceKey(randomOctets(SECRET))
                    .build();
            List<RowWrite> first = new ArrayList<>();
            first.add(row(new RowCipher(owned, random), MetaKey.SECRETS, secrets.toByteArray()));
            DataKeyRow sealed = KeyRotation.row(encryption, encryption.first(), dataKey);
            first.add(new RowWrite(RowFamily.META, MetaKey.DATA_KEY, sealed.toByteArray()));
            FormatRow format = FormatRow.newBuilder()
                    .setVersion(FORMAT)
                    .setStoreId(randomOctets(STORE_ID))
                    .build();
            first.add(new RowWrite(RowFamily.META, MetaKey.FORMAT, format.toByteArray()));
            rows.write(first);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
            owned.close();
        }
    }

    private ByteString randomOctets(int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return ByteString.copyFrom(octets);
    }

    private KeyEncryption encryption(boolean fresh) throws IOException {
        KeyPlace place = settings.key();
        if (place instanceof KeyPlace.OnToken token) {
            return new TokenKeyEncryption(token, random);
        }
        if (place instanceof KeyPlace.InCredential credential) {
            String credentials = System.getenv(CredentialKeyEncryption.DIRECTORY);
            return CredentialKeyEncryption.open(credential.name(), credentials, random);
        }
        if (place instanceof KeyPlace.InFile inFile) {
            return FileKeyEncryption.open(inFile.file().orElse(directory.resolve("kek")), fresh, random);
        }
        throw new IllegalStateException("no place of keys " + place);
    }

    /**
     * The policies that stood; those of the configuration if it has changed since, or nothing was kept. Then what was changed
     * while the daemon ran is gone, and is said.
     */
    private Policies policies(RocksRows rows, RowCipher cipher, List<Policy> configured)
            throws StoreException, RocksDBException {
        Policies ofConfiguration = Policies.of(configured);
        Optional<PoliciesRow> kept = optional(rows, cipher, MetaKey.POLICIES, PoliciesRow.parser());
        if (kept.isEmpty()) {
            return ofConfiguration;
        }
        List<Policy> stood = new ArrayList<>();
        try {
            kept.get().getPoliciesList().forEach(wire -> stood.add(policyRows.fromWire(wire)));
        } catch (SaException | IllegalArgumentException e) {
            throw damaged("policies");
        }
        if (Octets.of(kept.get().getConfigured().toByteArray()).equals(print(configured))) {
            return Policies.of(stood);
        }
        log.warn(
                "the policies of the configuration have changed and stand; those that stood are gone policies={}",
                stood.stream().map(policy -> policy.entry().name()).toList());
        return ofConfiguration;
    }

    private PoliciesRow policiesRow(List<dev.samd.v1.Policy> standing, List<Policy> configured) {
        return PoliciesRow.newBuilder()
                .addAllPolicies(standing)
                .setConfigured(FieldWire.octets(print(configured)))
                .build();
    }

    private Octets print(List<Policy> configured) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            PoliciesRow.Builder all = PoliciesRow.newBuilder();
            configured.forEach(policy -> all.addPolicies(policyRows.toWire(policy)));
            return Octets.of(digest.digest(all.build().toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing from this runtime", e);
        }
    }

    private static RowWrite row(RowCipher cipher, byte[] key, byte[] row) {
        return new RowWrite(RowFamily.META, key, cipher.seal(RowFamily.META, key, row));
    }

    private byte[] require(RocksRows rows, byte[] key, String what) throws StoreException, RocksDBException {
        byte[] row = rows.get(RowFamily.META, key);
        if (row == null) {
            throw damaged(what);
        }
        return row;
    }

    private byte[] meta(RocksRows rows, RowCipher cipher, byte[] key) throws StoreException, RocksDBException {
        try {
            return cipher.open(RowFamily.META, key, require(rows, key, "secrets"));
        } catch (DamagedRowException e) {
            throw damaged("secrets");
        }
    }

    private <T> Optional<T> optional(RocksRows rows, RowCipher cipher, byte[] key, Parser<T> parser)
            throws StoreException, RocksDBException {
        byte[] row = rows.get(RowFamily.META, key);
        if (row == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(parser, cipher.open(RowFamily.META, key, row)));
        } catch (DamagedRowException e) {
            throw damaged(new String(key, StandardCharsets.US_ASCII));
        }
    }

    private <T> T parse(Parser<T> parser, byte[] row) throws StoreException {
        try {
            return parser.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw damaged("a row at its root");
        }
    }

    private StoreException damaged(String what) {
        return new StoreException("the store in " + directory + " is damaged: " + what
                + " cannot be read; restore a backup, or begin with an empty state directory");
    }
}
