// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.Need;
import dev.samd.kmp.testkit.Parties;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.PairId;
import java.io.File;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KeyTab;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;

/** A key distribution centre in this JVM, with a client and a server. */
final class EmbeddedKdc implements AutoCloseable {
    static final String REALM = "EXAMPLE.COM";
    static final String CLIENT = "alice@" + REALM;
    static final String SERVICE = "coap/sensor-1@" + REALM;
    static final String OTHER = "coap/sensor-2@" + REALM;
    static final CipherSuite SUITE = CipherSuite.TLS_PSK_WITH_AES_128_CCM_8;

    private final SimpleKdcServer kdc;
    private final File clientKeys;
    private final File serviceKeys;
    private final File otherKeys;

    EmbeddedKdc(Path directory) throws Exception {
        kdc = new SimpleKdcServer();
        kdc.setKdcRealm(REALM);
        kdc.setKdcHost("127.0.0.1");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        kdc.setKdcTcpPort(port);
        kdc.setAllowUdp(false);
        kdc.setWorkDir(directory.toFile());
        kdc.init();
        kdc.start();
        kdc.createPrincipals(CLIENT, SERVICE, OTHER);
        clientKeys = directory.resolve("client.keytab").toFile();
        serviceKeys = directory.resolve("service.keytab").toFile();
        kdc.exportPrincipal(CLIENT, clientKeys);
        kdc.exportPrincipal(SERVICE, serviceKeys);
        otherKeys = directory.resolve("other.keytab").toFile();
        kdc.exportPrincipal(OTHER, otherKeys);
        Krb5Conf.write(directory.resolve("krb5.conf"), REALM, port, 300);
    }

    Service service(String name) {
        return new Service("coap://sensor-1", name, CLIENT, clientKeys.getPath(), "");
    }

    JgssAcceptor acceptor() {
        return new JgssAcceptor(Principal.parse(SERVICE), serviceKeys);
    }

    TicketReader reader() {
        KerberosPrincipal principal = new KerberosPrincipal(SERVICE);
        return new TicketReader(principal, KeyTab.getInstance(principal, serviceKeys));
    }

    Parties parties(long seed) {
        return parties(seed, new JgssTickets());
    }

    /** @param tickets those of the client */
    Parties parties(long seed, Tickets tickets) {
        return new Parties(
                new KerberosKmp(
                        new KerberosSettings(Optional.empty(), List.of(service(SERVICE))), tickets, new Random(seed)),
                new KerberosKmp(
                        new KerberosSettings(Optional.of(server(acceptor())), List.of()),
                        new JgssTickets(),
                        new Random(seed + 1_000_000)),
                need(),
                Instant.now());
    }

    /** Two services that accept tickets, and ask for those of each other. */
    Parties twoServices(long seed) {
        return new Parties(
                node(OTHER, otherKeys, new Random(seed)),
                node(SERVICE, serviceKeys, new Random(seed + 1_000_000)),
                need(),
                Instant.now());
    }

    private static KerberosKmp node(String principal, File keytab, Random random) {
        Service others = new Service("coap://*", "coap/{host}@" + REALM, principal, keytab.getPath(), "");
        return new KerberosKmp(
                new KerberosSettings(
                        Optional.of(server(new JgssAcceptor(Principal.parse(principal), keytab))), List.of(others)),
                new JgssTickets(),
                random);
    }

    private static KerberosSettings.Server server(JgssAcceptor acceptor) {
        Limits day = new Limits(Duration.ofDays(1), Duration.ZERO, 0, 0, 0);
        return new KerberosSettings.Server(acceptor, List.of(SUITE), new Lifetime(day, day), true);
    }

    static Need need() {
        return need("coap://sensor-1");
    }

    static Need need(String target) {
        return new Need(
                1,
                Endpoint.HOST_WIDE,
                Endpoint.parse(target),
                Optional.empty(),
                Content.MESSAGE,
                Form.SAMD,
                List.of(SUITE),
                List.of(IdentityPattern.ANY),
                PairId.NONE,
                Lifetime.UNLIMITED,
                128,
                0);
    }

    @Override
    public void close() throws KrbException {
        kdc.stop();
    }
}
