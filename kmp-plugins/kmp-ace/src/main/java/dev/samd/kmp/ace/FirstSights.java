// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.sa.Octets;
import dev.samd.sa.Rights;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When tokens that expire some time after their first use (claim exi) end. An ended one is never forgotten, or it would live
 * again (RFC 9200 s5.10.3); when the room is used up, new ones are refused. Confined to the driver's thread.
 */
final class FirstSights {
    private static final int MAX = 10_000;

    private record TokenName(String issuer, Octets id) {}

    private final Map<TokenName, Instant> ends = new HashMap<>();

    /** When the token ends; empty if there is no room to remember it. */
    Optional<Instant> end(Instant now, String issuer, Octets id, Duration expiresIn) {
        TokenName name = new TokenName(issuer, id);
        if (!ends.containsKey(name) && ends.size() >= MAX) {
            return Optional.empty();
        }
        return Optional.of(ends.computeIfAbsent(name, same -> now.plus(expiresIn)));
    }

    /** A pair of an earlier run of this program tells of its token. */
    void recalled(Rights rights) {
        if (!rights.credential().isEmpty() && ends.size() < MAX) {
            rights.expires()
                    .ifPresent(end -> ends.putIfAbsent(new TokenName(rights.issuer(), rights.credential()), end));
        }
    }
}
