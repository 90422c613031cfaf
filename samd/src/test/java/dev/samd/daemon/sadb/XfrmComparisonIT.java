// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.TestAbortedException;

/**
 * The same calls to Linux XFRM and to samd: where they agree, and where samd differs on purpose. Runs where {@code ip} may
 * make a network namespace, else it is skipped and says why. Tests of ADD and UPDATE need a kernel with ESP.
 */
@Timeout(120)
class XfrmComparisonIT {
    private static final Duration NONE = Duration.ZERO;

    private final SamdSide samd = new SamdSide();
    private NetworkNamespace namespace;
    private KernelSide kernel;

    @BeforeEach
    void enterANamespace() {
        try {
            namespace = NetworkNamespace.create();
        } catch (UncheckedIOException e) {
            throw new TestAbortedException(
                    "no network namespace: " + e.getCause().getMessage(), e);
        }
        NetworkNamespace.Said said = namespace.run("ip", "xfrm", "state", "count");
        if (!said.well()) {
            leave();
            throw new TestAbortedException("no XFRM: " + said.errors().strip());
        }
        kernel = new KernelSide(namespace);
    }

    @AfterEach
    void leave() {
        if (kernel != null) {
            kernel.close();
        }
        if (namespace != null) {
            namespace.close();
            namespace = null;
        }
    }

    private List<ComparedSadb> both() {
        return List.of(kernel, samd);
    }

    @Test
    void anSpiOfARangeIsALarvalSa() {
        for (ComparedSadb sadb : both()) {
            for (int i = 0; i < 4; i++) {
                assertThat(sadb.allocSpi(0x1000, 0x1003)).isEqualTo(ComparedSadb.Answer.GRANTED);
            }
            assertThat(sadb.states())
                    .isEqualTo(Map.of(0x1000L, "LARVAL", 0x1001L, "LARVAL", 0x1002L, "LARVAL", 0x1003L, "LARVAL"));
        }

        // RFC 2367 s3.1.1 sends the reply of GETSPI to every socket; the kernel to the one that asked.
        assertThat(kernel.events()).isEmpty();
        assertThat(samd.events()).containsExactlyInAnyOrder("GETSPI 1000", "GETSPI 1001", "GETSPI 1002", "GETSPI 1003");
    }

    @Test
    void aRangeThatIsUsedUpIsRefused() {
        for (ComparedSadb sadb : both()) {
            assertThat(sadb.allocSpi(0x1000, 0x1000).granted()).isTrue();
            assertThat(sadb.allocSpi(0x1000, 0x1000).granted()).isFalse();
        }

        // The kernel keeps the SA that got no SPI until it expires. samd's refusals leave nothing.
        assertThat(kernel.states()).containsKeys(0L, 0x1000L);
        assertThat(kernel.count()).isEqualTo(2);
        assertThat(samd.states()).containsOnlyKeys(0x1000L);
        assertThat(samd.allocSpi(0x1000, 0x1000).words()).isEqualTo("SPI_IN_USE (17)");
    }

    @Test
    void aRangeThatEndsBeforeItBeginsIsRefused() {
        for (ComparedSadb sadb : both()) {
            assertThat(sadb.allocSpi(0x1001, 0x1000).granted()).isFalse();
            assertThat(sadb.states()).isEmpty();
            assertThat(sadb.events()).isEmpty();
        }

        assertThat(samd.allocSpi(0x1001, 0x1000).words()).isEqualTo("INVALID_SPI (22)");
    }

    @Test
    void aDeletedSaIsGone() {
        for (ComparedSadb sadb : both()) {
            sadb.allocSpi(0x1000, 0x1000);
            sadb.events();

            assertThat(sadb.get(0x1000).granted()).isTrue();
            assertThat(sadb.delete(0x1000)).isEqualTo(ComparedSadb.Answer.GRANTED);

            assertThat(sadb.get(0x1000).granted()).isFalse();
            assertThat(sadb.states()).isEmpty();
            assertThat(sadb.events()).containsExactly("DELETE 1000");
        }

        // Late records of the old SA would be failed openings of the new one: samd keeps its SPI in quarantine.
        assertThat(kernel.allocSpi(0x1000, 0x1000).granted()).isTrue();
        assertThat(samd.allocSpi(0x1000, 0x1000).words()).isEqualTo("SPI_IN_USE (17)");
    }

    @Test
    void anUnknownSaIsRefusedWithEsrch() {
        for (ComparedSadb sadb : both()) {
            assertThat(sadb.get(0x1000).granted()).isFalse();
            assertThat(sadb.delete(0x1000).granted()).isFalse();
            assertThat(sadb.events()).isEmpty();
        }

        assertThat(kernel.delete(0x1000).words()).contains("No such process");
        assertThat(samd.delete(0x1000).words()).isEqualTo("NO_SUCH_SA (3)");
    }

    @Test
    void aLarvalSaThatNobodyCompletesExpiresHard() {
        for (ComparedSadb sadb : both()) {
            sadb.allocSpi(0x1000, 0x1000);
            sadb.events();

            sadb.passLarvalTime();

            assertThat(sadb.states()).isEmpty();
            assertThat(sadb.events()).containsExactly("EXPIRE HARD 1000");
        }
    }

