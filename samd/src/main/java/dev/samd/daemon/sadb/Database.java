// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.policy.Policies;
import dev.samd.sa.Direction;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Usage;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The parts of one database that its verbs share, and its counters. Confined to its database's thread. */
final class Database {
    /** Ids leave room for this many SAs for each second since 1970, so that no run repeats those of another. */
    private static final int ID_SHIFT = 20;

    final SaTable table = new SaTable();
    final PairTable pairs = new PairTable(table);
    final KeyRegistry keys;
    final RequestMemory requests;
    final SpiAllocator allocator;
    final KmpRegistry kmps;
    final AcquireTable acquires;
    final Confirmations confirmations;
    final Successions successions;
    final Rekeys rekeys;
    final Disowned disowned;
    final Suspensions suspensions = new Suspensions(this);
    final UsageView usages;
    final SadbBounds bounds;
    final RandomGenerator random;
    final long incarnation;
    /** Keys may have been forgotten. */
    boolean forgetful;

    Policies policies = Policies.NONE;
    private long revision;
    private long lastId;

    Database(
            Now born,
            RandomGenerator random,
            UsageView usages,
            SadbBounds bounds,
            Map<String, Set<String>> kmpPrincipals,
            Birth birth) {
        this.keys = new KeyRegistry(birth.printKey(), bounds.keys());
        this.requests = new RequestMemory(bounds.requestIds());
        this.allocator = new SpiAllocator(random);
        this.kmps = new KmpRegistry(kmpPrincipals);
        this.usages = usages;
        this.bounds = bounds;
        this.random = random;
        this.forgetful = birth.forgetful();
        this.incarnation = birth.incarnation();
        this.revision = birth.revision();
        this.lastId = Math.max(birth.lastId(), born.wall().getEpochSecond() << ID_SHIFT);
        this.acquires = new AcquireTable(this);
        this.confirmations = new Confirmations(this);
        this.successions = new Successions(this);
        this.rekeys = new Rekeys(this);
        this.disowned = new Disowned(this);
    }

    long revision() {
        return revision;
    }

    long nextRevision() {
        return ++revision;
    }

    long lastId() {
        return lastId;
    }

    SaId nextId() {
        return new SaId(++lastId);
    }

    Timings timings() {
        return bounds.timings();
    }

    /** Whether an SA was used since it was made. */
    boolean used(SadbEntry entry) {
        return entry.firstUsedNanos() != Usage.NEVER
                || usages.usage(entry.id()).map(Usage::used).orElse(false);
    }

    void requireRoom(SadbCaller caller, int more, int larval) {
        table.owners().requireRoom(caller, more, larval);
        if (table.size() + more > bounds.associations()) {
            throw new SaException(
                    SaError.TOO_MANY,
                    Integer.toString(bounds.associations()),
                    "the database holds its " + bounds.associations() + " SAs");
        }
    }

    void requirePlace(Now now, SaParameters parameters, SadbCaller caller) {
        if (parameters.direction() == Direction.INBOUND) {
            table.spis().release(now.nanos());
            table.requireFree(parameters.spi());
        }
        table.requireUnique(parameters, caller);
    }
}
