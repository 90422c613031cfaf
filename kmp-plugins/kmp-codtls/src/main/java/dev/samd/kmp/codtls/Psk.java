// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.KeyMaterial;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKey;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;

/**
 * Pre-shared keys of one side. An identity that nobody knows gets a random key: its handshake ends like one with a wrong key, so
 * that nobody finds out who is known (RFC 4279 s2).
 *
 * @param own the identity that a client sends; empty for a server
 * @param keys by identity
 */
record Psk(String own, Map<String, KeyMaterial> keys, RandomGenerator random) implements AdvancedPskStore {
    private static final int KEY = 16;

    Psk {
        keys = Map.copyOf(keys);
    }

    @Override
    public boolean hasEcdhePskSupported() {
        return true;
    }

    @Override
    public PskSecretResult requestPskSecretResult(
            ConnectionId cid,
            @Nullable ServerNames serverNames,
            PskPublicInformation identity,
            String hmacAlgorithm,
            @Nullable SecretKey otherSecret,
            byte[] seed,
            boolean useExtendedMasterSecret) {
        KeyMaterial key = keys.get(identity.getPublicInfoAsString());
        return new PskSecretResult(cid, identity, key == null ? nobodys() : borrowed(key));
    }

    private SecretKey nobodys() {
        byte[] octets = new byte[KEY];
        random.nextBytes(octets);
        return SecretUtil.create(octets, PskSecretResult.ALGORITHM_PSK);
    }

    private static SecretKey borrowed(KeyMaterial key) {
        byte[] octets = key.borrow();
        if (octets == null) {
            throw new IllegalStateException("use of a closed key");
        }
        try {
            return SecretUtil.create(octets, PskSecretResult.ALGORITHM_PSK);
        } finally {
            key.giveBack();
        }
    }

    @Override
    public PskPublicInformation getIdentity(InetSocketAddress peerAddress, @Nullable ServerNames virtualHost) {
        return new PskPublicInformation(own);
    }

    @Override
    public void setResultHandler(HandshakeResultHandler resultHandler) {}

    @Override
    public String toString() {
        return "Psk[" + own + ", " + keys.keySet() + "]";
    }
}
