// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.fuzz.FuzzTarget;
import dev.samd.fuzz.TextFile;
import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.KmpProvider;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.ace.AceProvider;
import dev.samd.kmp.codtls.CodtlsProvider;
import dev.samd.kmp.kerberos.KerberosProvider;
import dev.samd.kmp.less.LessProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Configurations of kmpd, and the sections of its KMPs: read, or refused with the line or the key. */
public final class HostConfigTarget implements FuzzTarget {
    private static final List<KmpProvider> PROVIDERS =
            List.of(new AceProvider(), new CodtlsProvider(), new LessProvider(), new KerberosProvider());
    private static final Set<String> NAMES = Set.of("ace", "codtls", "less", "kerberos");

    private final TextFile file = new TextFile("kmpd.yaml");

    @Override
    public boolean run(byte[] input) throws IOException {
        HostConfig config;
        try {
            config = HostConfig.read(file.with(input), NAMES);
        } catch (ConfigException refused) {
            return false;
        }
        config.credentials().forEach(credential -> credential.key().close());
        for (KmpProvider provider : PROVIDERS) {
            Map<String, Object> section = config.sections().get(provider.name());
            if (section != null) {
                try {
                    provider.create(new KmpSetup(section, config.directory(), new Random(1)));
                } catch (KmpConfigException refused) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put(
                "least",
                text(
                        """
                ace:
                  client:
                    as:
                      - uri: coaps://as
                        issuer: a
                        audience: b
                """));
        seeds.put(
                "more",
                text(
                        """
                socket: /run/samd/app.sock
                listen: "[::1]:5683"
                echo: always
                block_size: 64
                proxies: [192.0.2.1]
                resolve:
                  coap://rs1: 192.0.2.7:5683
                ace:
                  client: &c
                    as:
                      - {uri: coaps://as, issuer: &i a, audience: *i, scope: '{host}'}
                """));
        return seeds;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
