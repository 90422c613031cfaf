// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.Spi;
import dev.samd.sa.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One SA as the database knows it at one revision. Immutable: a change makes another entry, so a listing is a copy of
 * references and stays what it was.
 */
public final class SadbEntry {
    private final SaId id;
    private final long revision;
    private final SaState state;
    private final Spi spi;
    private final Endpoint peer;
    private final Endpoint local;
    private final @Nullable SaParameters parameters;
    private final @Nullable KeyRecord key;
    private final Set<Endpoint> scope;
    private final @Nullable Pair pair;
    private final @Nullable SaId partner;
    private final String owner;
    private final long addedNanos;
    private final long addedMillis;
    private final long firstUsedNanos;
    private final long endNanos;
    private final long tokenEndNanos;
    private final long acquireSequence;
    private final int softEarlierPermille;
    private final boolean unconfirmed;
    private final boolean forgeryLimitMet;
    private final boolean suspended;

    private SadbEntry(Draft draft) {
        this.id = draft.id;
        this.revision = draft.revision;
        this.state = draft.state;
        this.spi = draft.spi;
        this.peer = draft.peer;
        this.local = draft.local;
        this.parameters = draft.parameters;
        this.key = draft.key;
        this.scope = draft.scope;
        this.pair = draft.pair;
        this.partner = draft.partner;
        this.owner = draft.owner;
        this.addedNanos = draft.addedNanos;
        this.addedMillis = draft.addedMillis;
        this.firstUsedNanos = draft.firstUsedNanos;
        this.endNanos = draft.endNanos;
        this.tokenEndNanos = draft.tokenEndNanos;
        this.acquireSequence = draft.acquireSequence;
        this.softEarlierPermille = draft.softEarlierPermille;
        this.unconfirmed = draft.unconfirmed;
        this.forgeryLimitMet = draft.forgeryLimitMet;
        this.suspended = draft.suspended;
    }

    /** An SA that was kept, outside of its pair as yet. */
    static SadbEntry restored(SaImage image, @Nullable KeyRecord key, Set<Endpoint> scope, long tokenEndNanos) {
        Draft draft = new Draft(image);
        draft.key = key;
        draft.scope = Set.copyOf(scope);
        draft.tokenEndNanos = tokenEndNanos;
        return new SadbEntry(draft);
    }

    /** What has to be kept of it. */
    public SaImage image() {
        return new SaImage(
                id,
                revision,
                state,
                spi,
                peer,
                local,
                Optional.ofNullable(parameters),
                Optional.ofNullable(key).map(KeyRecord::print),
                pairId(),
                owner,
                addedNanos,
                addedMillis,
                firstUsedNanos,
                endNanos,
                acquireSequence,
                softEarlierPermille,
                unconfirmed,
                forgeryLimitMet,
                suspended);
    }

    /** What has to be kept of its key; empty while LARVAL. */
    public Optional<KeyImage> keyImage() {
        return Optional.ofNullable(key).map(KeyRecord::image);
    }

    /** Whether its numbers may have gone back: it neither protects nor unprotects. */
    public boolean suspended() {
        return suspended;
    }

    /** The daemon's name of it. */
    public SaId id() {
        return id;
    }

    /** Revision of the last change. */
    public long revision() {
        return revision;
    }

    /** State. */
    public SaState state() {
        return state;
    }

    /** SPI. */
    public Spi spi() {
        return spi;
    }

    /** Direction; LARVAL SAs are inbound. */
    public Direction direction() {
        return parameters == null ? Direction.INBOUND : parameters.direction();
    }

    /** The other side's name. */
    public Endpoint peer() {
        return peer;
    }

    /** The endpoint of this host. */
    public Endpoint local() {
        return local;
    }

    /** Everything that may be known; empty while LARVAL, and for one that never was more. */
    public Optional<SaParameters> parameters() {
        return Optional.ofNullable(parameters);
    }

    /** The peers that it may be used for. An SA without any answers on its own pair, and is never chosen for a request. */
    public Set<Endpoint> scope() {
        return scope;
    }

    /** The pair it belongs to, or {@link PairId#NONE}. */
    public PairId pairId() {
        return pair == null ? PairId.NONE : pair.id();
    }

    /** The name under which it was added to its pair; empty if it was not. */
    public String pairName() {
        return pair == null ? "" : pair.name();
    }

    /** The pair that its pair replaces, or {@link PairId#NONE}. */
    public PairId supersedes() {
        return pair == null ? PairId.NONE : pair.supersedes();
    }

    /** The other SA of its pair; empty while there is none. */
    public Optional<SaId> partner() {
        return Optional.ofNullable(partner);
    }

    /** The principal that installed it. */
    public String owner() {
        return owner;
    }

