// SPDX-License-Identifier: Apache-2.0
package dev.samd.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.samd.sa.Form;
import dev.samd.sa.SaState;
import dev.samd.v1.Direction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireEnumTest {
    static Stream<Twins<?, ?>> twins() {
        return Stream.of(
                new Twins<>(SaWire.DIRECTION, dev.samd.sa.Direction.values(), 2),
                new Twins<>(SaWire.CONTENT, dev.samd.sa.Content.values(), 3),
                new Twins<>(SaWire.FORM, Form.values(), 3),
                new Twins<>(SaWire.IDENTITY_TYPE, dev.samd.sa.IdentityType.values(), 7),
                new Twins<>(SaWire.STATE, SaState.values(), 4),
                new Twins<>(SaWire.EXPIRE_CAUSE, dev.samd.sa.ExpireCause.values(), 7),
                new Twins<>(SaWire.DISCARD_REASON, dev.samd.sa.DiscardReason.values(), 13),
                new Twins<>(ErrorWire.REASON, dev.samd.sa.SaError.values(), 45));
    }

    @ParameterizedTest
    @MethodSource("twins")
    void everyConstantHasItsTwinByName(Twins<?, ?> twins) {
        twins.check();
    }

    @Test
    void enumsThatDisagreeAreFoundWhenTheyMeet() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new WireEnum<>(SaState.class, Direction.class, "DIRECTION_", null))
                .withMessageContaining("DIRECTION_INBOUND has no twin");
        assertThatIllegalStateException()
                .isThrownBy(() -> new WireEnum<>(Form.class, dev.samd.v1.Form.class, "FORM_", null))
                .withMessageContaining("has constants that");
    }

    record Twins<D extends Enum<D>, W extends Enum<W> & com.google.protobuf.ProtocolMessageEnum>(
            WireEnum<D, W> map, D[] constants, int count) {
        void check() {
            assertThat(constants).hasSize(count);
            for (D constant : constants) {
                W wire = map.toWire(constant);
                if (wire.getNumber() != 0) {
                    assertThat(wire.name()).endsWith(constant.name());
                }
                assertThat(map.find(wire.getNumber())).contains(constant);
            }
            assertThat(map.find(count + 1000)).isEmpty();
        }
    }
}
