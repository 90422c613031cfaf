// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With all rules no number is used twice, whatever happens; and there is a story for every rule that is left out. */
class NumbersNeverGoBackTest {
    private static final Set<Rule> ALL_RULES = EnumSet.allOf(Rule.class);
    private static final int LONGEST_STORY = 8;
    private static final int NO_END = 100;

    @Test
    void twoDaemonsUseNoNumberTwiceHoweverLongTheStory() {
        Search.Outcome outcome = nothingIsFound(new Scope(3, 2, 0, 3, NO_END));

        assertThat(outcome.depth()).as("all states were reached").isLessThan(NO_END);
    }

    @Test
    void threeDaemonsThatTakeOverFromEachOtherUseNoNumberTwice() {
        nothingIsFound(new Scope(3, 3, 0, 4, 10));
    }

    @Test
    void threeDaemonsWithFourNumbersUseNoneTwice() {
        nothingIsFound(new Scope(4, 3, 0, 4, 8));
    }

    @Test
    void twoDaemonsThatLendTheKeyToTwoProcessesUseNoNumberTwice() {
        nothingIsFound(new Scope(3, 2, 2, 3, 9));
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void withoutAnyOneRuleANumberGoesBack(Rule rule) {
        Scope scope = new Scope(3, 2, 2, 4, LONGEST_STORY);

        Search.Outcome outcome = new Search(scope, EnumSet.complementOf(EnumSet.of(rule))).violation();

        System.out.println("without " + rule + ":");
        outcome.story().ifPresent(story -> story.forEach(line -> System.out.println("    " + line)));
        assertThat(outcome.story()).as("without %s", rule).isPresent();
    }

    /** The rules do not keep numbers from being used at all. */
    @Test
    void afterTwoStartsEveryNumberMayHaveBeenUsed() {
        Scope scope = new Scope(3, 2, 0, 3, 14);

        Search.Outcome outcome = new Search(scope, ALL_RULES)
                .find(world -> world.authority().generation() == 2
                                && world.ledger().sealed() == Numbers.below(scope.numbers())
                                && world.ledger().released() == Numbers.below(scope.authentic())
                        ? Optional.of("all numbers are used")
                        : Optional.empty());

        assertThat(outcome.story()).isPresent();
    }

    private static Search.Outcome nothingIsFound(Scope scope) {
        Search.Outcome outcome = new Search(scope, ALL_RULES).violation();

        System.out.printf("%s: %,d states within %d moves%n", scope, outcome.states(), outcome.depth());
        assertThat(outcome.story()).isEmpty();
        return outcome;
    }
}
