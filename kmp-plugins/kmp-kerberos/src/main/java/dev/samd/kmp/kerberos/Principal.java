// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.kit.PeerNames;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A Kerberos principal.
 *
 * @param name without the realm: "alice", "coap/sensor-1"
 * @param realm its realm
 */
record Principal(String name, String realm) {
    private static final int HASHED = 8;
    private static final List<String> SERVICES = List.of("coap", "host");

    /**
     * Reads "name@REALM".
     *
     * @throws IllegalArgumentException if one of the two is missing
     */
    static Principal parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || at == text.length() - 1 || text.charAt(at - 1) == '\\') {
            throw new IllegalArgumentException("\"" + text + "\" is no principal like name@REALM");
        }
        return new Principal(text.substring(0, at), text.substring(at + 1));
    }

    Identity identity() {
        return new Identity(KerberosKmp.NAME, IdentityType.PRINCIPAL, realm, name);
    }

    /**
     * The name of the peer: the principal's own, or the host of a service. That of another realm is hashed with its realm, or
     * two realms would share it; and so is an instance of a user, which could call itself as it likes.
     */
    Endpoint peer(String home) {
        String[] parts = name.split("/", -1);
        boolean service = parts.length == 2 && SERVICES.contains(parts[0]);
        Optional<Endpoint> plain = realm.equals(home) && (parts.length == 1 || service)
                ? PeerNames.of(parts[parts.length - 1])
                : Optional.empty();
        return plain.orElseGet(() -> Endpoint.parse("coap://" + fingerprint() + "." + KerberosKmp.NAME));
    }

    private String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASHED);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return name + "@" + realm;
    }
}
