// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SAs from Kerberos tickets, through a proxy of another make, with everything a process, the KDC too. */
class KerberosJobIT {
    @TempDir
    private Path directory;

    private TokenScene scene;
    private Realm realm;
    private Processes.Running proxy;
    private Processes.Running server;
    private Processes.Running serverKmpd;

    @BeforeEach
    void startEverything() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/krb5kdc")), "krb5-kdc is needed");
        scene = new TokenScene(directory);
        realm = new Realm(scene.processes, directory);
        proxy = scene.processes.proxy(scene.proxyPort);
        scene.processes.daemon("device", policy("outbound\n    peer: " + scene.server, "coap/localhost"));
        scene.processes.daemon("server", policy("inbound", "device-*"));
        realm.add("device-1", directory.resolve("device/device-1.keytab"));
        realm.add("coap/localhost", directory.resolve("server/coap.keytab"));
        Files.writeString(
                directory.resolve("device/kmpd.yaml"),
                """
                socket: %s
                kerberos:
                  krb5_conf: %s
                  client:
                    services:
                      - {target: "coap://localhost:*", service: "coap@{host}", principal: device-1, keytab: device-1.keytab}
                """
                        .formatted(scene.processes.socket("device"), realm.configuration()));
        Files.writeString(
                directory.resolve("server/kmpd.yaml"),
                """
                socket: %s
                kerberos:
                  krb5_conf: %s
                  server: {principal: "coap/localhost@EXAMPLE.ORG", keytab: "@coap.keytab"}
                """
                        .formatted(scene.processes.socket("server"), realm.configuration()));
        scene.kmpd("device", "kerberos");
        serverKmpd = scene.kmpd("server", "kerberos");
        server = scene.serverProgram(serverKmpd);
    }

    private static String policy(String direction, String identity) {
        return """
                policies:
                  - name: sensors
                    direction: %s
                    action: protect
                    kmp: [kerberos]
                    identities: [{kmp: kerberos, issuer: EXAMPLE.ORG, value: "%s"}]
                """
                .formatted(direction, identity);
    }

    @AfterEach
    void stopEverything() throws InterruptedException {
        if (scene != null) {
            scene.processes.stop();
        }
    }

    @Test
    void firstRequestLeavesUnderSasOfATicket() throws IOException, InterruptedException {
        String answered = scene.client("PUT " + scene.server + "/temp 22.5C", "GET " + scene.server + "/temp")
                .output();

        assertThat(answered).contains("answered 2.04 CHANGED", "answered 2.05 CONTENT \"22.5C\"");
        assertThat(server.output())
                .containsPattern("received PUT /temp \"22.5C\" from kerberos:\\S*EXAMPLE.ORG\\S*:device-1");
        assertThat(scene.processes.samctl("device", "sa", "list").text()).contains(" kerberos ", "coap/localhost");
        assertThat(proxy.output()).doesNotContain("22.5C", "temp");
    }

    /** What it protected never left, so the server has seen no record that confirms the pair; without one it would end after 60 s. */
    @Test
    void deviceThatFallsSilentConfirmsItsPairItself() throws IOException, InterruptedException {
        Processes.Running monitor = scene.monitor("server");

        scene.askAndFallSilent();

        monitor.await(" CONFIRMED id=");
    }

    @Test
    void ticketThatIsRefusedLeavesAWordOnBothSides() throws IOException, InterruptedException {
        realm.kadmin("cpw -randkey coap/localhost");

        String answered = scene.client("PUT " + scene.server + "/temp 22.5C").output();

        assertThat(answered).contains("/authz-info-krb answered 4.01, unauthenticated");
        serverKmpd.await("refused kmp=kerberos source=127.0.0.1:");
        assertThat(serverKmpd.output())
                .contains("answer=4.01 reason=\"ticket for coap/localhost@EXAMPLE.ORG under version 2 of its service's"
                        + " key, which no key of the keytab opens");
    }
}
