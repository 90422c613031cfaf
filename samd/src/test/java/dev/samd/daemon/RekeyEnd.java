// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.coap.OptionNumbers;
import dev.samd.daemon.events.Delivery;
import dev.samd.daemon.events.LoggedEvent;
import dev.samd.daemon.events.Subscription;
import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.daemon.policy.PolicySelector;
import dev.samd.daemon.sadb.Cursor;
import dev.samd.daemon.sadb.GetSpi;
import dev.samd.daemon.sadb.InstallPair;
import dev.samd.daemon.sadb.InstalledPair;
import dev.samd.daemon.sadb.KmpRegistration;
import dev.samd.daemon.sadb.Notice;
import dev.samd.daemon.sadb.Now;
import dev.samd.daemon.sadb.Origin;
import dev.samd.daemon.sadb.SaFilter;
import dev.samd.daemon.sadb.Sadb;
import dev.samd.daemon.sadb.SadbBounds;
import dev.samd.daemon.sadb.SadbEntry;
import dev.samd.daemon.sadb.SadbEvent;
import dev.samd.daemon.sadb.SpiRange;
import dev.samd.daemon.sadb.Step;
import dev.samd.daemon.store.Kept;
import dev.samd.daemon.store.MemoryStore;
import dev.samd.engine.PolicyRule;
import dev.samd.engine.ProtectCall;
import dev.samd.engine.Protected;
import dev.samd.engine.RecordEngine;
import dev.samd.engine.UnprotectCall;
import dev.samd.engine.UnprotectResult;
import dev.samd.engine.Unprotected;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** One end of a pair: a real database with its engine, and a KMP "ace" that does what the test says. */
final class RekeyEnd implements KmpChannel, AutoCloseable {
    static final String KMPD = "uid:2000";
    static final String APP = "uid:1000";
    /** The greatest: threads overtake one another by many records. */
    private static final int WINDOW = 4096;

    private static final byte[] NO_REFERENCE = {};
    private static final byte[] REFERENCE_KEY = new byte[16];

    final Endpoint own;
    final Endpoint peer;
    final SadbLoop loop;
    final BlockingQueue<Notice.ToKmp> told = new LinkedBlockingQueue<>();
    private final Clocks clocks;
    private final Cursor born;
    private final KeyMaterial referenceKey = KeyMaterial.copyOf(REFERENCE_KEY);

    RekeyEnd(String own, String peer, Clocks clocks, SadbBounds bounds) {
        this.own = Endpoint.parse(own);
        this.peer = Endpoint.parse(peer);
        this.clocks = clocks;
        this.loop = new SadbLoop(
                clocks,
                new Random(own.hashCode()),
                (listener, gate) -> new RecordEngine(listener, OptionNumbers.DEFAULT, referenceKey, gate),
                Kept.nothing(new MemoryStore(), new Random(own.hashCode()), Policies.NONE),
                bounds,
                10_000,
                Map.of());
        this.born = loop.events().cursor();
        PolicyEntry entry = new PolicyEntry(
                "peers",
                PolicyRule.Action.PROTECT,
                List.of("ace"),
                List.of(),
                List.of(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8),
                Content.MESSAGE,
                Form.SAMD,
                Lifetime.UNLIMITED,
                SaParameters.DEFAULT_WINDOW,
                0,
                Duration.ZERO);
        Policies policies = Policies.of(List.of(new Policy(PolicySelector.ALL, entry)));
        ask((sadb, now) -> sadb.policyChanged(now, "", policies));
        loop.register(new KmpRegistration("ace", KMPD, Set.of()), this)
                .toCompletableFuture()
                .join();
    }

    /** Asks the database. */
    <R> R ask(BiFunction<Sadb, Now, Step<R>> request) {
        return loop.submit(request).toCompletableFuture().join();
    }

    /** Lets the database see what the engine told, and the time. */
    void settle() {
        hear();
        // What is told of a first use comes in two steps.
        hear();
        ask(Sadb::tick);
    }

    private void hear() {
        CompletableFuture<Boolean> heard = new CompletableFuture<>();
        loop.post(() -> heard.complete(true));
        heard.join();
    }

    List<SadbEntry> listed() {
        return ask((sadb, now) ->
                Step.unchanged(sadb.dump(SaFilter.ALL).entries().stream().toList()));
    }

    private long now() {
        return clocks.nanos().getAsLong();
    }

    Protected request() {
        return (Protected)
                loop.engine().protect(new ProtectCall(APP, Messages.GET.toByteArray(), own, peer, NO_REFERENCE), now());
    }

