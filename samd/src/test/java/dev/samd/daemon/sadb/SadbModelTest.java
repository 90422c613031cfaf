// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.sadb.BothSadbs.Action;
import dev.samd.daemon.sadb.BothSadbs.Verb;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Any interleaving of verbs, wear and time agrees with a naive model; no change without its event, no event without its
 * change.
 */
class SadbModelTest {
    @Property(tries = 1000)
    void theDatabaseAgreesWithTheModel(@ForAll("actions") List<Action> actions) {
        BothSadbs both = new BothSadbs();

        actions.forEach(both::act);

        both.everyRevisionWasToldOnceAndInOrder();
    }

    @Provide
    Arbitrary<List<Action>> actions() {
        return Combinators.combine(
                        Arbitraries.of(Verb.class), Arbitraries.integers().between(0, 1000))
                .as(Action::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }
}
