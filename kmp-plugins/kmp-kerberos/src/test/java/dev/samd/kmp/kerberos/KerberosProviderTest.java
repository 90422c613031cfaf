// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.KmpProvider;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.testkit.Joined;
import dev.samd.kmp.testkit.Parties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section of the configuration, and what it refuses. */
@Isolated("the configuration of Kerberos is the JVM's")
class KerberosProviderTest {
    @TempDir
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static EmbeddedKdc kdc;

    @BeforeAll
    static void startKdc() throws Exception {
        kdc = new EmbeddedKdc(directory);
        Files.createDirectory(directory.resolve("directory.keytab"));
        Files.writeString(directory.resolve("text.keytab"), "no keytab at all");
        Files.writeString(directory.resolve("other.conf"), "[libdefaults]\n  default_realm = AWAY.EXAMPLE\n");
    }

    @AfterAll
    static void stopKdc() throws Exception {
        kdc.close();
    }

    private static Kmp create(Map<String, Object> section) {
        return new KerberosProvider().create(new KmpSetup(section, directory, new Random(1)));
    }

    private static Map<String, Object> server(String key, Object value) {
        Map<String, Object> server =
                new TreeMap<>(Map.of("principal", EmbeddedKdc.SERVICE, "keytab", "@service.keytab"));
        server.put(key, value);
        return Map.of("krb5_conf", "krb5.conf", "server", server);
    }

    private static Map<String, Object> client(String key, Object value) {
        Map<String, Object> service = new TreeMap<>(Map.of(
                "target", "coap://sensor-*",
                "service", "coap@{host}",
                "principal", EmbeddedKdc.CLIENT,
                "keytab", "client.keytab"));
        service.put(key, value);
        return Map.of("krb5_conf", "krb5.conf", "client", Map.of("services", List.of(service)));
    }

    @Test
    void twoConfigurationsMakeAPair() {
        assertThat(ServiceLoader.load(KmpProvider.class)).hasAtLeastOneElementOfType(KerberosProvider.class);
        Joined joined = new Joined(
                new Parties(
                        create(client("ccache", "")),
                        create(server("unique", false)),
                        EmbeddedKdc.need(),
                        Instant.now()),
                1);

        joined.acquire();
        joined.clock.run(Joined.ALL);

        assertThat(joined.initiatorKeys.failures()).isEmpty();
        assertThat(joined.initiatorKeys.pairs()).hasSize(1);
        assertThat(joined.responderKeys.pairs()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "keytab, @missing.keytab, 'kerberos.server.keytab: cannot read keytab ', missing.keytab",
        "keytab, directory.keytab, 'kerberos.server.keytab: cannot read keytab ', directory.keytab",
        "keytab, text.keytab, text.keytab, has no key of coap/sensor-1@EXAMPLE.COM",
        "keytab, client.keytab, client.keytab, has no key of coap/sensor-1@EXAMPLE.COM",
        "principal, coap/sensor-9@EXAMPLE.COM, service.keytab, has no key of coap/sensor-9@EXAMPLE.COM",
        "principal, coap/sensor-1@AWAY.EXAMPLE, service.keytab, has no key of coap/sensor-1@AWAY.EXAMPLE",
        "principal, coap/sensor-1, kerberos.server.principal, '\"coap/sensor-1\" is no principal like name@REALM'",
        "suites, TLS_NULL, kerberos.server.suites, a list expected",
        "colour, red, kerberos.server.colour, no such key"
    })
    void serverThatCannotBeIsRefusedByKeyAndValue(String key, String value, String one, String other) {
        assertThatThrownBy(() -> create(server(key, value)))
                .isInstanceOf(KmpConfigException.class)
                .hasMessageContainingAll(one, other);
    }

    @ParameterizedTest
    @CsvSource({
        "keytab, missing.keytab, kerberos.client.services[0].keytab: cannot read keytab, missing.keytab",
        "keytab, '', kerberos.client.services[0].keytab, either keytab or ccache expected",
        "ccache, alice.cache, kerberos.client.services[0].keytab, either keytab or ccache expected",
        "principal, '', kerberos.client.services[0].principal, missing",
        "principal, bob@EXAMPLE.COM, client.keytab, has no key of bob@EXAMPLE.COM",
        "principal, alice@AWAY.EXAMPLE, client.keytab, has no key of alice@AWAY.EXAMPLE",
        "target, '', kerberos.client.services[0].target, missing"
    })
    void clientThatCannotBeIsRefusedByKeyAndValue(String key, String value, String one, String other) {
        assertThatThrownBy(() -> create(client(key, value)))
                .isInstanceOf(KmpConfigException.class)
                .hasMessageContainingAll(one, other);
    }

    @Test
    void suiteThatNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> create(server("suites", List.of("TLS_NULL"))))
                .isInstanceOf(KmpConfigException.class)
                .hasMessageContainingAll("kerberos.server.suites", "TLS_NULL");
    }

    @Test
    void lifetimeOfNoTimeIsRefused() {
        assertThatThrownBy(() -> create(server("lifetime", 0))).hasMessageContaining("kerberos.server.lifetime: 0; ");
    }

    @Test
    void sectionThatDoesNothingIsRefused() {
        assertThatThrownBy(() -> create(Map.of())).hasMessageContaining("neither server nor client");
    }

    @Test
    void configurationFileThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> create(Map.of("krb5_conf", "missing.conf")))
                .isInstanceOf(KmpConfigException.class)
                .hasMessageContainingAll("kerberos.krb5_conf", "missing.conf");
    }

    /** Two realms with a krb5.conf each need two kmpd. */
    @Test
    void secondConfigurationFileOfAJvmIsRefused() {
        assertThatThrownBy(() -> create(Map.of("krb5_conf", "other.conf")))
                .isInstanceOf(KmpConfigException.class)
                .hasMessageContainingAll(
                        "kerberos.krb5_conf: ",
                        "other.conf",
                        "the system property java.security.krb5.conf is ",
                        directory.resolve("krb5.conf").toString());
    }

    @ParameterizedTest
    @CsvSource({
        "sun.security.krb5.acceptor.subkey, false",
        "sun.security.krb5.rcache, none",
        "sun.security.jgss.native, true",
        "javax.security.auth.useSubjectCredsOnly, false"
    })
    void jvmThatIsToldOtherwiseIsRefused(String property, String value) {
        String before = System.getProperty(property);
        System.setProperty(property, value);
        try {
            assertThatThrownBy(() -> create(server("unique", true)))
                    .isInstanceOf(KmpConfigException.class)
                    .hasMessageContaining("the system property " + property + " is " + value);
        } finally {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        }
    }
}
