// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import dev.samd.fuzz.FuzzTarget;
import dev.samd.fuzz.TextFile;
import dev.samd.kmp.KmpConfigException;
import dev.samd.sa.KeyMaterial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Configurations of the authorization server: read, or refused with the key. */
public final class AsConfigTarget implements FuzzTarget {
    private final TextFile file = new TextFile("as.yaml");

    @Override
    public boolean run(byte[] input) throws IOException {
        AsConfig config;
        try {
            config = AsConfig.read(file.with(input));
        } catch (KmpConfigException refused) {
            return false;
        }
        config.clients().forEach(client -> client.psk().ifPresent(KeyMaterial::close));
        return true;
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put("least", text("issuer: as.example\nclients: []\nresource_servers: []\n"));
        seeds.put(
                "more",
                text(
                        """
                issuer: &i as.example
                listen: "[::1]:5684"
                lifetime: 600
                clients:
                  - {name: device-1, psk_identity: psk-1, audiences: &a [rs1, rs2], scopes: [read, write]}
                  - {name: *i, audiences: [], scopes: [read]}
                resource_servers:
                  - audience: rs1
                    format: cwt
                    keys: []
                  - {audience: rs2, format: jwt, keys: []}
                """));
        return seeds;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
