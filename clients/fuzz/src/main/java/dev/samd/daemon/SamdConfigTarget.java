// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import dev.samd.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Configurations of samd with their policies: read, or refused with the line. */
public final class SamdConfigTarget implements FuzzTarget {
    @Override
    public boolean run(byte[] input) {
        try {
            SamdConfig.of(ConfigFile.parse("samd.yaml", new String(input, StandardCharsets.UTF_8)), null, null);
            return true;
        } catch (ConfigException refused) {
            return false;
        }
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put("least", text(""));
        seeds.put(
                "all",
                text(
                        """
                event_log_size: 4096
                stop_patience_seconds: 5
                max_associations: 1000
                max_keys: 2000
                option_numbers: {record: 65025, rec_bind: 65029, payload_format: 65001}
                kmps:
                  ace: uid:1000
                policies:
                  - name: sensors
                    direction: inbound
                    peer: coap://sensor-*
                    methods: [GET, PUT]
                    path: /temp/**
                    action: protect
                    kmp: [ace, less]
                    identities: [{kmp: ace, type: token, issuer: as.example, value: '{host}'}]
                    suites: [AES_128_CCM_8, c0a4]
                    content: message
                    form: samd
                    window: 128
                    reqid: 7
                    fresh: 30s
                    lifetime: {soft: {add_time: 12h, records: 1000}, hard: {add_time: 1d}}
                  - {name: rest, action: discard}
                """));
        return seeds;
    }

    private static byte[] text(String rest) {
        return ("socket: /run/samd/app.sock\nstate_dir: /var/lib/samd\n" + rest).getBytes(StandardCharsets.UTF_8);
    }
}
