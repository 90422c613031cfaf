// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.sa.CipherSuite;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scandium as an independent reader and writer of the same records. */
class ScandiumInteropTest {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    /** Without 0: Scandium refuses a record that is nothing but its tag. */
    private static final List<Integer> LENGTHS = List.of(1, 15, 16, 17, 64, 255, 1024, 16_000);

    static List<CipherSuite> suites() {
        return Arrays.stream(CipherSuite.values())
                .filter(suite ->
                        org.eclipse.californium.scandium.dtls.cipher.CipherSuite.getTypeByCode(suite.code()) != null)
                .toList();
    }

    /** Each with a key of its own: the JDK refuses a GCM key and nonce that it has just seen. */
    static Stream<SaSpec> specs() {
        return suites().stream().flatMap(suite -> Stream.of(true, false)
                .map(connectionId -> SaSpec.records(suite, connectionId, NUMBERS.incrementAndGet())));
    }

    @Test
    void scandiumHasEighteenOfTheSuites() {
        List<CipherSuite> missing = Arrays.stream(CipherSuite.values())
                .filter(suite -> !suites().contains(suite))
                .toList();

        assertThat(suites()).hasSize(18);
        assertThat(missing)
                .containsExactly(
                        CipherSuite.TLS_DHE_PSK_WITH_AES_128_CCM_8,
                        CipherSuite.TLS_PSK_WITH_CHACHA20_POLY1305_SHA256,
                        CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
                        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
                        CipherSuite.TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void scandiumOpensWhatTheRecordLayerSeals(SaSpec spec) {
        exchange(new SamdRecords(spec), new ScandiumRecords(spec));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void theRecordLayerOpensWhatScandiumSeals(SaSpec spec) {
        exchange(new ScandiumRecords(spec), new SamdRecords(spec));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void bothMakeTheSameRecordsOctetForOctet(SaSpec spec) {
        RecordSubject scandium = new ScandiumRecords(spec);
        RecordSubject samd = new SamdRecords(spec);

        for (int length : LENGTHS) {
            assertThat(samd.seal(plaintext(length)))
                    .as("%d octets", length)
                    .isEqualTo(scandium.seal(plaintext(length)));
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void neitherOpensARecordTwice(SaSpec spec) {
        byte[] record = new SamdRecords(spec).seal(plaintext(20));

        for (RecordSubject reader : List.of(new SamdRecords(spec), new ScandiumRecords(spec))) {
            reader.open(record);

            assertThatThrownBy(() -> reader.open(record)).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void neitherOpensARecordWithAChangedOctet(SaSpec spec) {
        byte[] record = new SamdRecords(spec).seal(plaintext(20));
        record[record.length - 1] ^= 1;

        for (RecordSubject reader : List.of(new SamdRecords(spec), new ScandiumRecords(spec))) {
            assertThatThrownBy(() -> reader.open(record)).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void afterARestartTheRecordLayerBeginsAgain(SaSpec spec) {
        restart(new SamdRecords(spec));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void afterARestartScandiumBeginsAgain(SaSpec spec) {
        restart(new ScandiumRecords(spec));
    }

    private static void restart(RecordSubject both) {
        byte[] first = both.seal(plaintext(20));
        byte[] second = both.seal(plaintext(21));
        both.open(first);

        both.restart();

        assertThat(both.seal(plaintext(20))).isEqualTo(first);
        assertThat(both.seal(plaintext(21))).isEqualTo(second);
        assertThat(both.open(first)).isEqualTo(plaintext(20));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void theEngineAndScandiumAgreeToo(SaSpec spec) {
        exchange(new EngineRecords(spec), new ScandiumRecords(spec));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void scandiumAndTheEngineAgreeToo(SaSpec spec) {
        exchange(new ScandiumRecords(spec), new EngineRecords(spec));
    }

    private static void exchange(RecordSubject writer, RecordSubject reader) {
        for (int length : LENGTHS) {
            byte[] record = writer.seal(plaintext(length));

            assertThat(reader.open(record)).as("%d octets", length).isEqualTo(plaintext(length));
        }
    }

    private static byte[] plaintext(int length) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) (i + 1);
        }
        return octets;
    }
}
