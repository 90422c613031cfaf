// SPDX-License-Identifier: Apache-2.0
package dev.samd.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.TrafficKeys;
import dev.samd.sa.Usage;
import dev.samd.v1.Direction;
import dev.samd.v1.Fresh;
import dev.samd.v1.Keys;
import dev.samd.v1.Lifetime;
import dev.samd.v1.Limits;
import dev.samd.v1.ResumeAccepting;
import dev.samd.v1.ResumeSending;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SaWireTest {
    @Test
    void absentFieldsStandForWhatTheProtoSays() {
        SaParameters parameters = SaWire.fromWire(minimal().build());

        assertThat(parameters.local()).isEqualTo(Endpoint.HOST_WIDE);
        assertThat(parameters.identity()).isEqualTo(Identity.manual("coap://device-1"));
        assertThat(parameters.version()).isEqualTo(RecordVersion.DTLS12);
        assertThat(parameters.content()).isEqualTo(Content.MESSAGE);
        assertThat(parameters.form()).isEqualTo(Form.SAMD);
        assertThat(parameters.connectionId()).isTrue();
        assertThat(parameters.window()).isEqualTo(128);
        assertThat(parameters.history()).isEqualTo(new History.Fresh());
        assertThat(parameters.lifetime().hard().records()).isEqualTo(1L << 23);
    }

    @Test
    void absentFormOfAnotherContentIsNone() {
        SaParameters parameters = SaWire.fromWire(minimal().setContentValue(3).build());

        assertThat(parameters.content()).isEqualTo(Content.RAW);
        assertThat(parameters.form()).isEqualTo(Form.NONE);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(SaError.MALFORMED, "direction is missing", wire -> wire.setDirectionValue(0)),
                refusal(SaError.MALFORMED, "direction has the unknown value 9", wire -> wire.setDirectionValue(9)),
                refusal(SaError.MALFORMED, "content has the unknown value -1", wire -> wire.setContentValue(-1)),
                refusal(SaError.MALFORMED, "form has the unknown value 3", wire -> wire.setFormValue(3)),
                refusal(
                        SaError.MALFORMED,
                        "identity type has the unknown value 8",
                        wire -> wire.getPeerIdentityBuilder()
                                .setKmp("k")
                                .setValue("v")
                                .setTypeValue(8)),
                refusal(
                        SaError.MALFORMED,
                        "identity without KMP or without value",
                        wire -> wire.getPeerIdentityBuilder().setValue("v")),
                refusal(SaError.INVALID_SPI, "spi is missing", SaWireTest::clearSpi),
                refusal(SaError.INVALID_SPI, "SPI 0000 is zero, which is reserved", wire -> wire.setSpi(zeros(2))),
                refusal(SaError.INVALID_SPI, "SPI of 21 octets; 1..20 expected", wire -> wire.setSpi(zeros(21))),
                refusal(SaError.MALFORMED_ENDPOINT, "peer is missing", wire -> wire.setPeer("")),
                refusal(
                        SaError.MALFORMED_ENDPOINT,
                        "peer: endpoint \"http://a\" is not scheme://host[:port] with a CoAP scheme",
                        wire -> wire.setPeer("http://a")),
                refusal(
                        SaError.MALFORMED_ENDPOINT,
                        "local: endpoint \"a\" is not scheme://host[:port] with a CoAP scheme",
                        wire -> wire.setLocal("a")),
                refusal(SaError.UNSUPPORTED_SUITE, "suite is missing", wire -> wire.setSuite(0)),
                refusal(
                        SaError.UNSUPPORTED_VERSION,
                        "record version feff is not supported; fefd is",
                        wire -> wire.setVersion(0xfeff)),
                refusal(SaError.INVALID_SEQUENCE, "epoch 0; 1..65535 expected", wire -> wire.setEpoch(0)),
                refusal(SaError.INVALID_SEQUENCE, "epoch 4294967295; 1..65535 expected", wire -> wire.setEpoch(-1)),
                refusal(
                        SaError.INVALID_WINDOW,
                        "replay window of 65 records; 64..4096 in steps of 64 expected",
                        wire -> wire.setWindow(65)),
                refusal(
                        SaError.INVALID_WINDOW,
                        "replay window of 4294967232 records; 64..4096 in steps of 64 expected",
                        wire -> wire.setWindow(-64)),
                refusal(
                        SaError.MALFORMED,
                        "history is missing: say fresh, resume_sending or resume_accepting; there is no default",
                        SaWireTest::clearHistory),
                refusal(
                        SaError.INVALID_SEQUENCE,
                        "next_sequence is 18446744073709551615; less than 2^63 expected",
                        wire -> wire.setDirection(Direction.DIRECTION_OUTBOUND)
                                .setResumeSending(ResumeSending.newBuilder().setNextSequence(-1))),
                refusal(
                        SaError.INVALID_SEQUENCE,
                        "sequence number 281474976710656; 0..2^48-1 expected",
                        wire -> wire.setResumeAccepting(
                                ResumeAccepting.newBuilder().setEdge(1L << 48))),
                refusal(
                        SaError.MALFORMED,
                        "bitmap of 513 octets; at most 512 expected",
                        wire -> wire.setResumeAccepting(
                                ResumeAccepting.newBuilder().setBitmap(zeros(513)))),
                refusal(
                        SaError.INVALID_LIFETIME,
                        "soft.add_time is -1 s and 0 ns; a duration of 0 to 100 years expected",
                        wire -> wire.setLifetime(Lifetime.newBuilder().setSoft(time(-1, 0)))),
                refusal(
                        SaError.INVALID_LIFETIME,
                        "hard.add_time is 0 s and 1000000000 ns; a duration of 0 to 100 years expected",
                        wire -> wire.setLifetime(Lifetime.newBuilder().setHard(time(0, 1_000_000_000)))),
                refusal(
                        SaError.INVALID_LIFETIME,
                        "hard.add_time is 9223372036854775807 s and 0 ns; a duration of 0 to 100 years expected",
                        wire -> wire.setLifetime(Lifetime.newBuilder().setHard(time(Long.MAX_VALUE, 0)))),
                refusal(
                        SaError.INVALID_LIFETIME,
                        "hard.octets is 9223372036854775808; less than 2^63 expected",
                        wire -> wire.setLifetime(Lifetime.newBuilder()
                                .setHard(Limits.newBuilder().setOctets(Long.MIN_VALUE)))));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatCannotBeIsRefusedByFieldAndValue(
            SaError error, String message, Consumer<dev.samd.v1.SaParameters.Builder> fault) {
        dev.samd.v1.SaParameters.Builder wire = minimal();
        fault.accept(wire);

        SaException refusal = catchThrowableOfType(SaException.class, () -> SaWire.fromWire(wire.build()));

        assertThat(refusal).hasMessage(message);
        assertThat(refusal.error()).isEqualTo(error);
    }

    @Test
    void keysComeBackAsTheyWent() {
        try (TrafficKeys keys = keys(16, 4);
                TrafficKeys back = SaWire.fromWire(SaWire.toWire(keys), CipherSuite.TLS_PSK_WITH_AES_128_CCM_8)) {
            assertThat(back.key().sameAs(keys.key())).isTrue();
            assertThat(back.iv().sameAs(keys.iv())).isTrue();
        }
    }

    @Test
    void keysOfAnotherLengthAreRefusedByLength() {
        Keys wire = Keys.newBuilder().setKey(zeros(15)).setIv(zeros(4)).build();

        SaException refusal = catchThrowableOfType(
                SaException.class, () -> SaWire.fromWire(wire, CipherSuite.TLS_PSK_WITH_AES_128_CCM_8));

        assertThat(refusal.error()).isEqualTo(SaError.INVALID_KEY);
        assertThat(refusal).hasMessage("key of 15 octets; TLS_PSK_WITH_AES_128_CCM_8 needs 16");
    }

    @Test
    void absentKeysAreRefused() {
        SaException refusal = catchThrowableOfType(
                SaException.class,
                () -> SaWire.fromWire(Keys.getDefaultInstance(), CipherSuite.TLS_PSK_WITH_AES_128_CCM_8));

        assertThat(refusal.error()).isEqualTo(SaError.INVALID_KEY);
    }

    @Test
    void closedKeysAreNotSent() {
        TrafficKeys keys = keys(16, 4);
        keys.close();

        assertThatIllegalStateException().isThrownBy(() -> SaWire.toWire(keys));
    }

    @Test
    void usageShowsReasonsByNameAndTimesOnlyWhenUsed() {
        Usage used = new Usage(3, 300, 1, 5, 6, 9, Map.of(DiscardReason.REPLAY, 2L));
        Usage unused = new Usage(0, 0, 0, Usage.NEVER, Usage.NEVER, 0, Map.of());

        dev.samd.v1.Usage shown = SaWire.toWire(used, Instant::ofEpochSecond);

        assertThat(shown.getDiscardedMap()).containsExactly(Map.entry("REPLAY", 2L));
        assertThat(shown.getNextSequence()).isEqualTo(9);
        assertThat(shown.getFirstUsed().getSeconds()).isEqualTo(5);
        assertThat(shown.getLastUsed().getSeconds()).isEqualTo(6);
        assertThat(SaWire.toWire(unused, Instant::ofEpochSecond).hasFirstUsed()).isFalse();
    }

    private static Arguments refusal(SaError error, String message, Consumer<dev.samd.v1.SaParameters.Builder> fault) {
        return Arguments.of(error, message, fault);
    }

    private static dev.samd.v1.SaParameters.Builder minimal() {
        return dev.samd.v1.SaParameters.newBuilder()
                .setDirection(Direction.DIRECTION_INBOUND)
                .setSpi(FieldWire.octets(Octets.ofHex("3f1a07c2")))
                .setPeer("coap://device-1")
                .setSuite(0xc0a8)
                .setEpoch(1)
                .setFresh(Fresh.getDefaultInstance());
    }

    private static void clearSpi(dev.samd.v1.SaParameters.Builder wire) {
        wire.clearSpi();
    }

    private static void clearHistory(dev.samd.v1.SaParameters.Builder wire) {
        wire.clearHistory();
    }

    private static Limits time(long seconds, int nanos) {
        return Limits.newBuilder()
                .setAddTime(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(seconds)
                        .setNanos(nanos))
                .build();
    }

    private static ByteString zeros(int length) {
        return ByteString.copyFrom(new byte[length]);
    }

    private static TrafficKeys keys(int keyLength, int ivLength) {
        byte[] key = new byte[keyLength];
        key[0] = 7;
        return new TrafficKeys(KeyMaterial.adopt(key), KeyMaterial.adopt(new byte[ivLength]));
    }
}
