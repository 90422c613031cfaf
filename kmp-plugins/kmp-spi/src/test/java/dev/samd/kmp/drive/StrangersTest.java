// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.drive.StrangerLimits.EchoUse;
import dev.samd.kmp.drive.Strangers.Verdict;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrangersTest {
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final Strangers strangers = strangers(StrangerLimits.DEFAULT);

    @Test
    void burstPassesAndThenTheRate() {
        assertThat(passes("192.0.2.1:5683", 30)).isEqualTo(20);

        now = now.plusSeconds(1);

        assertThat(passes("192.0.2.1:5683", 30)).isEqualTo(10);
        assertThat(look("192.0.2.1:5683")).isInstanceOf(Verdict.TooMany.class);
    }

    @Test
    void portsAndAddressesOfOneHostShareABudget() {
        assertThat(passes("192.0.2.1:1", 20)).isEqualTo(20);
        assertThat(passes("192.0.2.1:2", 1)).isZero();
        assertThat(passes("192.0.2.2:1", 1)).isEqualTo(1);

        assertThat(passes("[2001:db8::1]:1", 20)).isEqualTo(20);
        assertThat(passes("[2001:db8::ffff:2]:9", 1)).isZero();
        assertThat(passes("[2001:db8:0:1::1]:1", 1)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1:5683, 192.0.2.1",
        "[2001:DB8::1]:5683, 20010db800000000/64",
        "[fe80::1%eth0]:5683, fe80000000000000/64",
        "[::ffff:192.0.2.1]:5683, 192.0.2.1",
        "sensor.example:5683, sensor.example",
        "zzz::1, zzz::1",
        "1:2, 1",
        "'', ''",
    })
    void budgetIsTheAddressOrItsPrefixAndNeverResolved(String source, String budget) {
        assertThat(SourceAddress.budget(source)).isEqualTo(budget);
    }

    @Test
    void textThatIsNoAddressIsCutAndCounted() {
        assertThat(SourceAddress.budget("x".repeat(70_000))).hasSize(64);
    }

    @Test
    void tenThousandASecondFromOneSourceLeaveTheOthersAlone() {
        int flood = 0;
        int others = 0;
        for (int i = 0; i < 50_000; i++) {
            now = now.plus(Duration.ofNanos(100_000));
            flood += look("203.0.113.9:" + (1024 + i % 60_000)) instanceof Verdict.Pass ? 1 : 0;
            if (i % 1000 == 0) {
                others += look("192.0.2." + (i / 1000) + ":5683") instanceof Verdict.Pass ? 1 : 0;
            }
        }

        assertThat(flood).isBetween(60, 71);
        assertThat(others).isEqualTo(50);
        assertThat(strangers.remembered()).isEqualTo(51);
    }

    @Test
    void floodFromInventedSourcesIsBoundedAndChallengedAndRealOnesGetThrough() {
        int passed = 0;
        int answered = 0;
        int real = 0;
        for (int i = 0; i < 100_000; i++) {
            now = now.plus(Duration.ofNanos(100_000));
            Verdict verdict = look("10." + (i >> 16) + "." + (i >> 8 & 0xff) + "." + (i & 0xff) + ":1");
            passed += verdict instanceof Verdict.Pass ? 1 : 0;
            answered += verdict instanceof Verdict.Drop ? 0 : 1;
            if (i % 2000 == 1999) {
                real += getsThrough("192.0.2." + i / 2000 + ":5683") ? 1 : 0;
            }
        }

        assertThat(passed).as("a hundred a second").isLessThan(1_200);
        assertThat(answered).as("a thousand a second, and the burst").isLessThan(13_500);
        assertThat(real).as("of fifty").isGreaterThan(0);
        assertThat(strangers.remembered()).isLessThanOrEqualTo(4096);
    }

    /** As a client does it: once, with Echo if it is asked for, and with its retransmissions. */
    private boolean getsThrough(String source) {
        for (int transmission = 0; transmission < 5; transmission++) {
            Verdict verdict = look(source);
            if (verdict instanceof Verdict.Challenge challenge) {
                verdict = strangers.look(source, "", challenge.echo(), now);
            }
            if (verdict instanceof Verdict.Pass) {
                return true;
            }
        }
        return false;
    }

    @Test
    void echoIsAskedForAlwaysAndGoodForItsAddressAndAMinute() {
        Strangers always = strangers(StrangerLimits.DEFAULT.withEcho(EchoUse.ALWAYS));
        Octets echo = ((Verdict.Challenge) always.look("192.0.2.1:1", "", Octets.EMPTY, now)).echo();
        assertThat(always.remembered())
                .as("nothing of one who has shown nothing")
                .isZero();

        assertThat(always.look("192.0.2.1:2", "", echo, now)).isInstanceOf(Verdict.Pass.class);
        assertThat(always.look("192.0.2.2:1", "", echo, now)).isInstanceOf(Verdict.Challenge.class);
        assertThat(always.look("192.0.2.1:1", "", Octets.ofHex("00"), now)).isInstanceOf(Verdict.Challenge.class);
        byte[] changed = echo.toArray();
        for (int i = 0; i < changed.length; i++) {
            changed[i] ^= 1;
            assertThat(always.look("192.0.2.1:1", "", Octets.of(changed.clone()), now))
                    .isInstanceOf(Verdict.Challenge.class);
            changed[i] ^= 1;
        }
        assertThat(always.look("192.0.2.1:1", "", echo, now.plusSeconds(60))).isInstanceOf(Verdict.Pass.class);
        assertThat(always.look("192.0.2.1:1", "", echo, now.plusSeconds(61))).isInstanceOf(Verdict.Challenge.class);
    }

    @Test
    void echoOfAnotherHostIsWorthNothing() {
        Strangers other = new Strangers(StrangerLimits.DEFAULT.withEcho(EchoUse.ALWAYS), new Random(5), now);
        Octets foreign = ((Verdict.Challenge) other.look("192.0.2.1:1", "", Octets.EMPTY, now)).echo();

        assertThat(strangers(StrangerLimits.DEFAULT.withEcho(EchoUse.ALWAYS)).look("192.0.2.1:1", "", foreign, now))
                .isInstanceOf(Verdict.Challenge.class);
    }

    @Test
    void allTogetherHaveABudgetWhereNobodyIsChallenged() {
        Strangers never = strangers(StrangerLimits.DEFAULT.withEcho(EchoUse.NEVER));
        int passed = 0;
        for (int i = 0; i < 3000; i++) {
            passed +=
                    never.look("10.0." + i / 250 + "." + i % 250 + ":1", "", Octets.EMPTY, now) instanceof Verdict.Pass
                            ? 1
                            : 0;
        }

        assertThat(passed).isEqualTo(StrangerLimits.DEFAULT.allBurst());
        assertThat(never.look("192.0.2.1:1", "", Octets.EMPTY, now)).isInstanceOf(Verdict.Busy.class);
    }

    @Test
    void relayThatInventsSourcesHasAShareOfItsOwn() {
        Strangers never = strangers(StrangerLimits.DEFAULT.withEcho(EchoUse.NEVER));
        int passed = 0;
        for (int i = 0; i < 3000; i++) {
            passed += never.look("10.0." + i / 250 + "." + i % 250 + ":1", "uid:7", Octets.EMPTY, now)
                            instanceof Verdict.Pass
                    ? 1
                    : 0;
        }

        assertThat(passed).isEqualTo(500);
        assertThat(never.look("192.0.2.1:1", "uid:8", Octets.EMPTY, now)).isInstanceOf(Verdict.Pass.class);
    }

    @Test
    void datagramsAreCountedByTheSameBudgets() {
        int admitted = 0;
        for (int i = 0; i < 1000; i++) {
            admitted += strangers.admits("203.0.113.9:" + i, now) ? 1 : 0;
        }

        assertThat(admitted).isEqualTo(20);
        assertThat(strangers.admits("192.0.2.1:1", now)).isTrue();
    }

    @Test
    void clockThatGoesBackNeitherFillsNorStops() {
        assertThat(passes("192.0.2.1:1", 20)).isEqualTo(20);
        now = now.minusSeconds(86_400);
        assertThat(passes("192.0.2.1:1", 1)).isZero();
        now = now.plusSeconds(1);
        assertThat(passes("192.0.2.1:1", 20)).isEqualTo(10);
    }

    private int passes(String source, int times) {
        int passed = 0;
        for (int i = 0; i < times; i++) {
            passed += look(source) instanceof Verdict.Pass ? 1 : 0;
        }
        return passed;
    }

    private Verdict look(String source) {
        return strangers.look(source, "", Octets.EMPTY, now);
    }

    private Strangers strangers(StrangerLimits limits) {
        return new Strangers(limits, new Random(1), now);
    }
}
