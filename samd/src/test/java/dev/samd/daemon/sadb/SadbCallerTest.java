// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static dev.samd.daemon.sadb.SadbFixture.BOB;
import static dev.samd.daemon.sadb.SadbFixture.PEER;
import static dev.samd.daemon.sadb.SadbFixture.byId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Endpoint;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A caller that sees its own SAs alone, and may have a few of them. */
class SadbCallerTest {
    private final SadbFixture f = new SadbFixture();
    private final Narrow bob = new Narrow(BOB, 3, 1);

    /** Sees and ends what it installed. */
    private static final class Narrow implements SadbCaller {
        private final String principal;
        private final int sas;
        private final int larval;
        private final List<String> hidden = new ArrayList<>();

        Narrow(String principal, int sas, int larval) {
            this.principal = principal;
            this.sas = sas;
            this.larval = larval;
        }

        @Override
        public String principal() {
            return principal;
        }

        @Override
        public boolean sees(SadbEntry entry) {
            return entry.owner().equals(principal);
        }

        @Override
        public boolean mayEnd(SadbEntry entry) {
            return sees(entry);
        }

        @Override
        public int mostSas() {
            return sas;
        }

        @Override
        public int mostLarval() {
            return larval;
        }

        @Override
        public void hidden(SaSelector name, SadbEntry entry) {
            hidden.add(name + " is SA " + entry.id());
        }

        Origin origin() {
            return new Origin(this, Octets.EMPTY, 0, Octets.EMPTY);
        }
    }

    private SadbEntry addAsBob(String spi) {
        return f.seen(f.sadb.add(f.now(), new Add(bob.origin(), f.outbound(spi), f.keys(), "")))
                .reply();
    }

    private SadbEntry getSpiAsBob() {
        return f.seen(f.sadb.getSpi(f.now(), new GetSpi(bob.origin(), PEER, Endpoint.HOST_WIDE, null)))
                .reply();
    }

    private void assertLooksAbsent(SadbEntry foreign, Runnable call) {
        SaException there = f.refused(SaError.NO_SUCH_SA, call::run);
        f.delete(foreign);
        SaException gone = f.refused(SaError.NO_SUCH_SA, call::run);
        assertThat(there).hasMessage(gone.getMessage());
        assertThat(there.subject()).isEqualTo(gone.subject());
        assertThat(bob.hidden).containsExactly(byId(foreign) + " is SA " + foreign.id());
    }

    @Test
    void aForeignSaLooksAbsentToGet() {
        SadbEntry foreign = f.add(f.outbound("aa"));

        assertLooksAbsent(foreign, () -> f.sadb.get(byId(foreign), bob));
    }

    @Test
    void aForeignSaLooksAbsentToDelete() {
        SadbEntry foreign = f.add(f.outbound("aa"));

        assertLooksAbsent(foreign, () -> f.sadb.delete(f.now(), bob, byId(foreign), false));
    }

    @Test
    void aForeignSaLooksAbsentToUpdate() {
        SadbEntry foreign = f.add(f.outbound("aa"));

        assertLooksAbsent(
                foreign,
                () -> f.sadb.changeLifetime(
                        f.now(), new ChangeLifetime(bob.origin(), byId(foreign), null, Lifetime.UNLIMITED)));
    }

    @Test
    void aForeignReservationLooksAbsentToUpdate() {
        SadbEntry foreign = f.getSpi();

        assertLooksAbsent(
                foreign,
                () -> f.sadb.complete(
                        f.now(),
                        new Complete(
                                bob.origin(),
                                byId(foreign),
                                f.inbound(foreign.spi().toString()),
                                f.keys(),
                                "")));
    }

    @Test
    void aForeignReservationIsAnSpiThatIsTaken() {
        String spi = f.getSpi().spi().toString();

        SaException refusal = f.refused(
                SaError.SPI_IN_USE,
                () -> f.sadb.installPair(
                        f.now(),
                        new InstallPair(
                                bob.origin(), f.inbound(spi), f.keys(), f.outbound("bb"), f.keys(), PairId.NONE)));

        assertThat(refusal.getMessage()).doesNotContain(ALICE);
    }

