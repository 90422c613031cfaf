// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.cose;

import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import dev.samd.sa.Octets;
import java.util.Optional;

/**
 * The two header maps of a COSE structure (RFC 9052 s3), as far as tokens use them.
 *
 * @param protectedOctets the protected map as carried: what a tag or a signature covers
 * @param algorithm from the protected map alone: nobody on the way may choose it
 * @param kid from either map, empty if there is none
 * @param iv from either map, empty if there is none
 */
record CoseHeaders(Octets protectedOctets, int algorithm, Octets kid, Octets iv) {
    static final int ALGORITHM = 1;
    static final int CRITICAL = 2;
    static final int KID = 4;
    static final int IV = 5;

    /** The headers, or empty if they are malformed or name something critical (RFC 9052 s3.1), of which none is understood. */
    static Optional<CoseHeaders> parse(CBORObject protectedItem, CBORObject open) {
        if (protectedItem.getType() != CBORType.ByteString || open.getType() != CBORType.Map) {
            return Optional.empty();
        }
        byte[] carried = protectedItem.GetByteString();
        Optional<CBORObject> decoded = StrictCbor.decode(carried).filter(map -> map.getType() == CBORType.Map);
        if (decoded.isEmpty()
                || decoded.get().ContainsKey(CRITICAL)
                || !isInt(decoded.get().GetOrDefault(ALGORITHM, null))) {
            return Optional.empty();
        }
        CBORObject closed = decoded.get();
        Optional<Octets> kid = octets(closed, open, KID);
        Optional<Octets> iv = octets(closed, open, IV);
        if (kid.isEmpty() || iv.isEmpty()) {
            return Optional.empty();
        }
        int algorithm = closed.get(CBORObject.FromObject(ALGORITHM)).AsInt32();
        return Optional.of(new CoseHeaders(Octets.of(carried), algorithm, kid.get(), iv.get()));
    }

    private static boolean isInt(CBORObject item) {
        return item != null
                && item.getType() == CBORType.Integer
                && !item.isTagged() // a tagged one may be no number
                && item.AsNumber().CanFitInInt32();
    }

    /** Empty octets where the header is in neither map; empty where it is in both or no octets. */
    private static Optional<Octets> octets(CBORObject closed, CBORObject open, int label) {
        boolean here = closed.ContainsKey(label);
        if (here && open.ContainsKey(label)) {
            return Optional.empty(); // RFC 9052 s3: a label may not stand in both
        }
        CBORObject item = (here ? closed : open).GetOrDefault(label, null);
        if (item == null) {
            return Optional.of(Octets.EMPTY);
        }
        return item.getType() == CBORType.ByteString ? Optional.of(Octets.of(item.GetByteString())) : Optional.empty();
    }

    static CBORObject protectedMap(int algorithm) {
        return CBORObject.FromObject(
                CBORObject.NewOrderedMap().Add(ALGORITHM, algorithm).EncodeToBytes());
    }
}
