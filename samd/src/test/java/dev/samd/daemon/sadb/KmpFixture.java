// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.SadbFixture.PEER;

import dev.samd.daemon.policy.Policies;
import dev.samd.daemon.policy.Policy;
import dev.samd.daemon.policy.PolicyEntry;
import dev.samd.daemon.policy.PolicySelector;
import dev.samd.engine.PolicyRule;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.SaParameters;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A database whose policy asks two KMPs, "ace" and then "psk", for SAs to one peer. */
final class KmpFixture {
    static final String KMPD = "uid:2000";
    static final Identity SENSOR = new Identity("ace", IdentityType.TOKEN, "coaps://as.example", "sensor-1");
    static final PolicyEntry ENTRY = new PolicyEntry(
            "sensors",
            PolicyRule.Action.PROTECT,
            List.of("ace", "psk"),
            List.of(),
            List.of(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8),
            Content.MESSAGE,
            Form.SAMD,
            Lifetime.UNLIMITED,
            SaParameters.DEFAULT_WINDOW,
            7,
            Duration.ZERO);
    static final Need NEED = Need.of(ENTRY, Endpoint.HOST_WIDE, PEER, "coap://proxy");

    final SadbFixture f;

    KmpFixture() {
        this(new SadbFixture());
    }

    KmpFixture(SadbFixture database) {
        f = database;
        f.seen(f.sadb.policyChanged(f.now(), "", Policies.of(List.of(new Policy(PolicySelector.ALL, ENTRY)))));
        f.events.clear();
        f.changes.clear();
    }

    long register(String kmp) {
        return register(kmp, KMPD);
    }

    long register(String kmp, String principal) {
        return f.seen(f.sadb.register(f.now(), new KmpRegistration(kmp, principal, Set.of())))
                .reply();
    }

    /** One call waits for an SA to the peer. */
    long acquire() {
        return acquire(NEED);
    }

    long acquire(Need need) {
        return f.seen(f.sadb.acquire(f.now(), need)).reply();
    }

    /** The last ACQUIRE that was offered. */
    Notice.Offered offered() {
        return last(Notice.Offered.class);
    }

    <N extends Notice> N last(Class<N> kind) {
        return all(kind).get(all(kind).size() - 1);
    }

    <N extends Notice> List<N> all(Class<N> kind) {
        return f.notices.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The KMP that was offered the last ACQUIRE accepts it, and may answer. */
    Origin accept() {
        Notice.Offered offered = offered();
        f.seen(f.sadb.accept(f.now(), offered.kmp(), offered.sequence()));
        return answering(last(Notice.Claimed.class));
    }

    static Origin answering(Notice.Claimed claimed) {
        return new Origin(KMPD, Octets.EMPTY, claimed.sequence(), claimed.claim());
    }

    SadbEntry getSpi(Origin origin) {
        return f.seen(f.sadb.getSpi(f.now(), new GetSpi(origin, PEER, Endpoint.HOST_WIDE, null)))
                .reply();
    }

    SaParameters sa(Direction direction, String spi) {
        return sa(direction, spi, Lifetime.UNLIMITED);
    }

    SaParameters sa(Direction direction, String spi, Lifetime lifetime) {
        return SadbFixture.withIdentity(
                SadbFixture.parameters(direction, spi, PEER, new History.Fresh(), lifetime), SENSOR);
    }

    /** A pair in the making. */
    Draft pair(String in, String out) {
        return new Draft(sa(Direction.INBOUND, in), sa(Direction.OUTBOUND, out));
    }

    Draft pair(SaParameters in, SaParameters out) {
        return new Draft(in, out);
    }

    final class Draft {
        private final SaParameters in;
        private final SaParameters out;
        private Origin origin = Origin.of(KMPD);
        private PairId supersedes = PairId.NONE;
        private @Nullable PairRole role;
        private boolean unconfirmed;
        private byte[] kmpPrivate = new byte[0];

        private Draft(SaParameters in, SaParameters out) {
            this.in = in;
            this.out = out;
        }

        Draft by(Origin origin) {
            this.origin = origin;
            return this;
        }

        Draft supersedes(InstalledPair pair) {
            supersedes = pair.inbound().pairId();
            return this;
        }

        Draft unconfirmed(PairRole role) {
            this.role = role;
            unconfirmed = true;
            return this;
        }

        Draft remembering(byte[] secret) {
            kmpPrivate = secret;
            return this;
        }

        InstallPair request() {
            return new InstallPair(
                    origin, in, f.keys(), out, f.keys(), supersedes, role, unconfirmed, KeyMaterial.copyOf(kmpPrivate));
        }

        InstalledPair install() {
            return f.seen(f.sadb.installPair(f.now(), request())).reply();
        }
    }

    /** What the events say of ACQUIREs, in order. */
    List<AcquireView.State> told() {
        return f.events.stream()
                .filter(SadbEvent.Acquiring.class::isInstance)
                .map(event -> ((SadbEvent.Acquiring) event).acquire().state())
                .toList();
    }

    AcquireView lastTold() {
        return f.events.stream()
                .filter(SadbEvent.Acquiring.class::isInstance)
                .map(event -> ((SadbEvent.Acquiring) event).acquire())
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** Whether an SA is there still. */
    boolean lives(SadbEntry entry) {
        return f.sadb.dump(SaFilter.ALL).entries().stream()
                .anyMatch(other -> other.id().equals(entry.id()));
    }

    SadbEntry now(SadbEntry entry) {
        return f.sadb.get(SadbFixture.byId(entry));
    }
}
