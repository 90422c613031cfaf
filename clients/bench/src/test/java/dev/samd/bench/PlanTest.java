// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    @Test
    void withoutArgumentsEverythingRunsTwice() {
        Plan plan = Plan.parse(List.of());

        assertThat(plan.parts())
                .containsExactlyInAnyOrder(
                        Plan.Part.AEAD, Plan.Part.RECORD, Plan.Part.MESSAGE, Plan.Part.GRPC, Plan.Part.SCALE);
        assertThat(plan.quick()).isFalse();
        assertThat(plan.rounds()).isEqualTo(2);
        assertThat(plan.daemonLib()).isEmpty();
    }

    @Test
    void aQuickRunIsOneRound() {
        assertThat(Plan.parse(List.of("--quick")).rounds()).isEqualTo(1);
    }

    @Test
    void everythingCanBeSaid() {
        Plan plan = Plan.parse(List.of("record", "--rounds", "5", "--quick", "--daemon-lib", "lib", "grpc"));

        assertThat(plan.parts()).containsExactlyInAnyOrder(Plan.Part.RECORD, Plan.Part.GRPC);
        assertThat(plan.quick()).isTrue();
        assertThat(plan.rounds()).isEqualTo(5);
        assertThat(plan.daemonLib()).contains(Path.of("lib"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AEAD", "aeads", "--fast", ""})
    void whatIsNoPartIsRefusedByName(String argument) {
        assertThatThrownBy(() -> Plan.parse(List.of(argument)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + argument + "\"; aead, record, message, grpc, scale or soak expected");
    }

    @Test
    void aSoakIsRunWhereItIsAskedForAndForSoLong() {
        assertThat(Plan.parse(List.of("soak")).minutes()).isEqualTo(10);
        assertThat(Plan.parse(List.of("soak", "--minutes", "90")).minutes()).isEqualTo(90);
        assertThatThrownBy(() -> Plan.parse(List.of("--minutes", "1441")))
                .hasMessage("--minutes 1441; 1..1440 expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "100", "two", ""})
    void roundsAreBounded(String rounds) {
        assertThatThrownBy(() -> Plan.parse(List.of("--rounds", rounds)))
                .hasMessage("--rounds " + rounds + "; 1..99 expected");
    }

    @Test
    void anOptionWithoutItsValueIsRefused() {
        assertThatThrownBy(() -> Plan.parse(List.of("--rounds"))).hasMessage("--rounds without a value");
    }
}
