// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.fuzz.Finding;
import dev.samd.fuzz.FuzzTarget;
import dev.samd.kmp.ace.cose.Borrowed;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What the daemon keeps of a pair for the KMP and gives back after a restart: read, or not this KMP's. */
public final class PairSecretTarget implements FuzzTarget {
    @Override
    public boolean run(byte[] input) {
        Optional<PairSecret> read = decoded(input);
        if (read.isEmpty()) {
            return false;
        }
        try (PairSecret secret = read.get();
                KeyMaterial encoded = secret.encoded();
                PairSecret again = PairSecret.decode(encoded)
                        .orElseThrow(() -> new Finding("the secret of a pair does not come back"))) {
            Finding.unless(
                    again.name().equals(secret.name())
                            && again.saTag().equals(secret.saTag())
                            && again.made().equals(secret.made())
                            && again.rekey().sameAs(secret.rekey()),
                    "the secret of a pair comes back as another");
        }
        return true;
    }

    private static Optional<PairSecret> decoded(byte[] octets) {
        try (KeyMaterial encoded = KeyMaterial.adopt(octets)) {
            return PairSecret.decode(encoded);
        }
    }

    @Override
    public Map<String, byte[]> seeds() {
        // A time in nine octets: a few changed bits make one that no calendar has.
        return Map.of("secret", seed(Instant.EPOCH), "secret-far", seed(Instant.ofEpochSecond(1L << 40)));
    }

    private static byte[] seed(Instant made) {
        KeyName name = new KeyName("as.example", "rs1", Octets.of(new byte[32]));
        try (PairSecret secret = new PairSecret(name, KeyMaterial.adopt(new byte[32]), Octets.of(new byte[8]), made);
                KeyMaterial encoded = secret.encoded()) {
            return Borrowed.from(encoded, byte[]::clone);
        }
    }
}
