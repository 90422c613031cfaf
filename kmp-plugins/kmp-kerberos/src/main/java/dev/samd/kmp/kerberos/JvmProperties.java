// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.KmpConfigException;
import java.util.Map;

/** What the JDK's Kerberos is told by system properties: one state for the whole JVM, whoever set it. */
final class JvmProperties {
    static final String KRB5_CONF = "java.security.krb5.conf";
    static final String ACCEPTOR_SUBKEY = "sun.security.krb5.acceptor.subkey";

    /** Values with which the KMP is not what it says. */
    private static final Map<String, String> BAD = Map.of(
            ACCEPTOR_SUBKEY,
            "false", // a repeated AP-REQ would give the same key again on another node
            "sun.security.krb5.rcache",
            "none", // nothing would know a repeated AP-REQ
            "sun.security.jgss.native",
            "true", // another library, which lends no subkey
            "javax.security.auth.useSubjectCredsOnly",
            "false"); // keys from elsewhere than the keytab that is configured

    private JvmProperties() {}

    /**
     * Looks at the properties of this JVM.
     *
     * @throws KmpConfigException naming the property and the value that cannot be
     */
    static void check() {
        BAD.forEach((name, bad) -> {
            String value = System.getProperty(name, "");
            if (value.equalsIgnoreCase(bad)) {
                throw new KmpConfigException(
                        "kerberos: the system property " + name + " is " + value + ", and kmpd cannot work with that");
            }
        });
    }

    /**
     * Makes a file the krb5.conf of this JVM.
     *
     * @throws KmpConfigException if it has another one
     */
    static void useKrb5Conf(String path) {
        String before = System.getProperty(KRB5_CONF, "");
        if (!before.isEmpty() && !before.equals(path)) {
            throw new KmpConfigException("kerberos.krb5_conf: " + path + ", but the system property " + KRB5_CONF
                    + " is " + before + " already; there is one for the whole JVM");
        }
        System.setProperty(KRB5_CONF, path);
    }
}
