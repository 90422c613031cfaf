// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import dev.samd.kmp.ace.cose.Borrowed;
import dev.samd.kmp.ace.cose.StrictCbor;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What this KMP keeps of a pair, in memory and with the daemon ({@code kmp_private}): all that a re-key in band needs. Owns the
 * secret.
 *
 * <p>With the daemon: {@code {1: re-key secret, 2: SA tag, 3: issuer, 4: audience, 5: fingerprint, 6: time of making}}.
 */
record PairSecret(KeyName name, KeyMaterial rekey, Octets saTag, Instant made) implements AutoCloseable {
    private static final int REKEY = 1;
    private static final int SA_TAG = 2;
    private static final int ISSUER = 3;
    private static final int AUDIENCE = 4;
    private static final int FINGERPRINT = 5;
    private static final int MADE = 6;

    /** For the daemon; owned by the caller. */
    KeyMaterial encoded() {
        CBORObject map = CBORObject.NewOrderedMap()
                .Add(REKEY, Borrowed.from(rekey, byte[]::clone))
                .Add(SA_TAG, saTag.toArray())
                .Add(ISSUER, name.issuer())
                .Add(AUDIENCE, name.audience())
                .Add(FINGERPRINT, name.fingerprint().toArray())
                .Add(MADE, made.getEpochSecond());
        return KeyMaterial.adopt(map.EncodeToBytes());
    }

    /** As the daemon gives it back; empty if this KMP did not write it. */
    static Optional<PairSecret> decode(KeyMaterial encoded) {
        return encoded.length() == 0 ? Optional.empty() : Borrowed.from(encoded, PairSecret::decode);
    }

    private static Optional<PairSecret> decode(byte[] octets) {
        CBORObject map = StrictCbor.decode(octets).orElse(CBORObject.Null);
        if (map.getType() != CBORType.Map || map.size() != 6) {
            return Optional.empty();
        }
        try {
            KeyName name = new KeyName(
                    map.get(CBORObject.FromObject(ISSUER)).AsString(),
                    map.get(CBORObject.FromObject(AUDIENCE)).AsString(),
                    Octets.of(map.get(CBORObject.FromObject(FINGERPRINT)).GetByteString()));
            Octets saTag = Octets.of(map.get(CBORObject.FromObject(SA_TAG)).GetByteString());
            Instant made = Instant.ofEpochSecond(
                    map.get(CBORObject.FromObject(MADE)).AsNumber().ToInt64Checked());
            byte[] rekey = map.get(CBORObject.FromObject(REKEY)).GetByteString();
            return Optional.of(new PairSecret(name, KeyMaterial.adopt(rekey.clone()), saTag, made));
        } catch (IllegalStateException | ArithmeticException | DateTimeException | NullPointerException e) {
            return Optional.empty(); // a member that is missing or of another kind, a time that no calendar has
        }
    }

    @Override
    public void close() {
        rekey.close();
    }
}
