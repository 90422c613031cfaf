// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Key-encryption keys on a PKCS#11 token, by label. Each call is a login of its own: one at a start, a few at a rotation, none
 * for an SA.
 */
final class TokenKeyEncryption implements KeyEncryption {
    private static final Logger log = LoggerFactory.getLogger(TokenKeyEncryption.class);
    private static final int DATA_KEY = 32;

    private final KeyPlace.OnToken place;
    private final SecureRandom random;

    TokenKeyEncryption(KeyPlace.OnToken place, SecureRandom random) {
        this.place = place;
        this.random = random;
    }

    @Override
    public String first() throws IOException {
        try (TokenSession session = TokenSession.open(place)) {
            if (session.key(place.label()).isPresent()) {
                return place.label();
            }
        }
        return make();
    }

    /** Others may keep keys there, and a label alone does not tell whose one is. */
    @Override
    public List<String> own() {
        return List.of();
    }

    @Override
    public byte[] seal(String name, byte[] dataKey) throws StoreException {
        try (TokenSession session = open()) {
            return DataKeySeal.seal(require(session, name), session.provider(), random, dataKey);
        } catch (GeneralSecurityException | ProviderException e) {
            throw new StoreException(
                    "key " + name + " in " + place.slot() + " does not seal: " + TokenSession.reason(e), e);
        }
    }

    @Override
    public byte[] open(String name, byte[] sealed) throws StoreException {
        try (TokenSession session = open()) {
            byte[] dataKey = DataKeySeal.open(require(session, name), session.provider(), sealed);
            if (dataKey.length != DATA_KEY) {
                throw new GeneralSecurityException("key of " + dataKey.length + " octets");
            }
            return dataKey;
        } catch (GeneralSecurityException | ProviderException e) {
            throw new StoreException(
                    "key " + name + " in " + place.slot() + " is not the one that the store is sealed under: "
                            + TokenSession.reason(e),
                    e);
        }
    }

    private TokenSession open() throws StoreException {
        try {
            return TokenSession.open(place);
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException("the token in " + place.slot() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private Key require(TokenSession session, String name) throws StoreException {
        Key key = session.key(name).orElse(null);
        if (key == null) {
            throw new StoreException("the store is sealed under key " + name + ", and the token in " + place.slot()
                    + " of " + place.library() + " holds "
                    + session.labels().stream().filter(this::isNamedSo).sorted().toList());
        }
        return key;
    }

    private boolean isNamedSo(String label) {
        return label.equals(place.label()) || label.startsWith(place.label() + '-');
    }

    @Override
    public String make() throws IOException {
        byte[] suffix = new byte[4];
        random.nextBytes(suffix);
        String label = place.label() + '-' + HexFormat.of().formatHex(suffix);
        try (TokenSession session = TokenSession.open(place)) {
            session.make(label);
        }
        log.info("made a key on the token slot={} label={}", place.slot().number(), label);
        return label;
    }

    @Override
    public void destroy(String name) throws IOException {
        try (TokenSession session = TokenSession.open(place)) {
            session.destroy(name);
        }
    }

    @Override
    public String description() {
        return "PKCS#11 " + place.slot() + " label " + place.label();
    }
}