    Protected reply(Unprotected request) {
        return (Protected) loop.engine()
                .protect(
                        new ProtectCall(
                                APP, Messages.CONTENT.toByteArray(), own, Endpoint.HOST_WIDE, request.reference()),
                        now());
    }

    UnprotectResult unprotect(Protected message, byte[] inReplyTo) {
        return loop.engine()
                .unprotect(
                        new UnprotectCall(APP, message.coap(), own, "192.0.2.1:5683", inReplyTo, Endpoint.HOST_WIDE),
                        now());
    }

    Unprotected opened(Protected request) {
        return opened(unprotect(request, NO_REFERENCE));
    }

    void openedReply(Protected reply, Protected request) {
        opened(unprotect(reply, request.reference()));
    }

    private static Unprotected opened(UnprotectResult result) {
        assertThat(result).isInstanceOf(Unprotected.class);
        return (Unprotected) result;
    }

    /** The SA meets its soft limit; gives the claim to the ACQUIRE that comes of it, or null if none does. */
    @Nullable
    Origin soften(SadbEntry sa) {
        settle();
        told.clear();
        ask((sadb, now) -> sadb.soft(now, sa.id(), ExpireCause.RECORDS));
        settle();
        return accept();
    }

    /** Accepts the ACQUIRE that was offered last; null if there was none. */
    @Nullable
    Origin accept() {
        Notice.Offered offered = last(Notice.Offered.class);
        if (offered == null) {
            return null;
        }
        ask((sadb, now) -> sadb.accept(now, offered.kmp(), offered.sequence()));
        Notice.Claimed claimed = last(Notice.Claimed.class);
        return claimed == null ? null : new Origin(KMPD, Octets.EMPTY, claimed.sequence(), claimed.claim());
    }

    <N extends Notice.ToKmp> @Nullable N last(Class<N> kind) {
        return told.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .reduce((first, second) -> second)
                .orElse(null);
    }

    /** Everything that happened so far. */
    List<SadbEvent> events() {
        List<SadbEvent> events = new ArrayList<>();
        try (Subscription all = loop.events().subscribe(born, () -> {})) {
            for (Optional<Delivery> next = all.next(); next.isPresent(); next = all.next()) {
                events.add(((Delivery.Next) next.get()).event().event());
            }
        }
        return events;
    }

    /** Whether the ACQUIRE of a claim was taken back. */
    boolean isWithdrawn(Origin claim) {
        return told.stream()
                .anyMatch(notice -> notice instanceof Notice.Withdrawn withdrawn
                        && withdrawn.sequence() == claim.acquireSequence());
    }

    void reserve(Origin origin, Spi spi) {
        ask((sadb, now) -> sadb.getSpi(now, new GetSpi(origin, peer, own, new SpiRange(spi.octets(), spi.octets()))));
    }

    /** Installs its side of a pair whose keys come of the seed. */
    InstalledPair install(
            Origin origin,
            PairRole role,
            boolean unconfirmed,
            Spi in,
            Spi out,
            int seed,
            PairId supersedes,
            Lifetime lifetime) {
        boolean initiator = role == PairRole.INITIATOR;
        return ask((sadb, now) -> sadb.installPair(
                now,
                new InstallPair(
                        origin,
                        sa(Direction.INBOUND, in, lifetime),
                        keys(seed, !initiator),
                        sa(Direction.OUTBOUND, out, lifetime),
                        keys(seed, initiator),
                        supersedes,
                        role,
                        unconfirmed,
                        KeyMaterial.adopt(new byte[0]))));
    }

    private SaParameters sa(Direction direction, Spi spi, Lifetime lifetime) {
        return new SaParameters(
                direction,
                spi,
                peer,
                own,
                new Identity("ace", IdentityType.TOKEN, "coaps://as.example", peer.uri()),
                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                RecordVersion.DTLS12,
                1,
                Content.MESSAGE,
                Form.SAMD,
                true,
                WINDOW,
                lifetime,
                new History.Fresh());
    }

    private static TrafficKeys keys(int seed, boolean ofInitiator) {
        byte[] key = ByteBuffer.allocate(16)
                .putInt(0, seed)
                .put(15, (byte) (ofInitiator ? 1 : 2))
                .array();
        return new TrafficKeys(KeyMaterial.adopt(key), KeyMaterial.adopt(new byte[4]));
    }

    @Override
    public void tell(Notice.ToKmp notice) {
        told.add(notice);
    }

    @Override
    public void happened(LoggedEvent event, Cursor cursor) {
        // The tests look into the database.
    }

    @Override
    public void close() {
        loop.close();
        referenceKey.close();
    }
}
