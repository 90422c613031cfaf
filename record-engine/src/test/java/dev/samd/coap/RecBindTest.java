// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.samd.sa.Octets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecBindTest {
    private static final long MAX_SEQUENCE = 0xffff_ffff_ffffL;

    @Property
    void whatIsWrittenIsReadAgain(
            @ForAll @IntRange(max = 0xffff) int epoch,
            @ForAll @LongRange(max = MAX_SEQUENCE) long sequence,
            @ForAll @Size(max = 20) byte[] spi) {
        RecBind binding = new RecBind(epoch, sequence, Octets.of(spi));

        byte[] octets = binding.toOctets();

        assertThat(RecBind.parse(Octets.of(octets))).contains(binding);
        assertThat(binding.matches(octets, 0, octets.length)).isTrue();
        assertThat(binding.isLong()).isEqualTo(spi.length > 0);
    }

    @Test
    void octetsStandAsInTheRecordHeader() {
        assertThat(new RecBind(0x0102, 0x030405060708L, Octets.ofHex("2b01")).toOctets())
                .isEqualTo(CoapVectors.hex("0102 030405060708 2b01"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 29, 40})
    void otherLengthsAreNoBinding(int length) {
        assertThat(RecBind.parse(Octets.of(new byte[length]))).isEmpty();
    }

    @Test
    void matchIsExactInNumberFormAndSpi() {
        RecBind binding = new RecBind(1, 2, Octets.ofHex("2b01"));

        assertThat(matches(binding, "0001 000000000002 2b01")).isTrue();
        assertThat(matches(binding, "0001 000000000002")).isFalse();
        assertThat(matches(binding, "0001 000000000002 2b")).isFalse();
        assertThat(matches(binding, "0001 000000000002 2b02")).isFalse();
        assertThat(matches(binding, "0001 000000000002 2b0100")).isFalse();
        assertThat(matches(binding, "0001 000000000003 2b01")).isFalse();
        assertThat(matches(binding, "0002 000000000002 2b01")).isFalse();
        assertThat(matches(RecBind.ofNumber(1, 2), "0001 000000000002 2b01")).isFalse();
    }

    @Test
    void numbersThatNoRecordHasAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> RecBind.ofNumber(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> RecBind.ofNumber(0x10000, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> RecBind.ofNumber(0, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> RecBind.ofNumber(0, MAX_SEQUENCE + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RecBind(0, 0, Octets.of(new byte[21])));
    }

    private static boolean matches(RecBind binding, String hex) {
        byte[] octets = CoapVectors.hex(hex);
        return binding.matches(octets, 0, octets.length);
    }
}