    @Test
    void aForeignPairCannotBeSuperseded() {
        PairId foreign = f.installPair("aa", "bb").inbound().pairId();

        SaException there = f.refused(SaError.NO_SUCH_SA, () -> supersede(foreign));

        assertThat(there).hasMessage("there is no pair " + foreign + " to supersede");
    }

    private void supersede(PairId pair) {
        f.sadb.installPair(
                f.now(), new InstallPair(bob.origin(), f.inbound("ca"), f.keys(), f.outbound("cb"), f.keys(), pair));
    }

    @Test
    void whichForeignSaStandsInTheWayIsNotSaid() {
        SadbEntry foreign = f.add(f.outbound("aa"));

        SaException refusal = f.refused(SaError.SA_EXISTS, () -> addAsBob("aa"));

        assertThat(refusal.getMessage())
                .endsWith("is another SA")
                .doesNotContain(foreign.id().toString());
    }

    @Test
    void aListingHasWhatIsSeen() {
        f.add(f.outbound("aa"));
        SadbEntry own = addAsBob("ab");

        assertThat(f.sadb.dump(SaFilter.ALL, bob).entries()).containsExactly(own);
        assertThat(f.sadb.dump(SaFilter.ALL).entries()).hasSize(2);
    }

    @Test
    void whoSeesAnSaAndMayNotEndItHearsWhoseItIs() {
        SadbEntry foreign = f.add(f.outbound("aa"));
        SadbCaller reader = new SadbCaller() {
            @Override
            public String principal() {
                return BOB;
            }

            @Override
            public boolean mayEnd(SadbEntry entry) {
                return false;
            }
        };

        SaException refusal =
                f.refused(SaError.NOT_PERMITTED, () -> f.sadb.delete(f.now(), reader, byId(foreign), false));

        assertThat(refusal).hasMessage("SA " + foreign.id() + " belongs to uid:1000, not to uid:1001");
    }

    @Test
    void aNameOfSeveralIsThatOfTheOneThatIsSeen() {
        f.add(f.outbound("aa"));
        SaSelector name = new SaSelector.Outbound(PEER, Spi.ofHex("aa"));

        f.refused(SaError.NO_SUCH_SA, () -> f.sadb.get(name, bob));

        assertThat(f.sadb.get(name)).isNotNull();
    }

    @Test
    void aQuotaOfSasIsKeptAndGivenBack() {
        SadbEntry first = addAsBob("ab");
        addAsBob("ac");
        getSpiAsBob();

        SaException over = f.refused(SaError.OVER_QUOTA, () -> addAsBob("ad"));

        assertThat(over.subject()).isEqualTo("sas");
        assertThat(over.retryAfterMillis()).isPositive();
        f.add(f.outbound("ae"));
        f.seen(f.sadb.delete(f.now(), bob, byId(first), false));
        addAsBob("ad");
    }

    @Test
    void larvalSasCountUntilTheyAreCompletedOrGone() {
        SadbEntry larval = getSpiAsBob();

        assertThat(f.refused(SaError.OVER_QUOTA, this::getSpiAsBob).subject()).isEqualTo("larval_sas");
        f.seen(f.sadb.complete(
                f.now(),
                new Complete(bob.origin(), byId(larval), f.inbound(larval.spi().toString()), f.keys(), "")));
        getSpiAsBob();
        f.pass(Timings.DEFAULT.larval());
        getSpiAsBob();
        assertThat(f.sadb.size()).isEqualTo(2);
    }

    @Test
    void aRefusedRequestOfMoreThanTheQuotaClosesItsKeys() {
        addAsBob("ab");
        addAsBob("ac");
        var keys = f.keys();

        f.refused(
                SaError.OVER_QUOTA,
                () -> f.sadb.installPair(
                        f.now(),
                        new InstallPair(bob.origin(), f.inbound("ca"), keys, f.outbound("cb"), f.keys(), PairId.NONE)));

        assertThat(keys.key().borrow()).isNull();
    }

    @Test
    void anSaThatNeverWasTellsNobody() {
        f.refused(SaError.NO_SUCH_SA, () -> f.sadb.get(new SaSelector.ById(new SaId(7)), bob));

        assertThat(bob.hidden).isEmpty();
    }
}
