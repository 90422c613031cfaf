// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.fuzz.Finding;
import dev.samd.fuzz.FuzzTarget;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.SaId;
import java.util.Map;

/** Values of Echo that prove the time of a request: only one that was given for this SA, and not long ago, is fresh. */
public final class EchoValueTarget implements FuzzTarget {
    private static final SaId SA = new SaId(7);
    private static final long GIVEN = 1_000;
    private static final long MAX_AGE = 500;

    private final EchoCodec codec = new EchoCodec(KeyMaterial.adopt(new byte[16]));
    private final byte[] given = codec.challenge(SA, GIVEN);

    @Override
    public boolean run(byte[] input) {
        boolean own = Octets.of(input).equals(Octets.of(given));
        Finding.unless(codec.isFresh(input, SA, GIVEN + MAX_AGE, MAX_AGE) == own, "an Echo value is taken wrongly");
        Finding.unless(!codec.isFresh(input, SA, GIVEN + MAX_AGE + 1, MAX_AGE), "an old Echo value is taken");
        Finding.unless(!codec.isFresh(input, SA, GIVEN - 1, MAX_AGE), "an Echo value of the future is taken");
        Finding.unless(!codec.isFresh(input, new SaId(8), GIVEN, MAX_AGE), "an Echo value of another SA is taken");
        return own;
    }

    @Override
    public Map<String, byte[]> seeds() {
        return Map.of("given", given.clone());
    }
}
