// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.less;

import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.KmpProvider;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.kit.Section;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the KMP from its section {@code less}, which docs/less.md describes. */
public final class LessProvider implements KmpProvider {
    private static final Set<String> SECTION = Set.of("client", "server");
    private static final Set<String> CLIENT = Set.of("target", "device_id", "key", "server");
    private static final Set<String> SERVER =
            Set.of("devices", "suites", "lifetime", "unique", "hide_identity", "half_open");
    private static final Set<String> DEVICE = Set.of("device_id", "key");

    private static final int KEY = 16;
    private static final int MAX_KEY = 64;
    private static final int MAX_DEVICE = 64;
    private static final int DAY = 86_400;
    private static final int HALF_OPEN = 30;

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
        return LessKmp.NAME;
    }

    @Override
    public Kmp create(KmpSetup setup) {
        Section section = Section.of(LessKmp.NAME, setup.section(), setup.directory(), SECTION);
        LessSettings settings = new LessSettings(
                section.section("server", SERVER).map(LessProvider::server),
                section.sections("client", CLIENT).stream()
                        .map(LessProvider::client)
                        .toList());
        if (settings.server().isEmpty() && settings.client().isEmpty()) {
            throw new KmpConfigException("less: neither server nor client has anything to do");
        }
        return new LessKmp(settings, setup.random());
    }

    private static LessSettings.Client client(Section client) {
        Endpoint target = client.text("target", Endpoint::parse);
        return new LessSettings.Client(target, device(client), key(client), client.textOr("server", target.host()));
    }

    private static LessSettings.Server server(Section server) {
        Map<Octets, KeyMaterial> devices = new LinkedHashMap<>();
        for (Section device : server.sections("devices", DEVICE)) {
            if (devices.put(device(device), key(device)) != null) {
                throw device.refused("device_id", "\"" + device.text("device_id") + "\" stands twice");
            }
        }
        if (devices.isEmpty()) {
            throw server.refused("devices", "no device");
        }
        List<CipherSuite> suites = suites(server);
        int lifetime = server.numberOr("lifetime", DAY);
        if (lifetime == 0) {
            throw server.refused("lifetime", "0; at least 1 second expected");
        }
        int halfOpen = server.numberOr("half_open", HALF_OPEN);
        if (halfOpen < 10 || halfOpen > 120) {
            throw server.refused("half_open", halfOpen + "; 10 to 120 seconds expected");
        }
        return new LessSettings.Server(
                devices,
                suites.isEmpty() ? DEFAULT_SUITES : suites,
                LessSettings.lifetime(Duration.ofSeconds(lifetime)),
                server.flagOr("unique", true),
                server.flagOr("hide_identity", true),
                Duration.ofSeconds(halfOpen));
    }

    private static List<CipherSuite> suites(Section server) {
        try {
            return server.texts("suites").stream().map(CipherSuite::parse).toList();
        } catch (SaException e) {
            throw server.refused("suites", String.valueOf(e.getMessage()));
        }
    }

    private static Octets device(Section section) {
        return section.text("device_id", text -> {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            if (octets.length > MAX_DEVICE) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" has " + octets.length + " octets; at most " + MAX_DEVICE + " expected");
            }
            return Octets.of(octets);
        });
    }

    private static KeyMaterial key(Section section) {
        return section.file("key", text -> {
            byte[] key = hex(text).orElseThrow(() -> new IllegalArgumentException("a key that is not hexadecimal"));
            if (key.length < KEY || key.length > MAX_KEY) {
                throw new IllegalArgumentException(
                        "a key of " + key.length + " octets; " + KEY + " to " + MAX_KEY + " expected");
            }
            return KeyMaterial.adopt(key);
        });
    }

    private static Optional<byte[]> hex(String text) {
        try {
            return Optional.of(HexFormat.of().parseHex(text.strip()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
