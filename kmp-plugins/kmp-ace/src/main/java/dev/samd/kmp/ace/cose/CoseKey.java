// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.cose;

import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.util.Optional;

/**
 * A symmetric COSE_Key (RFC 9053 s6.2): {@code {1: 4, ? 2: kid, -1: k}}.
 *
 * @param kid its name, empty if it has none
 * @param secret owned by whoever has this
 */
public record CoseKey(Octets kid, KeyMaterial secret) implements AutoCloseable {
    private static final int TYPE = 1;
    private static final int KID = 2;
    private static final int SECRET = -1;
    private static final int SYMMETRIC = 4;

    /** Reads one; empty if it is malformed or of another type. */
    public static Optional<CoseKey> parse(CBORObject item) {
        if (item.isTagged() || item.getType() != CBORType.Map) {
            return Optional.empty();
        }
        CBORObject type = item.GetOrDefault(TYPE, null);
        CBORObject kid = item.GetOrDefault(KID, null);
        CBORObject secret = item.GetOrDefault(SECRET, null);
        if (type == null
                || !type.equals(CBORObject.FromObject(SYMMETRIC))
                || secret == null
                || secret.getType() != CBORType.ByteString
                || (kid != null && kid.getType() != CBORType.ByteString)) {
            return Optional.empty();
        }
        return Optional.of(new CoseKey(
                kid == null ? Octets.EMPTY : Octets.of(kid.GetByteString()),
                KeyMaterial.adopt(secret.GetByteString().clone())));
    }

    /** As a map. */
    public CBORObject toCbor() {
        CBORObject map = CBORObject.NewOrderedMap().Add(TYPE, SYMMETRIC);
        if (!kid.isEmpty()) {
            map.Add(KID, kid.toArray());
        }
        return map.Add(SECRET, Borrowed.from(secret, byte[]::clone));
    }

    @Override
    public void close() {
        secret.close();
    }
}
