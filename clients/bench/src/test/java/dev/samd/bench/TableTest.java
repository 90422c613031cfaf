// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAligned() {
        Table table =
                new Table("Records", "operation", "ns").row("seal", "12.5").row("open", 130);

        assertThat(table)
                .hasToString(
                        """

                        ## Records

                        | operation |   ns |
                        |-----------|-----:|
                        | seal      | 12.5 |
                        | open      |  130 |
                        """);
    }

    @Test
    void aRowNeedsACellPerColumn() {
        assertThatThrownBy(() -> new Table("Records", "operation", "ns").row("seal"))
                .hasMessage("1 cells in a table of 2 columns");
    }

    @Test
    void figuresAreAsShortAsTheyAreGood() {
        assertThat(Table.number(0)).isEqualTo("0.0");
        assertThat(Table.number(99.94)).isEqualTo("99.9");
        assertThat(Table.number(1_234_567.8)).isEqualTo("1 234 568");
        assertThat(Table.ratio(1.149)).isEqualTo("1.15");
    }

    @Test
    void targetsSayWhetherTheyAreMet() {
        Targets targets = new Targets("Records")
                .atLeast("times", 3, 3)
                .atLeast("times", 3, 2.99)
                .atMost("cost", 1.5, 1.5)
                .atMost("cost", 1.5, 1.51);

        assertThat(targets.toString().lines().filter(line -> line.contains("met") || line.contains("missed")))
                .extracting(line -> line.contains("missed"))
                .containsExactly(false, true, false, true);
    }

    @Test
    void theMedianIsTheMiddleOrTheMeanOfTwo() {
        assertThat(new Series(List.of(3.0, 1.0, 20.0)).median()).isEqualTo(3.0);
        assertThat(new Series(List.of(4.0, 1.0, 2.0, 20.0)).median()).isEqualTo(3.0);
        assertThat(new Series(List.of(3.0, 1.0, 20.0)).least()).isEqualTo(1.0);
        assertThatThrownBy(() -> new Series(List.of())).hasMessage("a series without values");
    }
}
