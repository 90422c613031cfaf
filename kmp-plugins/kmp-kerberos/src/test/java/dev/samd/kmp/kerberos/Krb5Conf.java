// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A krb5.conf for tests: one realm, one centre on loopback, no name that anybody would have to look up. */
final class Krb5Conf {
    private Krb5Conf() {}

    /**
     * Writes it, and makes it that of this JVM; the next login reads it.
     *
     * <p>The JDK waits for a centre that does not answer three times for 30 s, where nothing else is said.
     *
     * @param clockSkew in seconds
     */
    static void write(Path file, String realm, int port, int clockSkew) throws IOException {
        Files.writeString(
                file,
                """
                [libdefaults]
                  default_realm = %s
                  dns_lookup_realm = false
                  dns_lookup_kdc = false
                  udp_preference_limit = 1
                  kdc_timeout = 5s
                  max_retries = 2
                  clockskew = %d
                [realms]
                  %s = {
                    kdc = 127.0.0.1:%d
                  }
                """
                        .formatted(realm, clockSkew, realm, port));
        System.setProperty(JvmProperties.KRB5_CONF, file.toString());
    }
}
