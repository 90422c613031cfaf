// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The last flight of a client is read in one way alone. */
class LastFlightTest {
    private static final OwnCid CIDS = new OwnCid(Spi.ofHex("1645"));
    private static final String CHANGE = "14fefd0000000000000009000101";
    private static final String FINISHED = "16fefd0001000000000000000401020304";

    private static Optional<LastFlight> read(String hex) {
        return LastFlight.read(Octets.ofHex(hex.replace(" ", "")), CIDS);
    }

    /** A record in clear. */
    private static String record(String fragment) {
        return String.format("16fefd0000000000000005%04x", fragment.length() / 2) + fragment;
    }

    /** A piece of a handshake message. */
    private static String piece(int type, int length, int sequence, int offset, String body) {
        return String.format("%02x%06x%04x%06x%06x", type, length, sequence, offset, body.length() / 2) + body;
    }

    @Test
    void messagesInOneRecordAndInFragmentsAreTheSame() {
        String one = piece(11, 3, 2, 0, "000000") + piece(16, 4, 3, 0, "00020102");
        String first = piece(11, 3, 2, 0, "00");
        String second = piece(11, 3, 2, 1, "0000") + piece(16, 4, 3, 0, "000201");
        String third = piece(16, 4, 3, 3, "02");

        LastFlight whole = read(record(one) + CHANGE + FINISHED).orElseThrow();
        LastFlight pieces = read(record(first) + record(second) + record(third) + CHANGE + FINISHED)
                .orElseThrow();

        assertThat(pieces.messages()).isEqualTo(whole.messages());
        assertThat(whole.isOfAClient(2, false)).isTrue();
        assertThat(whole.message(LastFlight.CLIENT_KEY_EXCHANGE).orElseThrow().body())
                .isEqualTo(HexFormat.of().parseHex("00020102"));
        assertThat(whole.finished(CIDS).getEpoch()).isEqualTo(1);
    }

    @Test
    void messagesThatAreNotTheNextOnesAreNoClients() {
        LastFlight exchange =
                read(record(piece(16, 1, 2, 0, "00")) + CHANGE + FINISHED).orElseThrow();
        LastFlight nothing = read(CHANGE + FINISHED).orElseThrow();
        LastFlight verify =
                read(record(piece(15, 1, 2, 0, "00")) + CHANGE + FINISHED).orElseThrow();

        assertThat(exchange.isOfAClient(2, false)).isTrue();
        assertThat(exchange.isOfAClient(3, false)).isFalse();
        assertThat(exchange.isOfAClient(2, true)).isFalse();
        assertThat(nothing.isOfAClient(2, true)).isTrue();
        assertThat(nothing.isOfAClient(2, false)).isFalse();
        assertThat(verify.isOfAClient(2, false)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'', nothing",
        CHANGE + ", no Finished",
        FINISHED + ", no ChangeCipherSpec",
        FINISHED + CHANGE + ", the wrong way round",
        CHANGE + FINISHED + "00, an octet behind it",
        CHANGE + FINISHED + FINISHED + ", two Finished",
        "14fefd0000000000000009000102" + FINISHED + ", another change",
        "14fefd000000000000000900020101" + FINISHED + ", a longer change",
        "14fefd0001000000000009000101" + FINISHED + ", a change in the next epoch",
        CHANGE + "16fefd0002000000000000000401020304, an epoch further on"
    })
    void anythingElseIsNoLastFlight(String hex, String what) {
        assertThat(read(hex)).as(what).isEmpty();
    }

    @Test
    void piecesThatDoNotFollowEachOtherAreRefused() {
        String first = piece(16, 4, 2, 0, "0002");
        for (String next : new String[] {
            piece(16, 4, 2, 1, "0202"),
            piece(16, 4, 2, 3, "02"),
            piece(16, 4, 2, 2, "020202"),
            piece(16, 4, 2, 2, ""),
            piece(16, 4, 3, 2, "0202"),
            piece(16, 5, 2, 2, "0202"),
            piece(11, 4, 2, 2, "0202"),
            piece(16, 4, 2, 2, "02"),
            piece(16, 0xffffff, 2, 0, "02"),
            "10"
        }) {
            assertThat(read(record(first) + record(next) + CHANGE + FINISHED))
                    .as(next)
                    .isEmpty();
        }
        assertThat(read(record(first) + record(piece(16, 4, 2, 2, "0202")) + CHANGE + FINISHED))
                .isPresent();
    }

    @Test
    void octetsOfNobodyAreReadWithoutHarm() {
        Random random = new Random(9);
        byte[] good = HexFormat.of().parseHex(record(piece(16, 4, 2, 0, "00020102")) + CHANGE + FINISHED);
        for (int round = 0; round < 5000; round++) {
            byte[] octets = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            Optional<LastFlight> read = LastFlight.read(Octets.of(octets), CIDS);

            assertThat(read.map(flight -> flight.messages().size()).orElse(1)).isEqualTo(1);
        }
    }
}
