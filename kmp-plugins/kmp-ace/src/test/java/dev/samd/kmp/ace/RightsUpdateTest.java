// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import static dev.samd.kmp.ace.Hosts.need;
import static org.assertj.core.api.Assertions.assertThat;

import com.upokecenter.cbor.CBORObject;
import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.ace.token.AccessToken;
import dev.samd.kmp.ace.token.TokenEdit;
import dev.samd.kmp.ace.token.Tokens;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.Spi;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A new token posted under the live pair: its rights come with a pair that takes the live one's place. */
class RightsUpdateTest {
    private final Hosts hosts = new Hosts(Tokens.cwt(Tokens.valid()));
    private PairId live = PairId.NONE;

    @BeforeEach
    void livePair() {
        hosts.client.acquire(need());
        live = hosts.server.newestId();
        hosts.client.confirmed(hosts.client.newestId());
    }

    @Test
    void newTokenOfTheSameKeyBringsItsRightsWithTheNextPair() {
        hosts.server.confirmed(live);

        Answer answer = post(Optional.of(live), more(), Tokens.POP_KEY);

        assertThat(answer.code()).isEqualTo(Answer.CREATED);
        KeyedPair next = hosts.server.newest();
        assertThat(next.supersedes()).isEqualTo(live);
        assertThat(next.unconfirmed())
                .as("the rights change when the peer shows the keys")
                .isTrue();
        assertThat(next.inbound().rights().scope()).isEqualTo("read write admin");
        assertThat(next.inbound().rights().credential()).isEqualTo(Octets.ofHex("0c0d"));
        assertThat(hosts.server.pairs.get(live).inbound().rights().scope()).isEqualTo("read write");
    }

    @Test
    void pairThatTheDaemonHasConfirmedIsReplacedBeforeTheEventComes() {
        post(Optional.of(live), more(), Tokens.POP_KEY);

        assertThat(hosts.server.newest().supersedes()).isEqualTo(live);
    }

    @Test
    void unprotectedPostDoesTheSame() {
        hosts.server.confirmed(live);

        post(Optional.empty(), more(), Tokens.POP_KEY);

        assertThat(hosts.server.newest().supersedes()).isEqualTo(live);
    }

    @Test
    void tokenOfAnotherKeyIsNoUpdate() {
        Octets other = Octets.ofHex("ab".repeat(32));
        AccessToken token = new TokenEdit(Tokens.valid()).key(other).token();
        hosts.server.confirmed(live);

        Answer answer = post(Optional.of(live), token, other);

        assertThat(answer).isEqualTo(Answer.of(Answer.UNAUTHORIZED));
        assertThat(hosts.server.pairs).hasSize(1);
    }

    @Test
    void postUnderAPairOfAnotherKmpIsAFirstOne() {
        Octets other = Octets.ofHex("ab".repeat(32));
        AccessToken token = new TokenEdit(Tokens.valid()).key(other).token();
        PairId strange = new PairId(0xabcdef);
        hosts.server.pairs.put(strange, hosts.server.newest());

        Answer answer = post(Optional.of(strange), token, other);

        assertThat(answer.code()).isEqualTo(Answer.CREATED);
        assertThat(hosts.server.newest().supersedes()).isEqualTo(PairId.NONE);
    }

    @Test
    void tokenAloneIsNotEnough() {
        Octets bare = Octets.of(CBORObject.NewMap()
                .Add(ProfileLabels.ACCESS_TOKEN, Tokens.cwt(more()).toArray())
                .EncodeToBytes());

        assertThat(hosts.server.serve(incoming(Optional.of(live), bare))).isEqualTo(Answer.of(Answer.BAD_REQUEST));
    }

    @Test
    void badTokenChangesNothing() {
        AccessToken expired =
                new TokenEdit(more()).expires(Tokens.NOW.minusSeconds(60)).token();

        assertThat(post(Optional.of(live), expired, Tokens.POP_KEY)).isEqualTo(Answer.of(Answer.UNAUTHORIZED));
        assertThat(hosts.server.pairs).hasSize(1);
        assertThat(hosts.client.acquire(need(hosts.client.newestId(), Hosts.SUITES)))
                .as("the live pair goes on")
                .isEqualTo(new KmpOutput.Done());
    }

    private static AccessToken more() {
        return new TokenEdit(Tokens.valid())
                .scope("read write admin")
                .id(Octets.ofHex("0c0d"))
                .token();
    }

    private Answer post(Optional<PairId> under, AccessToken token, Octets popKey) {
        try (KeyMaterial key = KeyMaterial.adopt(popKey.toArray())) {
            Octets post = PostCodec.post(
                    Tokens.cwt(token),
                    Octets.of(new byte[] {9, 8, 7, 6, 5, 4, 3, 2}),
                    Spi.ofHex("0a0b"),
                    List.of(0xc0a4),
                    CarriedContent.SAMD,
                    key);
            return hosts.server.serve(incoming(under, post));
        }
    }

    /** What came under a pair has confirmed it: the daemon says so. */
    private Incoming incoming(Optional<PairId> under, Octets payload) {
        return new Incoming(
                ProfileLabels.AUTHZ_INFO,
                2,
                ProfileLabels.ACE_CBOR,
                payload,
                "192.0.2.1:5683",
                hosts.server.name,
                under.map(id -> {
                    KeyedPair pair = hosts.server.pairs.get(id);
                    return new InstalledPair(
                            id,
                            pair.inbound(),
                            pair.outbound(),
                            pair.role(),
                            false,
                            pair.supersedes(),
                            KeyMaterial.adopt(new byte[0]));
                }));
    }
}
