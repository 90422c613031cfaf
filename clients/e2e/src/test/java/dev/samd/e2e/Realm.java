// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Kerberos realm of its own, with MIT's KDC as a process on loopback. Everything of it is in one directory. */
final class Realm {
    static final String NAME = "EXAMPLE.ORG";

    private final Processes processes;
    private final Path directory;

    Realm(Processes processes, Path directory) throws IOException, InterruptedException {
        this.processes = processes;
        this.directory = Files.createDirectories(directory.resolve("realm"));
        int port = Processes.freeUdpPort();
        Files.writeString(
                configuration(),
                """
                [libdefaults]
                  default_realm = %s
                  dns_lookup_realm = false
                  dns_lookup_kdc = false
                  udp_preference_limit = 1
                  kdc_timeout = 5s
                  max_retries = 2
                [realms]
                  %s = {
                    kdc = 127.0.0.1:%d
                  }
                """
                        .formatted(NAME, NAME, port));
        Files.writeString(
                this.directory.resolve("kdc.conf"),
                """
                [kdcdefaults]
                  kdc_listen = 127.0.0.1:%1$d
                  kdc_tcp_listen = 127.0.0.1:%1$d
                [realms]
                  %2$s = {
                    database_name = %3$s/principal
                    key_stash_file = %3$s/stash
                    acl_file = %3$s/kadm5.acl
                  }
                """
                        .formatted(port, NAME, this.directory));
        run("kdb5_util", "create", "-s", "-r", NAME, "-P", "a test's own");
        processes.start("krb5kdc", command("krb5kdc", "-n")).await("starting");
    }

    /** Its krb5.conf. */
    Path configuration() {
        return directory.resolve("krb5.conf");
    }

    /** A principal with random keys, and a keytab with them. */
    void add(String principal, Path keytab) throws IOException, InterruptedException {
        kadmin("addprinc -randkey " + principal);
        kadmin("ktadd -norandkey -k " + keytab + " " + principal);
    }

    void kadmin(String query) throws IOException, InterruptedException {
        run("kadmin.local", "-q", query);
    }

    private void run(String... command) throws IOException, InterruptedException {
        Processes.Ended ended = processes.run(new byte[0], command(command).toArray(new String[0]));
        assertThat(ended.code()).as(ended.err()).isZero();
    }

    private List<String> command(String... command) {
        List<String> all = new ArrayList<>(List.of(
                "env",
                "KRB5_CONFIG=" + configuration(),
                "KRB5_KDC_PROFILE=" + directory.resolve("kdc.conf"),
                "PATH=" + System.getenv("PATH") + ":/usr/sbin:/sbin"));
        all.addAll(List.of(command));
        return all;
    }
}
