// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samd.sa.Octets;
import dev.samd.sa.Spi;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static final Octets N1 = Octets.ofHex("018a278f7faab55a");
    private static final Spi ID1 = new Spi(Octets.ofHex("1645"));
    private static final String REST = "182848018a278f7faab55a3a000111704216453a000111728119c0a8";
    private static final Octets P1 = Octets.ofHex("a40142beef" + REST);

    @Test
    void requestHasTheOctetsOfTheSpecification() {
        assertThat(Messages.request(Octets.ofHex("beef"), N1, ID1, List.of(0xc0a8)))
                .isEqualTo(P1);
    }

    @Test
    void requestIsBoundToTheMapWithoutItsToken() {
        Octets binding = Messages.sha256(Octets.ofHex("a3" + REST).toArray());

        assertThat(Messages.binding(N1, ID1, List.of(0xc0a8))).isEqualTo(binding);
        assertThat(Messages.readRequest(P1).orElseThrow().binding()).isEqualTo(binding);
    }

    @Test
    void answerIsReadAsItWasWritten() {
        Octets p2 = Messages.reply(Octets.ofHex("beef"), N1, ID1, 0xc0a8);

        assertThat(Messages.readReply(p2))
                .contains(new Messages.Reply(p2, Octets.ofHex("beef"), N1, ID1, 0xc0a8, true));
    }

    @Test
    void versionAndContentMayStandThereAndCountInTheBinding() {
        Octets known = Octets.ofHex("a60142beef" + REST + "3a0001117319fefd3a0001117400");
        Octets other = Octets.ofHex("a50142beef" + REST + "3a0001117402");

        assertThat(Messages.readRequest(known).orElseThrow().understood()).isTrue();
        assertThat(Messages.readRequest(other).orElseThrow().understood()).isFalse();
        assertThat(Messages.readRequest(known).orElseThrow().binding())
                .isNotEqualTo(Messages.readRequest(P1).orElseThrow().binding());
    }

    @Test
    void anythingElseIsNoRequest() {
        String good = P1.toHex();
        for (String bad : new String[] {
            good + "00", // something behind it
            good.substring(0, good.length() - 2), // cut
            good.replaceFirst("0142", "015802"), // a head that could be shorter
            good.replaceFirst("a4", "b804"),
            good.replaceFirst("a4", "a5"), // a member too few
            good.replaceFirst("182848018a278f7faab55a", "182847018a278f7faab5"), // a short nonce
            good.replaceFirst("421645", "40"), // no SPI
            good.replaceFirst("8119c0a8", "80"), // no suite
        }) {
            assertThat(Messages.readRequest(Octets.ofHex(bad))).as(bad).isEmpty();
        }
    }
}
