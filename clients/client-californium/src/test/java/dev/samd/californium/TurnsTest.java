// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns(Runnable::run);
    private final List<String> taken = new ArrayList<>();

    @Test
    void oneGoesAfterTheOtherInTheirOrder() {
        turns.await(() -> taken.add("first"));
        turns.await(() -> taken.add("second"));
        turns.await(() -> taken.add("third"));
        assertThat(taken).containsExactly("first");

        turns.done();
        assertThat(taken).containsExactly("first", "second");
        turns.done();
        turns.done();
        turns.await(() -> taken.add("fourth"));

        assertThat(taken).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void aTurnThatIsOverAtOnceHoldsUpNobody() {
        turns.await(() -> taken.add("first"));
        turns.await(turns::done);
        turns.await(() -> taken.add("third"));

        turns.done();

        assertThat(taken).containsExactly("first", "third");
    }
}
