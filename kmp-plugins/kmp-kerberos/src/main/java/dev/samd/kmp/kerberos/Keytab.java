// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.security.auth.DestroyFailedException;
import javax.security.auth.kerberos.KerberosKey;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KeyTab;

/** What is wrong with a keytab, where the JDK says "Unable to obtain password from user" or nothing at all. */
final class Keytab {
    private Keytab() {}

    /**
     * Why a principal cannot use a keytab.
     *
     * @param principal "name@REALM"; without a realm, of the default one
     * @return empty if it can
     */
    static Optional<String> fault(Path file, String principal) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            return Optional.of("cannot read keytab " + file);
        }
        KerberosPrincipal who;
        try {
            who = new KerberosPrincipal(principal);
        } catch (IllegalArgumentException e) {
            return Optional.of("\"" + principal + "\" is no principal: " + e.getMessage());
        }
        KerberosKey[] keys = KeyTab.getInstance(who, file.toFile()).getKeys(who);
        for (KerberosKey key : keys) {
            destroy(key);
        }
        return keys.length > 0
                ? Optional.empty()
                : Optional.of("keytab " + file + " has no key of " + who.getName()
                        + " under an encryption type that krb5.conf permits");
    }

    private static void destroy(KerberosKey key) {
        try {
            key.destroy();
        } catch (DestroyFailedException e) {
            throw new IllegalStateException("a key of the JDK is not destroyed", e);
        }
    }
}