    @Test
    void flushEndsEverySaOnce() {
        for (ComparedSadb sadb : both()) {
            sadb.allocSpi(0x1000, 0x1000);
            sadb.allocSpi(0x2000, 0x2000);
            sadb.events();

            assertThat(sadb.flush()).isEqualTo(ComparedSadb.Answer.GRANTED);

            assertThat(sadb.states()).isEmpty();
        }

        // samd tells of each SA, so that a watcher of one peer hears of its end without a dump.
        assertThat(kernel.events()).containsExactly("FLUSH");
        assertThat(samd.events()).containsExactly("DELETE 1000", "DELETE 2000", "FLUSH");
    }

    @Test
    void flushOfNothingIsASuccess() {
        for (ComparedSadb sadb : both()) {
            assertThat(sadb.flush()).isEqualTo(ComparedSadb.Answer.GRANTED);
        }

        // RFC 2367 s3.1.9 answers behind the attempt, whatever there was; the kernel tells nobody of a flush of
        // nothing.
        assertThat(kernel.events()).isEmpty();
        assertThat(samd.events()).containsExactly("FLUSH");
    }

    @Test
    void whatTwoSendersNeedIsAskedForOnce() {
        kernel.sendWhatNeedsAnSa(2);

        // One ACQUIRE for both datagrams. A LARVAL SA without an SPI remembers it, and expires as any other.
        assertThat(kernel.states()).isEqualTo(Map.of(0L, "LARVAL"));
        assertThat(kernel.events()).containsExactly("ACQUIRE");
        kernel.passLarvalTime();
        assertThat(kernel.events()).containsExactly("EXPIRE HARD 0");
    }

    @Test
    void anAddedSaIsMatureAndASecondOfItIsRefused() {
        requireEsp();
        for (ComparedSadb sadb : both()) {
            assertThat(sadb.add(0x1000, 1, NONE, NONE)).isEqualTo(ComparedSadb.Answer.GRANTED);
            assertThat(sadb.add(0x1000, 2, NONE, NONE).granted()).isFalse();

            assertThat(sadb.states()).isEqualTo(Map.of(0x1000L, "MATURE"));
            assertThat(sadb.events()).containsExactly("ADD 1000");
        }

        assertThat(samd.add(0x1000, 2, NONE, NONE).words()).isEqualTo("SPI_IN_USE (17)");
    }

    @Test
    void addOfAReservedSpiIsRefused() {
        requireEsp();
        for (ComparedSadb sadb : both()) {
            sadb.allocSpi(0x1000, 0x1000);
            sadb.events();

            assertThat(sadb.add(0x1000, 1, NONE, NONE).granted()).isFalse();

            assertThat(sadb.states()).isEqualTo(Map.of(0x1000L, "LARVAL"));
            assertThat(sadb.events()).isEmpty();
        }
    }

    @Test
    void updateMakesALarvalSaMature() {
        requireEsp();
        for (ComparedSadb sadb : both()) {
            sadb.allocSpi(0x1000, 0x1000);
            sadb.events();

            assertThat(sadb.update(0x1000, 1)).isEqualTo(ComparedSadb.Answer.GRANTED);

            assertThat(sadb.states()).isEqualTo(Map.of(0x1000L, "MATURE"));
            assertThat(sadb.events()).containsExactly("UPDATE 1000");
        }
    }

    @Test
    void updateOfAnUnknownSaIsRefused() {
        requireEsp();
        for (ComparedSadb sadb : both()) {
            assertThat(sadb.update(0x1000, 1).granted()).isFalse();
            assertThat(sadb.states()).isEmpty();
            assertThat(sadb.events()).isEmpty();
        }

        assertThat(samd.update(0x1000, 1).words()).isEqualTo("NO_SUCH_SA (3)");
    }

    @Test
    void theKeyOfAMatureSaStays() {
        requireEsp();
        for (ComparedSadb sadb : both()) {
            sadb.add(0x1000, 1, NONE, NONE);
        }

        // The kernel grants it and keeps the old key: the caller does not learn that his key is not the one in use.
        assertThat(kernel.update(0x1000, 2).granted()).isTrue();
        assertThat(kernel.shown(0x1000)).contains(String.format("0x%040x", 1));
        assertThat(samd.update(0x1000, 2).words()).isEqualTo("IMMUTABLE (22)");
        assertThat(samd.states()).isEqualTo(kernel.states());
    }

    @Test
    void softComesBeforeHardAndHardEndsTheSa() {
        requireEsp();
        for (ComparedSadb sadb : both()) {
            sadb.add(0x1000, 1, Duration.ofSeconds(1), Duration.ofSeconds(3));
            sadb.passUntil("EXPIRE SOFT 1000", Duration.ofSeconds(1));
            sadb.passUntil("EXPIRE HARD 1000", Duration.ofSeconds(2));

            assertThat(sadb.events()).containsExactly("ADD 1000", "EXPIRE SOFT 1000", "EXPIRE HARD 1000");
            assertThat(sadb.states()).isEmpty();
        }
    }

    /** Whether this kernel can install an SA of ESP is known only by trying. */
    private void requireEsp() {
        ComparedSadb.Answer answer = kernel.add(0x7000, 7, NONE, NONE);
        assumeTrue(answer.granted(), "this kernel installs no SA of ESP: " + answer.words());
        kernel.delete(0x7000);
        kernel.events();
    }
}
