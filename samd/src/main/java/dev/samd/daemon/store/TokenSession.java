// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.crypto.KeyGenerator;
import javax.security.auth.login.LoginException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One login at a PKCS#11 token. Confined to one thread; whoever opens it closes it, which logs out. */
final class TokenSession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TokenSession.class);
    private static final int KEY_BITS = 256;

    private final KeyPlace.OnToken place;
    private final AuthProvider provider;
    private final KeyStore objects;

    private TokenSession(KeyPlace.OnToken place, AuthProvider provider, KeyStore objects) {
        this.place = place;
        this.provider = provider;
        this.objects = objects;
    }

    /** @throws StoreException if there is no such library, slot or token, or it refuses the PIN, which is never shown */
    static TokenSession open(KeyPlace.OnToken place) throws IOException {
        if (!Files.isRegularFile(place.library())) {
            throw new StoreException("PKCS#11 library " + place.library() + " is missing");
        }
        char[] pin = pin(place.pin());
        AuthProvider provider = provider(place);
        try {
            KeyStore objects = KeyStore.getInstance("PKCS11", provider);
            objects.load(null, pin);
            return new TokenSession(place, provider, objects);
        } catch (GeneralSecurityException | IOException | ProviderException e) {
            logout(provider);
            throw new StoreException(
                    place.slot() + " of " + place.library() + " does not let samd in, with the PIN in " + place.pin()
                            + ": " + reason(e),
                    e);
        } finally {
            Arrays.fill(pin, '\0');
        }
    }

    private static char[] pin(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new StoreException("PIN file " + file + " is missing");
        }
        PrivateFile.require("PIN file", file);
        return Files.readString(file, StandardCharsets.UTF_8).strip().toCharArray();
    }

    private static AuthProvider provider(KeyPlace.OnToken place) throws StoreException {
        Provider general = Security.getProvider("SunPKCS11");
        if (general == null) {
            throw new StoreException("this Java runtime has no PKCS#11: it needs the module jdk.crypto.cryptoki");
        }
        String configuration = "--name = samd\n"
                + "library = \"" + place.library() + "\"\n"
                + (place.slot().isIndex() ? "slotListIndex = " : "slot = ")
                + place.slot().number() + "\n"
                + "attributes(generate, CKO_SECRET_KEY, CKK_AES) = {\n"
                + "CKA_SENSITIVE = true\nCKA_EXTRACTABLE = false\nCKA_ENCRYPT = true\nCKA_DECRYPT = true\n}\n";
        try {
            return (AuthProvider) general.configure(configuration);
        } catch (ProviderException | InvalidParameterException e) {
            throw new StoreException(
                    place.slot() + " of PKCS#11 library " + place.library() + " cannot be used: " + reason(e), e);
        }
    }

    /** The key of a label. */
    Optional<Key> key(String label) throws StoreException {
        try {
            Key key = objects.getKey(label, null);
            if (key != null && !key.getAlgorithm().equals("AES")) {
                throw new StoreException(
                        "key " + label + " in " + place.slot() + " is of " + key.getAlgorithm() + "; AES-256 expected");
            }
            return Optional.ofNullable(key);
        } catch (GeneralSecurityException e) {
            throw failed("read key " + label, e);
        }
    }

    /** The labels of all keys. */
    List<String> labels() throws StoreException {
        try {
            return Collections.list(objects.aliases());
        } catch (GeneralSecurityException e) {
            throw failed("list its keys", e);
        }
    }

    /** Makes a key that never leaves the token. */
    void make(String label) throws StoreException {
        try {
            KeyGenerator generator = KeyGenerator.getInstance("AES", provider);
            generator.init(KEY_BITS);
            objects.setKeyEntry(label, generator.generateKey(), null, null);
        } catch (GeneralSecurityException | ProviderException e) {
            throw failed("make key " + label, e);
        }
    }

    /** Destroys a key, if it is there. */
    void destroy(String label) throws StoreException {
        try {
            if (objects.containsAlias(label)) {
                objects.deleteEntry(label);
            }
        } catch (GeneralSecurityException | ProviderException e) {
            throw failed("destroy key " + label, e);
        }
    }

    /** Whose keys these are. */
    Provider provider() {
        return provider;
    }

    private StoreException failed(String what, Exception e) {
        return new StoreException(
                "the token in " + place.slot() + " of " + place.library() + " could not " + what + ": " + reason(e), e);
    }

    /** What the module said: the last message among the causes. */
    static String reason(Throwable failure) {
        String said = failure.getClass().getSimpleName();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String message = each.getMessage();
            if (message != null) {
                said = message;
            }
        }
        return said;
    }

    private static void logout(AuthProvider provider) {
        try {
            provider.logout();
        } catch (LoginException | ProviderException e) {
            log.debug("no login to end", e);
        }
    }

    @Override
    public void close() {
        logout(provider);
    }
}