    /** When it was reserved, or installed. */
    public Instant added() {
        return Instant.ofEpochMilli(addedMillis);
    }

    /** The same on the monotonic clock. */
    public long addedNanos() {
        return addedNanos;
    }

    /** Monotonic time of the first use, or {@link Usage#NEVER}. */
    public long firstUsedNanos() {
        return firstUsedNanos;
    }

    /** When the nearest hard limit of time ends it, as far as is known now; empty without one. */
    public Optional<Instant> expires() {
        long deadline = Lifetimes.endDeadline(this);
        return deadline == Lifetimes.NEVER
                ? Optional.empty()
                : Optional.of(added().plus(Duration.ofNanos(deadline - addedNanos)));
    }

    /** Whether the peer has yet to prove that it holds the keys. */
    public boolean unconfirmed() {
        return unconfirmed;
    }

    /** The side that made its pair; empty without one, and where nobody said. */
    public Optional<PairRole> role() {
        return pair == null ? Optional.empty() : Optional.ofNullable(pair.role());
    }

    /** The ACQUIRE it answered, 0 for none. */
    public long acquireSequence() {
        return acquireSequence;
    }

    /** When the database ends it whatever its limits say, or {@link Lifetimes#NEVER}. */
    long endNanos() {
        return endNanos;
    }

    /** When the credential behind it ends, or {@link Lifetimes#NEVER}. */
    long tokenEndNanos() {
        return tokenEndNanos;
    }

    /** How much earlier its soft limits of time come, so that not all come at once. */
    int softEarlierPermille() {
        return softEarlierPermille;
    }

    /** What the engine has been told about the key, for the marks. */
    @Nullable
    KeyRecord key() {
        return key;
    }

    @Nullable
    Pair pair() {
        return pair;
    }

    boolean forgeryLimitMet() {
        return forgeryLimitMet;
    }

    /** Parameters of an SA that is known to have them. */
    SaParameters installedParameters() {
        if (parameters == null) {
            throw new IllegalStateException("SA " + id + " has no parameters, it is " + state);
        }
        return parameters;
    }

    /** A LARVAL SA. */
    static SadbEntry larval(SaId id, long revision, Spi spi, GetSpi request, Now now, long endNanos) {
        Draft draft = new Draft(
                id, spi, request.peer(), request.local(), request.origin().principal(), now);
        draft.revision = revision;
        draft.acquireSequence = request.origin().acquireSequence();
        draft.endNanos = endNanos;
        return new SadbEntry(draft);
    }

    /** A MATURE SA, added at once. */
    static SadbEntry mature(SaId id, long revision, Made made, Origin origin, Now now) {
        SaParameters parameters = made.parameters;
        Draft draft = new Draft(id, parameters.spi(), parameters.peer(), parameters.local(), origin.principal(), now);
        draft.revision = revision;
        draft.state = SaState.MATURE;
        draft.acquireSequence = origin.acquireSequence();
        draft.take(made);
        return new SadbEntry(draft);
    }

    /** This LARVAL SA, completed: its lifetime begins now. */
    SadbEntry completed(long revision, Made made, Now now) {
        Draft draft = new Draft(id, spi, made.parameters().peer(), local, owner, now);
        draft.revision = revision;
        draft.state = moved(SaState.MATURE);
        draft.acquireSequence = acquireSequence;
        draft.take(made);
        return new SadbEntry(draft);
    }

    /** Ends then, whatever its limits say; {@link Lifetimes#NEVER} takes that back. */
    SadbEntry endingAt(long nanos) {
        Draft draft = new Draft(this);
        draft.endNanos = nanos;
        return new SadbEntry(draft);
    }

    /** One of a pair that waits for its confirmation, until then at most. */
    SadbEntry waitingUntil(long nanos) {
        Draft draft = new Draft(this);
        draft.unconfirmed = true;
        draft.endNanos = nanos;
        return new SadbEntry(draft);
    }

    SadbEntry confirmed(long revision) {
        Draft draft = new Draft(this);
        draft.unconfirmed = false;
        draft.endNanos = pair == null ? Lifetimes.NEVER : pair.overlapEnd();
        draft.revision = revision;
        return new SadbEntry(draft);
    }

    SadbEntry scoped(Set<Endpoint> scope, long revision) {
        Draft draft = new Draft(this);
        draft.scope = Set.copyOf(scope);
        draft.revision = revision;
        return new SadbEntry(draft);
    }

    SadbEntry inPair(Pair pair) {
        Draft draft = new Draft(this);
        draft.pair = pair;
        return new SadbEntry(draft);
    }

    SadbEntry withPartner(@Nullable SaId partner) {
        Draft draft = new Draft(this);
        draft.partner = partner;
        return new SadbEntry(draft);
    }

