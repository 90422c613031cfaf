// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static dev.samd.daemon.sadb.SadbFixture.PEER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.PairRole;
import dev.samd.sa.SaId;
import dev.samd.sa.SaState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A word that nobody vouches for: the peer has lost a pair. It ends nothing, and asks for a successor now and then. */
class DisownedTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final KmpFixture k = new KmpFixture();
    private final SadbFixture f = k.f;
    private int made;

    private InstalledPair pair() {
        return draft().install();
    }

    private KmpFixture.Draft draft() {
        made++;
        return k.pair(String.format("aa%02x", made), String.format("bb%02x", made));
    }

    private boolean heard(InstalledPair pair) {
        return f.seen(f.sadb.disowned(f.now(), pair.outbound().id())).reply();
    }

    private List<Notice.Offered> asked() {
        return k.all(Notice.Offered.class);
    }

    /** The KMP makes what it was asked for last, and the peer proves that it has it. */
    private InstalledPair replaced(InstalledPair old) {
        InstalledPair young = draft().by(k.accept())
                .supersedes(old)
                .unconfirmed(PairRole.INITIATOR)
                .install();
        f.seen(f.sadb.confirmed(f.now(), young.inbound().id()));
        return young;
    }

    @Test
    void theWordAsksForASuccessorAndLeavesThePairInUse() {
        k.register("ace");
        InstalledPair old = pair();

        assertThat(heard(old)).isTrue();

        assertThat(asked()).singleElement().satisfies(offered -> {
            assertThat(offered.need().target()).isEqualTo(PEER);
            assertThat(offered.need().replaces()).isEqualTo(old.inbound().pairId());
        });
        assertThat(k.now(old.outbound()).state()).isEqualTo(SaState.MATURE);
        assertThat(k.now(old.inbound()).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void onlyTheSuccessorThatIsConfirmedEndsIt() {
        k.register("ace");
        InstalledPair old = pair();
        heard(old);

        InstalledPair young = replaced(old);

        assertThat(k.now(old.outbound()).state()).isEqualTo(SaState.DYING);
        assertThat(k.now(young.outbound()).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void manyWordsAskOnceAMinuteThenHalfAsOften() {
        k.register("ace");
        InstalledPair pair = pair();

        assertThat(heard(pair)).isTrue();
        pair = replaced(pair);
        for (int i = 0; i < 100; i++) {
            assertThat(heard(pair)).isFalse();
        }
        f.pass(MINUTE);
        assertThat(heard(pair)).as("another pair of the same peer").isTrue();
        pair = replaced(pair);
        f.pass(MINUTE);
        assertThat(heard(pair)).isFalse();
        f.pass(MINUTE);
        assertThat(heard(pair)).isTrue();

        assertThat(asked()).hasSize(3);
    }

    @Test
    void afterHoursTheNextWordIsTheFirstOneAgain() {
        k.register("ace");
        InstalledPair pair = pair();
        for (int i = 0; i < 10; i++) {
            heard(pair);
            pair = replaced(pair);
            f.pass(Duration.ofHours(1));
        }
        assertThat(asked()).as("an hour at most").hasSize(10);

        f.pass(Duration.ofHours(2));
        assertThat(heard(pair)).isTrue();
        pair = replaced(pair);
        f.pass(MINUTE);

        assertThat(heard(pair)).isTrue();
    }

    @Test
    void anAcquireThatFailsIsNotRepeatedByItself() {
        k.register("ace");
        InstalledPair pair = pair();
        f.use(pair.outbound(), 1, 1, 1);
        heard(pair);

        f.pass(Duration.ofMinutes(10));

        assertThat(asked()).hasSize(1);
        assertThat(k.now(pair.outbound()).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void aPairThatItsPeerLetEndUnconfirmedIsReplacedToo() {
        k.register("ace");
        InstalledPair alone = draft().unconfirmed(PairRole.INITIATOR).install();
        f.pass(Duration.ofMinutes(2));

        assertThat(heard(alone)).isTrue();
        InstalledPair young = replaced(alone);

        assertThat(k.now(young.outbound()).state()).isEqualTo(SaState.MATURE);
    }

    @Test
    void noOneIsAskedForWhatIsGoneOrHasBeenReplaced() {
        k.register("ace");
        InstalledPair pair = pair();
        f.seen(f.sadb.disowned(f.now(), new SaId(1)));
        heard(pair);
        replaced(pair);
        f.pass(MINUTE);

        assertThat(heard(pair)).isFalse();
        assertThat(asked()).hasSize(1);
    }
}
