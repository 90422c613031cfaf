// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.sadb.BothSadbs.Action;
import dev.samd.daemon.sadb.BothSadbs.Verb;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * Any interleaving of verbs, wear and time agrees with a naive model; no change without its event, no event without its
 * change, and nobody waits in vain.
 */
class SadbModelTest {
    /** Where the actions of KMPs must lead to, each in a good part of all runs. */
    private static final List<String> INTERESTING = List.of(
            "acquire DONE",
            "acquire CLAIMED",
            "acquire NEXT",
            "acquire FAILED",
            "acquire TIMED_OUT",
            "acquire WITHDRAWN",
            "progress to the last",
            "discarded",
            "released unasked",
            "HELD_DOWN",
            "held down for a minute",
            "NO_KMP",
            "STALE_ACQUIRE",
            "IDENTITY_NOT_AUTHORIZED",
            "confirmed",
            "successor confirmed",
            "third responder",
            "unconfirmed responder ended",
            "unconfirmed initiator ended",
            "unconfirmed kept",
            "unconfirmed ended beside another",
            "overlap ended",
            "gave way to the proven one",
            "the proven one gave way",
            "successor OFFERED",
            "successor DONE",
            "successor FAILED",
            "successor TIMED_OUT",
            "successor WITHDRAWN",
            "successor held down",
            "successor asked for again",
            "succeeded by another",
            "no KMP for a successor");

    @Property(tries = 1000)
    void theDatabaseAgreesWithTheModel(@ForAll("actions") List<Action> actions) {
        BothSadbs both = new BothSadbs();

        actions.forEach(both::act);

        both.everyRevisionWasToldOnceAndInOrder();
    }

    @Provide
    Arbitrary<List<Action>> actions() {
        Set<Verb> verbs = EnumSet.range(Verb.GET_SPI, Verb.HARD);
        verbs.remove(Verb.PASS);
        return Combinators.combine(Arbitraries.of(verbs), Arbitraries.integers().between(0, 1000))
                .as(Action::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Property(tries = 400)
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void whatKmpsDoAgreesWithTheModel(@ForAll("actionsOfKmps") List<Action> actions) {
        BothSadbs both = new BothSadbs();
        both.withKmps();

        actions.forEach(both::act);

        both.everyRevisionWasToldOnceAndInOrder();
        for (String interesting : INTERESTING) {
            Statistics.label(interesting)
                    .collect(both.reached().contains(interesting))
                    .coverage(coverage -> coverage.check(true).count(times -> times > 0));
        }
    }

    @Provide
    Arbitrary<List<Action>> actionsOfKmps() {
        Arbitrary<Verb> verbs = Arbitraries.frequency(
                Tuple.of(10, Verb.PASS),
                Tuple.of(5, Verb.PROTECT),
                Tuple.of(12, Verb.ACCEPT),
                Tuple.of(9, Verb.INSTALL_IN_ANSWER),
                Tuple.of(5, Verb.INSTALL_UNASKED),
                Tuple.of(5, Verb.USE),
                Tuple.of(4, Verb.PROGRESS),
                Tuple.of(3, Verb.CONFIRM),
                Tuple.of(3, Verb.RESERVE_IN_ANSWER),
                Tuple.of(3, Verb.REGISTER),
                Tuple.of(2, Verb.DECLINE),
                Tuple.of(2, Verb.FAIL),
                Tuple.of(2, Verb.ADD_IN_ANSWER),
                Tuple.of(3, Verb.SOFT),
                Tuple.of(6, Verb.CLAIM),
                Tuple.of(4, Verb.WEAR),
                Tuple.of(3, Verb.SUCCEED),
                Tuple.of(2, Verb.CROSS),
                Tuple.of(1, Verb.WORK_ON),
                Tuple.of(1, Verb.INSIST),
                Tuple.of(1, Verb.FLOOD),
                Tuple.of(2, Verb.UNREGISTER),
                Tuple.of(1, Verb.LEAVE),
                Tuple.of(2, Verb.CHANGE_POLICY),
                Tuple.of(1, Verb.FLUSH),
                Tuple.of(1, Verb.GET_SPI),
                Tuple.of(1, Verb.ADD_OUTBOUND),
                Tuple.of(1, Verb.INSTALL_PAIR),
                Tuple.of(1, Verb.SUPERSEDE),
                Tuple.of(1, Verb.COMPLETE),
                Tuple.of(1, Verb.CHANGE_LIFETIME),
                Tuple.of(1, Verb.DELETE),
                Tuple.of(2, Verb.DELETE_PAIR),
                Tuple.of(1, Verb.HARD));
        return Combinators.combine(
                        verbs,
                        Arbitraries.integers()
                                .between(0, Integer.MAX_VALUE)
                                .withDistribution(RandomDistribution.uniform()))
                .as(Action::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(80)
                .withSizeDistribution(RandomDistribution.uniform());
    }
}
