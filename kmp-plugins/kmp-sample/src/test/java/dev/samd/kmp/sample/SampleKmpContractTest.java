// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.sample;

import dev.samd.kmp.Need;
import dev.samd.kmp.testkit.KmpContractTest;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.PairId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What the guide says a KMP's own test is. */
class SampleKmpContractTest extends KmpContractTest {
    private static final Endpoint SERVER = Endpoint.parse("coap://server");
    private static final Endpoint DEVICE = Endpoint.parse("coap://device");

    @Override
    protected Parties parties(long seed) {
        return new Parties(kmp(SERVER, seed), kmp(DEVICE, -seed), need(), Instant.parse("2026-11-24T12:00:00Z"));
    }

    private static SampleKmp kmp(Endpoint peer, long seed) {
        return new SampleKmp(peer, KeyMaterial.adopt(new byte[16]), new Random(seed));
    }

    private static Need need() {
        return new Need(
                11,
                DEVICE,
                SERVER,
                Optional.empty(),
                Content.MESSAGE,
                Form.SAMD,
                List.of(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8),
                List.of(IdentityPattern.ANY),
                PairId.NONE,
                Lifetime.UNLIMITED,
                128,
                0);
    }
}
