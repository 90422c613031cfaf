// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.SadbFixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Direction;
import dev.samd.sa.History;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;
import dev.samd.sa.Usage;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A key comes back only above its numbers, and never with another face (T49). */
class KeyRegistryTest {
    private static final int KEY = 4711;

    private final SadbFixture f = new SadbFixture(new SadbBounds(100, 100, 10, 1000, 1000));

    @Test
    void aKeyThatAnSaUsesIsRefused() {
        f.add(f.outbound("aa"), SadbFixture.keys(KEY), "");

        refused(resumed("bb", 5_000_000));
    }

    @Test
    void aKeyComesBackAtItsExactNumberAndNotBelow() {
        useAndDelete(f.add(f.outbound("aa"), SadbFixture.keys(KEY), ""), 17);

        assertThat(refused(resumed("aa", 16)).getMessage()).contains("17").contains("16");
        refused(f.outbound("aa"));
        f.add(resumed("aa", 17), SadbFixture.keys(KEY), "");
    }

    @Test
    void aKeyThatWasNeverUsedIsStillFresh() {
        useAndDelete(f.add(f.outbound("aa"), SadbFixture.keys(KEY), ""), 0);

        f.add(f.outbound("aa"), SadbFixture.keys(KEY), "");
        assertThat(f.sadb.size()).isEqualTo(1);
    }

    @Test
    void whatWasReservedCountsAsUsedUntilTheExactNumberIsKnown() {
        SadbEntry entry = f.add(f.outbound("aa"), SadbFixture.keys(KEY), "");
        f.sadb.marked(entry.id(), Direction.OUTBOUND, 2000);
        f.delete(entry);

        assertThat(refused(resumed("aa", 1999)).getMessage()).contains("in use");
    }

    @Test
    void flushForgetsNoKey() {
        SadbEntry entry = f.add(f.outbound("aa"), SadbFixture.keys(KEY), "");
        SadbEntry ended = SadbFixture.firstChanged(f.sadb.flush(f.now(), ALICE, SaFilter.ALL));
        f.sadb.retired(ended, usage(9));

        assertThat(ended.id()).isEqualTo(entry.id());
        refused(resumed("aa", 8));
        f.add(resumed("aa", 9), SadbFixture.keys(KEY), "");
    }

    @Test
    void anInboundKeyComesBackWithNothingAcceptableBelowItsMark() {
        useAndDelete(f.add(f.inbound("aa"), SadbFixture.keys(KEY), ""), 10);

        refused(f.inbound("bb"));
        refused(accepting("bb", 8, ""));
        refused(accepting("bb", 12, "f1"));
        f.add(accepting("bb", 12, "f9"), SadbFixture.keys(KEY), "");
    }

    @Test
    void numbersThatWereSeenBeforeTheInstallationStaySeen() {
        useAndDelete(f.add(accepting("aa", 99, ""), SadbFixture.keys(KEY), ""), 0);

        refused(f.inbound("bb"));
        f.add(accepting("bb", 99, ""), SadbFixture.keys(KEY), "");
    }

    @Test
    void aKeyComesBackWithTheSameSuiteEpochAndIvOnly() {
        useAndDelete(f.add(f.outbound("aa"), SadbFixture.keys(KEY), ""), 5);
        SaParameters same = resumed("aa", 5);

        refused(SadbFixture.withEpoch(same, 2));
        refused(SadbFixture.withSuite(same, CipherSuite.TLS_PSK_WITH_AES_128_CCM));
        byte[] key = octets(SadbFixture.keys(KEY));
        TrafficKeys otherIv = new TrafficKeys(KeyMaterial.adopt(key), KeyMaterial.adopt(new byte[] {0, 0, 0, 1}));
        f.refused(SaError.KEY_REUSED, () -> f.add(same, otherIv, ""));
        f.add(same, SadbFixture.keys(KEY), "");
    }

    @Test
    void oneKeyInBothDirectionsOfOneLocalEndpointIsRefused() {
        f.add(f.outbound("aa"), SadbFixture.keys(KEY), "");

        refused(f.inbound("bb"));
        refused(SadbFixture.withLocal(f.inbound("bb"), "coap://here"));
    }

    @Test
    void oneKeyInBothDirectionsOfOnePairIsRefused() {
        f.refused(
                SaError.KEY_REUSED,
                () -> f.sadb.installPair(
                        f.now(),
                        new InstallPair(
                                Origin.of(ALICE),
                                f.inbound("aa"),
                                SadbFixture.keys(KEY),
                                f.outbound("bb"),
                                SadbFixture.keys(KEY),
                                PairId.NONE)));
    }

    @Test
    void oneDaemonMayHoldBothEndsOfAnSa() {
        f.add(SadbFixture.withLocal(f.outbound("aa"), "coap://client"), SadbFixture.keys(KEY), "");
        f.add(SadbFixture.withLocal(f.inbound("aa"), "coap://server"), SadbFixture.keys(KEY), "");

        assertThat(f.sadb.size()).isEqualTo(2);
        refused(SadbFixture.withLocal(f.inbound("bb"), "coap://other"));
    }

    @Test
    void aRegistryThatIsFullTakesNoNewKey() {
        SadbFixture small = new SadbFixture(new SadbBounds(10, 1, 10, 1, 1));
        SadbEntry entry = small.add(small.outbound("aa"), SadbFixture.keys(KEY), "");
        SadbEntry ended = SadbFixture.firstChanged(
                small.sadb.delete(small.now(), SadbCaller.of(ALICE), SadbFixture.byId(entry), false));
        small.sadb.retired(ended, usage(3));

        small.refused(SaError.TOO_MANY, () -> small.add(small.outbound("bb")));
        small.add(resumed("aa", 3), SadbFixture.keys(KEY), "");
    }

    @Test
    void theLowestNumberOfAnInboundSaIsTheLowestThatItsWindowLacks() {
        assertThat(KeyRegistry.lowestNumber(accepting("aa", 20, "fbff"))).isEqualTo(18);
        assertThat(KeyRegistry.lowestNumber(accepting("aa", 20, "ffff"))).isEqualTo(21);
        assertThat(KeyRegistry.lowestNumber(accepting("aa", 3, "01"))).isZero();
        assertThat(KeyRegistry.lowestNumber(accepting("aa", 1000, "01" + "00".repeat(99))))
                .as("what the window of 128 does not reach is too old")
                .isEqualTo(1000 - 127);
    }

    private SaException refused(SaParameters parameters) {
        return f.refused(SaError.KEY_REUSED, () -> f.add(parameters, SadbFixture.keys(KEY), ""));
    }

    private void useAndDelete(SadbEntry entry, long next) {
        SadbEntry ended = SadbFixture.firstChanged(
                f.seen(f.sadb.delete(f.now(), SadbCaller.of(ALICE), SadbFixture.byId(entry), false)));
        f.sadb.retired(ended, usage(next));
    }

    private static Usage usage(long next) {
        return new Usage(next, 0, 0, Usage.NEVER, Usage.NEVER, next, Map.of());
    }

    private SaParameters resumed(String spi, long next) {
        return SadbFixture.withHistory(f.outbound(spi), new History.ResumeSending(next));
    }

    private SaParameters accepting(String spi, long edge, String bitmap) {
        return SadbFixture.withHistory(f.inbound(spi), new History.ResumeAccepting(edge, Octets.ofHex(bitmap)));
    }

    private static byte[] octets(TrafficKeys keys) {
        byte[] borrowed = keys.key().borrow();
        byte[] copy = borrowed.clone();
        keys.key().giveBack();
        return copy;
    }
}
