// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import dev.samd.kmp.ace.cose.Borrowed;
import dev.samd.kmp.ace.token.AccessToken;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The proof-of-possession keys of tokens that have not ended: who has one may have other rights, or a later end, for the same
 * key. In memory only, and bounded: the oldest give way. Safe for threads.
 */
final class IssuedKeys {
    private static final int MAX = 10_000;

    private record Issued(String client, String audience, Instant ends, KeyMaterial key) {}

    private final Map<Octets, Issued> byId = new LinkedHashMap<>();

    /** Remembers the key of a token, as long as the token lives; keeps a copy. */
    synchronized void issued(Instant now, AccessToken token) {
        forget(token.keyId());
        byId.put(
                token.keyId(),
                new Issued(token.subject(), token.audience(), token.expires().orElse(now), copy(token.key())));
        Iterator<Issued> eldest = byId.values().iterator();
        while (eldest.hasNext()) {
            Issued one = eldest.next();
            if (one.ends().isAfter(now) && byId.size() <= MAX) {
                break;
            }
            one.key().close();
            eldest.remove();
        }
    }

    /** A copy of the key of that name, if that client has a token with it for that audience. */
    synchronized Optional<KeyMaterial> find(Instant now, Octets keyId, String client, String audience) {
        return Optional.ofNullable(byId.get(keyId))
                .filter(one -> one.client().equals(client)
                        && one.audience().equals(audience)
                        && one.ends().isAfter(now))
                .map(one -> copy(one.key()));
    }

    private void forget(Octets keyId) {
        Issued before = byId.remove(keyId);
        if (before != null) {
            before.key().close();
        }
    }

    private static KeyMaterial copy(KeyMaterial key) {
        return KeyMaterial.adopt(Borrowed.from(key, byte[]::clone));
    }
}