    SadbEntry in(SaState next, long revision) {
        Draft draft = new Draft(this);
        draft.state = moved(next);
        draft.revision = revision;
        return new SadbEntry(draft);
    }

    SadbEntry relimited(SaParameters parameters, SaState next, long revision) {
        Draft draft = new Draft(this);
        draft.parameters = parameters;
        draft.state = next == state ? state : moved(next);
        draft.revision = revision;
        return new SadbEntry(draft);
    }

    SadbEntry withFirstUse(long nanos) {
        Draft draft = new Draft(this);
        draft.firstUsedNanos = nanos;
        return new SadbEntry(draft);
    }

    SadbEntry atRevision(long revision) {
        Draft draft = new Draft(this);
        draft.revision = revision;
        return new SadbEntry(draft);
    }

    SadbEntry withForgeryLimitMet(long revision) {
        Draft draft = new Draft(this);
        draft.forgeryLimitMet = true;
        draft.revision = revision;
        return new SadbEntry(draft);
    }

    private SaState moved(SaState next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("SA " + id + " cannot go from " + state + " to " + next);
        }
        return next;
    }

    @Override
    public String toString() {
        return "SA " + id + " " + direction() + " spi=" + spi + " peer=" + peer + " state=" + state;
    }

    /**
     * An SA with its keys, as the database makes it.
     *
     * @param tokenEndNanos when the credential behind it ends, or {@link Lifetimes#NEVER}
     * @param softEarlierPermille how much earlier its soft limits of time come
     */
    record Made(
            SaParameters parameters, KeyRecord key, Set<Endpoint> scope, long tokenEndNanos, int softEarlierPermille) {}

    /** An entry in the making. */
    private static final class Draft {
        private final SaId id;
        private final Spi spi;
        private final Endpoint peer;
        private final Endpoint local;
        private final String owner;
        private final long addedNanos;
        private final long addedMillis;
        private long revision;
        private SaState state = SaState.LARVAL;
        private @Nullable SaParameters parameters;
        private @Nullable KeyRecord key;
        private Set<Endpoint> scope = Set.of();
        private @Nullable Pair pair;
        private @Nullable SaId partner;
        private long firstUsedNanos = Usage.NEVER;
        private long endNanos = Lifetimes.NEVER;
        private long tokenEndNanos = Lifetimes.NEVER;
        private long acquireSequence;
        private int softEarlierPermille;
        private boolean unconfirmed;
        private boolean forgeryLimitMet;
        private boolean suspended;

        Draft(SaId id, Spi spi, Endpoint peer, Endpoint local, String owner, Now now) {
            this.id = id;
            this.spi = spi;
            this.peer = peer;
            this.local = local;
            this.owner = owner;
            this.addedNanos = now.nanos();
            this.addedMillis = now.wall().toEpochMilli();
        }

        void take(Made made) {
            parameters = made.parameters;
            key = made.key;
            scope = made.scope;
            tokenEndNanos = made.tokenEndNanos;
            softEarlierPermille = made.softEarlierPermille;
        }

        Draft(SadbEntry from) {
            this.id = from.id;
            this.spi = from.spi;
            this.peer = from.peer;
            this.local = from.local;
            this.owner = from.owner;
            this.addedNanos = from.addedNanos;
            this.addedMillis = from.addedMillis;
            this.revision = from.revision;
            this.state = from.state;
            this.parameters = from.parameters;
            this.key = from.key;
            this.scope = from.scope;
            this.pair = from.pair;
            this.partner = from.partner;
            this.firstUsedNanos = from.firstUsedNanos;
            this.endNanos = from.endNanos;
            this.tokenEndNanos = from.tokenEndNanos;
            this.acquireSequence = from.acquireSequence;
            this.softEarlierPermille = from.softEarlierPermille;
            this.unconfirmed = from.unconfirmed;
            this.forgeryLimitMet = from.forgeryLimitMet;
            this.suspended = from.suspended;
        }

        Draft(SaImage from) {
            this.id = from.id();
            this.spi = from.spi();
            this.peer = from.peer();
            this.local = from.local();
            this.owner = from.owner();
            this.addedNanos = from.addedNanos();
            this.addedMillis = from.addedMillis();
            this.revision = from.revision();
            this.state = from.state();
            this.parameters = from.parameters().orElse(null);
            this.firstUsedNanos = from.firstUsedNanos();
            this.endNanos = from.endNanos();
            this.acquireSequence = from.acquireSequence();
            this.softEarlierPermille = from.softEarlierPermille();
            this.unconfirmed = from.unconfirmed();
            this.forgeryLimitMet = from.forgeryLimitMet();
            this.suspended = from.suspended();
        }
    }
}
