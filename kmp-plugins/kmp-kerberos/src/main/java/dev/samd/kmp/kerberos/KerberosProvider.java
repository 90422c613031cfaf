// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kerberos;

import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.KmpProvider;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.kit.Section;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Makes the KMP from its section {@code kerberos}, which docs/kerberos.md describes. */
public final class KerberosProvider implements KmpProvider {
    private static final Set<String> SECTION = Set.of("server", "client", "krb5_conf");
    private static final Set<String> SERVER = Set.of("principal", "keytab", "lifetime", "unique", "suites");
    private static final Set<String> CLIENT = Set.of("services");
    private static final Set<String> SERVICE = Set.of("target", "service", "principal", "keytab", "ccache");

    private static final int DAY = 86_400;

    /** Tags of 16 octets first; those of 8 octets last. */
    private static final List<CipherSuite> DEFAULT_SUITES = List.of(
            CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_PSK_WITH_AES_128_CCM,
            CipherSuite.TLS_PSK_WITH_AES_256_CCM,
            CipherSuite.TLS_PSK_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
            CipherSuite.TLS_PSK_WITH_AES_256_CCM_8);

    @Override
    public String name() {
        return KerberosKmp.NAME;
    }

    @Override
    public Kmp create(KmpSetup setup) {
        Section section = Section.of(KerberosKmp.NAME, setup.section(), setup.directory(), SECTION);
        JvmProperties.check();
        if (!section.textOr("krb5_conf", "").isEmpty()) {
            JvmProperties.useKrb5Conf(readable(section, "krb5_conf", setup.directory()));
        }
        KerberosSettings settings = new KerberosSettings(
                section.section("server", SERVER).map(server -> server(server, setup.directory())),
                section.section("client", CLIENT)
                        .map(client -> services(client, setup.directory()))
                        .orElse(List.of()));
        if (settings.server().isEmpty() && settings.services().isEmpty()) {
            throw new KmpConfigException("kerberos: neither server nor client has anything to do");
        }
        return new KerberosKmp(settings, new JgssTickets(), setup.random());
    }

    private static KerberosSettings.Server server(Section server, Path directory) {
        Principal principal = server.text("principal", Principal::parse);
        String keytab = keytab(server, principal.toString(), directory);
        int seconds = server.numberOr("lifetime", DAY);
        if (seconds == 0) {
            throw server.refused("lifetime", "0; a number of seconds from 1 on expected");
        }
        List<CipherSuite> suites = server.texts("suites", CipherSuite::parse);
        return new KerberosSettings.Server(
                new JgssAcceptor(principal, Path.of(keytab).toFile()),
                suites.isEmpty() ? DEFAULT_SUITES : suites,
                lifetime(Duration.ofSeconds(seconds)),
                server.flagOr("unique", true));
    }

    private static Lifetime lifetime(Duration hard) {
        return new Lifetime(within(hard.multipliedBy(4).dividedBy(5)), within(hard));
    }

    private static Limits within(Duration time) {
        return new Limits(time, Duration.ZERO, 0, 0, 0);
    }

    private static List<Service> services(Section client, Path directory) {
        return client.sections("services", SERVICE).stream()
                .map(service -> service(service, directory))
                .toList();
    }

    private static Service service(Section service, Path directory) {
        boolean keytab = !service.textOr("keytab", "").isEmpty();
        boolean ccache = !service.textOr("ccache", "").isEmpty();
        if (keytab == ccache) {
            throw service.refused("keytab", "either keytab or ccache expected");
        }
        String client = service.textOr("principal", "");
        if (keytab && client.isEmpty()) {
            throw service.refused("principal", "missing: a keytab has keys of several");
        }
        return new Service(
                service.text("target"),
                service.text("service", KerberosProvider::serviceName),
                client,
                keytab ? keytab(service, client, directory) : "",
                // It may come later: kinit makes it, and makes it anew.
                ccache ? path(service, "ccache", directory) : "");
    }

    /** "coap@host" is "coap/host", of the realm that krb5.conf says. */
    private static String serviceName(String text) {
        int at = text.indexOf('@');
        return text.indexOf('/') < 0 && at > 0 ? text.substring(0, at) + "/" + text.substring(at + 1) : text;
    }

    private static String keytab(Section section, String principal, Path directory) {
        String path = path(section, "keytab", directory);
        Keytab.fault(Path.of(path), principal).ifPresent(fault -> {
            throw section.refused("keytab", fault);
        });
        return path;
    }

    private static String readable(Section section, String key, Path directory) {
        String path = path(section, key, directory);
        if (!Files.isReadable(Path.of(path))) {
            throw section.refused(key, "cannot read " + path);
        }
        return path;
    }

    /** A path, with or without the "@" of a file of secrets. */
    private static String path(Section section, String key, Path directory) {
        return section.text(key, text -> directory
                .resolve(text.startsWith("@") ? text.substring(1) : text)
                .toAbsolutePath()
                .toString());
    }
}
