// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MIT's key distribution centre with a realm of its own, on loopback. Everything of it is in one directory. */
final class MitKdc implements AutoCloseable {
    static final String REALM = "EXAMPLE.ORG";
    static final Path PROGRAM = Path.of("/usr/sbin/krb5kdc");

    private static final Pattern KLIST = Pattern.compile("(?m)^\\S+ \\S+ +(\\S+ \\S+) +(\\S+)$");
    private static final DateTimeFormatter KLIST_TIME = DateTimeFormatter.ofPattern("MM/dd/yy HH:mm:ss", Locale.ROOT);

    private final Path directory;
    private final int port;
    private final Process kdc;

    /** @throws IOException with what it said, if it did not start */
    MitKdc(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        writeConfiguration(300);
        Files.writeString(
                file("kdc.conf"),
                """
                [kdcdefaults]
                  kdc_listen = 127.0.0.1:%d
                  kdc_tcp_listen = 127.0.0.1:%d
                [realms]
                  %s = {
                    database_name = %s
                    key_stash_file = %s
                    acl_file = %s
                    max_life = 10h
                  }
                """
                        .formatted(port, port, REALM, file("principal"), file("stash"), file("kadm5.acl")));
        run("kdb5_util", "create", "-s", "-r", REALM, "-P", "a test's own");
        kdc = builder("krb5kdc", "-n").start();
        for (int i = 0; i < 400 && kdc.isAlive() && !said().contains("starting"); i++) {
            kdc.waitFor(50, TimeUnit.MILLISECONDS);
        }
        if (!kdc.isAlive() || !said().contains("starting")) {
            kdc.destroy();
            throw new IOException("krb5kdc did not start: " + said());
        }
    }

    /** @param clockSkew that acceptors of this JVM allow for, in seconds, from the next login on */
    void writeConfiguration(int clockSkew) throws IOException {
        Krb5Conf.write(file("krb5.conf"), REALM, port, clockSkew);
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** A principal with random keys. */
    void add(String principal, String... options) throws IOException, InterruptedException {
        kadmin("addprinc -randkey " + String.join(" ", options) + " " + principal);
    }

    /** Adds the keys that a principal has to a keytab. */
    void export(String principal, String keytab) throws IOException, InterruptedException {
        kadmin("ktadd -norandkey -k " + file(keytab) + " " + principal);
    }

    void kadmin(String query) throws IOException, InterruptedException {
        run("kadmin.local", "-q", query);
    }

    /** Makes a credential cache. */
    Path kinit(String principal, String keytab, String cache, String lifetime)
            throws IOException, InterruptedException {
        run(
                "kinit",
                "-l",
                lifetime,
                "-c",
                file(cache).toString(),
                "-k",
                "-t",
                file(keytab).toString(),
                principal);
        return file(cache);
    }

    /** The end of the first ticket in a cache, as klist says it. */
    Instant klistEnd(Path cache) throws IOException, InterruptedException {
        String list = run("klist", "-c", cache.toString());
        Matcher matcher = KLIST.matcher(list);
        if (!matcher.find()) {
            throw new IOException("no ticket in " + list);
        }
        return LocalDateTime.parse(matcher.group(1), KLIST_TIME).toInstant(ZoneOffset.UTC);
    }

    /** Runs a program of Kerberos, which has to succeed, and gives its output. */
    String run(String... command) throws IOException, InterruptedException {
        Process process = builder(command).start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroy();
            throw new IOException(List.of(command) + " failed: " + Files.readString(file(command[0] + ".out")));
        }
        return Files.readString(file(command[0] + ".out"));
    }

    private ProcessBuilder builder(String... command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(file(command[0] + ".out").toFile());
        builder.environment().put("KRB5_CONFIG", file("krb5.conf").toString());
        builder.environment().put("KRB5_KDC_PROFILE", file("kdc.conf").toString());
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
        return builder;
    }

    private String said() throws IOException {
        return Files.readString(file("krb5kdc.out"));
    }

    @Override
    public void close() {
        kdc.destroy();
        kdc.onExit().join();
    }
}
