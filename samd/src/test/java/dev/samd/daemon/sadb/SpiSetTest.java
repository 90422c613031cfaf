// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaId;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The prefix rule, the quarantine, and the choice of SPIs (T34). */
class SpiSetTest {
    private final SadbFixture f = new SadbFixture();

    @Test
    void anSpiThatIsAPrefixOfAnotherOrHasOneIsRefused() {
        f.add(f.inbound("aa01"));

        f.refused(SaError.SPI_IN_USE, () -> f.add(f.inbound("aa")));
        assertThat(f.refused(SaError.SPI_IN_USE, () -> f.add(f.inbound("aa0102")))
                        .getMessage())
                .contains("aa0102")
                .contains("SPI aa01,");
        f.add(f.inbound("aa02"));
    }

    @Test
    void theRuleHoldsForReservedSpisToo() {
        SadbEntry larval = f.getSpi(new SpiRange(Octets.ofHex("0aff"), Octets.ofHex("0aff")));

        f.refused(SaError.SPI_IN_USE, () -> f.add(f.inbound("0a")));
        assertThat(larval.spi()).isEqualTo(Spi.ofHex("0aff"));
    }

    @Test
    void anSpiIsInQuarantineForALittleMoreThanFourMinutes() {
        SadbEntry entry = f.add(f.inbound("aa01"));
        f.delete(entry);

        f.pass(Duration.ofSeconds(247).minusNanos(1));
        f.refused(SaError.SPI_IN_USE, () -> f.add(f.inbound("aa01")));
        f.refused(SaError.SPI_IN_USE, () -> f.add(f.inbound("aa")));
        f.refused(SaError.NO_SUCH_SA, () -> f.sadb.get(new SaSelector.Inbound(Spi.ofHex("aa01"))));

        f.pass(Duration.ofNanos(1));
        f.add(f.inbound("aa01"));
    }

    @Test
    void theSpiOfAnExpiredReservationIsInQuarantine() {
        SpiRange one = new SpiRange(Octets.ofHex("07"), Octets.ofHex("07"));
        f.getSpi(one);
        f.pass(Duration.ofSeconds(30));

        f.refused(SaError.SPI_IN_USE, () -> f.getSpi(one));
        f.pass(Duration.ofSeconds(247));
        assertThat(f.getSpi(one).spi()).isEqualTo(Spi.ofHex("07"));
    }

    @Test
    void outboundSpisAreFreeAtOnce() {
        f.delete(f.add(f.outbound("aa01")));

        f.add(f.outbound("aa01"));
        assertThat(f.sadb.size()).isEqualTo(1);
    }

    @Test
    void aRangeIsUsedUpToItsLastFreeSpi() {
        SpiRange range = new SpiRange(Octets.ofHex("00fe"), Octets.ofHex("0101"));
        Set<Spi> given = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            given.add(f.getSpi(range).spi());
        }

        assertThat(given)
                .containsExactlyInAnyOrder(Spi.ofHex("00fe"), Spi.ofHex("00ff"), Spi.ofHex("0100"), Spi.ofHex("0101"));
        f.refused(SaError.SPI_IN_USE, () -> f.getSpi(range));
    }

    @Test
    void aRangeOfTwentyOctetsIsServedAtRandom() {
        SpiRange range = new SpiRange(Octets.ofHex("00".repeat(20)), Octets.ofHex("ff".repeat(20)));

        assertThat(f.getSpi(range).spi().length()).isEqualTo(20);
        assertThat(f.getSpi(range).spi()).isNotEqualTo(f.getSpi(range).spi());
    }

    @Test
    void theSpiOfZeroIsNeverGiven() {
        f.refused(SaError.SPI_IN_USE, () -> f.getSpi(new SpiRange(Octets.ofHex("0000"), Octets.ofHex("0000"))));
    }

    @Test
    void aRangeThatCannotBeIsRefused() {
        f.refused(SaError.INVALID_SPI, () -> new SpiRange(Octets.ofHex("02"), Octets.ofHex("01")));
        f.refused(SaError.INVALID_SPI, () -> new SpiRange(Octets.ofHex("02"), Octets.ofHex("0203")));
        f.refused(SaError.INVALID_SPI, () -> new SpiRange(Octets.EMPTY, Octets.EMPTY));
        f.refused(
                SaError.INVALID_SPI, () -> new SpiRange(Octets.ofHex("01".repeat(21)), Octets.ofHex("02".repeat(21))));
    }

    @Property
    void theTwoNeighboursDecideAsAComparisonWithEveryoneDoes(@ForAll("spis") List<Spi> wanted) {
        SpiSet set = new SpiSet();
        List<Spi> taken = new ArrayList<>();
        for (Spi spi : wanted) {
            boolean collides = taken.stream().anyMatch(spi::collidesWith);

            assertThat(set.conflict(spi).isPresent()).isEqualTo(collides);

            if (!collides) {
                set.take(spi, new SaId(1));
                taken.add(spi);
            }
        }
    }

    @Provide
    Arbitrary<List<Spi>> spis() {
        // Few values and lengths, so that prefixes are common.
        return Arbitraries.bytes()
                .between((byte) 1, (byte) 3)
                .array(byte[].class)
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(octets -> new Spi(Octets.of(octets)))
                .list()
                .ofMaxSize(40);
    }
}
