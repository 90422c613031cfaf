// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import java.util.List;
import java.util.Optional;

/** The keys of the issuers that a resource server trusts. Immutable; owns the keys. */
public final class IssuerKeys implements AutoCloseable {
    private final List<IssuerKey> keys;

    /** Takes the keys over. */
    public IssuerKeys(List<IssuerKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** The key of a name, which has to be for this algorithm. Two issuers may use the same name: then all of them. */
    List<IssuerKey> named(String kid, TokenAlgorithm algorithm) throws TokenFault {
        if (kid.isEmpty()) {
            throw TokenFault.unauthorized("token names no key");
        }
        List<IssuerKey> fitting = keys.stream()
                .filter(key -> key.kid().equals(kid) && key.algorithm() == algorithm)
                .toList();
        if (fitting.isEmpty()) {
            throw TokenFault.unauthorized("no issuer has a key of the token's name for " + algorithm.text());
        }
        return fitting;
    }

    /** The shared key of that issuer with which it encrypts keys inside of signed tokens. */
    Optional<IssuerKey> wrapping(String issuer, String kid, TokenAlgorithm algorithm) {
        return keys.stream()
                .filter(key -> key.issuer().equals(issuer) && key.kid().equals(kid) && key.algorithm() == algorithm)
                .findFirst();
    }

    @Override
    public void close() {
        keys.forEach(IssuerKey::close);
    }
}
