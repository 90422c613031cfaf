// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private static Answer answer(String text) {
        return new Answer(Answer.UNAUTHORIZED, Incoming.NO_FORMAT, Octets.of(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @CsvSource({
        "Clock skew too great (37), SKEWED",
        "Ticket expired (32), EXPIRED",
        "Ticket not yet valid (33), NOT_YET_VALID",
        "Request is a replay (34), REPEATED",
        "Specified version of key is not available (44), REJECTED",
        "Checksum failed, REJECTED",
        "(0), REJECTED"
    })
    void errorOfTheJdkIsKnownByItsNumber(String message, Refusal refusal) {
        assertThat(Refusal.of(message)).isEqualTo(refusal);
    }

    @Test
    void holderOfATicketIsToldTheErrorAndTheTime() {
        Answer answer = Refusal.SKEWED.answer(NOON);

        assertThat(answer).isEqualTo(answer("KRB_AP_ERR_SKEW 1795521600"));
        assertThat(Refusal.read(answer, NOON.minusSeconds(612)))
                .contains("it says that the clocks differ by too much; its clock is 612 s ahead of the one here");
        assertThat(Refusal.read(answer, NOON.plusSeconds(612)))
                .contains("it says that the clocks differ by too much; its clock is 612 s behind the one here");
        assertThat(Refusal.read(Refusal.EXPIRED.answer(NOON), NOON.plusMillis(999)))
                .contains("it says that the ticket has expired; its clock shows the same time as the one here");
    }

    @ParameterizedTest
    @CsvSource({"MALFORMED, 0x80", "REJECTED, 0x81", "ENDLESS, 0xa3"})
    void strangerIsToldNoReason(Refusal refusal, String code) {
        assertThat(refusal.answer(NOON)).isEqualTo(Answer.of(Integer.decode(code)));
        assertThat(Refusal.read(refusal.answer(NOON), NOON)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KRB_AP_ERR_SKEW",
                "KRB_AP_ERR_SKEW 1795694400 and more",
                "KRB_AP_ERR_SKEW -1",
                "KRB_AP_ERR_SKEW 999999999999999999999",
                "KRB_AP_ERR_OTHER 1795694400",
                "pay here"
            })
    void whatIsNotOneOfTheFourIsNotRepeated(String text) {
        assertThat(Refusal.read(answer(text), NOON)).isEmpty();
    }

    @Test
    void wordsOfAnotherCodeAreNotRepeated() {
        Answer other = new Answer(
                Answer.FORBIDDEN,
                Incoming.NO_FORMAT,
                Refusal.SKEWED.answer(NOON).payload());

        assertThat(Refusal.read(other, NOON)).isEmpty();
    }
}
