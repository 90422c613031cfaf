// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.CBORType;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the members of a map of the profile. Each reader gives empty for a member that is missing or of the wrong kind. */
final class PostFields {
    private static final int MAX_SUITES = 32;

    private final CBORObject map;

    PostFields(CBORObject map) {
        this.map = map;
    }

    /** Whether the map has members of these labels only. */
    boolean onlyHas(Set<Integer> labels) {
        Collection<CBORObject> keys = map.getKeys();
        return keys.stream()
                .allMatch(key -> key.getType() == CBORType.Integer
                        && !key.isTagged() // a tagged one may be no number
                        && key.AsNumber().CanFitInInt32()
                        && labels.contains(key.AsInt32()));
    }

    boolean has(int label) {
        return map.ContainsKey(label);
    }

    Optional<Octets> octets(int label) {
        CBORObject item = map.GetOrDefault(label, null);
        return item == null || item.getType() != CBORType.ByteString || item.isTagged()
                ? Optional.empty()
                : Optional.of(Octets.of(item.GetByteString()));
    }

    Optional<Octets> nonce(int label) {
        return octets(label)
                .filter(nonce ->
                        nonce.length() >= ProfileLabels.MIN_NONCE && nonce.length() <= ProfileLabels.MAX_NONCE);
    }

    Optional<Spi> spi(int label) {
        try {
            return octets(label).map(Spi::new);
        } catch (SaException e) {
            return Optional.empty(); // too long, or zero
        }
    }

    Optional<Integer> number(int label) {
        CBORObject item = map.GetOrDefault(label, null);
        return item == null ? Optional.empty() : number(item);
    }

    /** A member that may be missing, in which case it stands for {@code absent}. */
    Optional<Integer> numberOr(int label, int absent) {
        return has(label) ? number(label) : Optional.of(absent);
    }

    private static Optional<Integer> number(CBORObject item) {
        return item.getType() == CBORType.Integer
                        && !item.isTagged()
                        && item.AsNumber().CanFitInInt32()
                        && item.AsInt32() >= 0
                ? Optional.of(item.AsInt32())
                : Optional.empty();
    }

    Optional<List<Integer>> numbers(int label) {
        CBORObject item = map.GetOrDefault(label, null);
        if (item == null || item.getType() != CBORType.Array || item.size() < 1 || item.size() > MAX_SUITES) {
            return Optional.empty();
        }
        List<Integer> numbers = new ArrayList<>();
        for (CBORObject one : item.getValues()) {
            Optional<Integer> number = number(one);
            if (number.isEmpty()) {
                return Optional.empty();
            }
            numbers.add(number.get());
        }
        return Optional.of(numbers);
    }
}
