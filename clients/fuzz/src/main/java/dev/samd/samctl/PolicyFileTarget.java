// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.fuzz.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Files of policies, as operators hand them to samctl: read, or refused with the line. */
public final class PolicyFileTarget implements FuzzTarget {
    @Command
    private static final class Nothing {}

    private final CommandLine line = new CommandLine(new Nothing());

    @Override
    public boolean run(byte[] input) {
        OutputStream nowhere = OutputStream.nullOutputStream();
        Env env = new Env(new ByteArrayInputStream(input), nowhere, nowhere, Map.of(), Clock.systemUTC());
        try {
            PolicyFile.read(line, env, "-");
            return true;
        } catch (ParameterException refused) {
            return false;
        }
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put("one", text("{name: a, action: bypass}"));
        seeds.put(
                "list",
                text(
                        """
                - name: sensors
                  direction: out
                  peer: coap://sensor-*
                  methods: [get, PUT]
                  path: /temp/**
                  action: protect
                  kmp: ace
                  identities: ['{host}', {type: token}]
                  suites: [AES_128_CCM_8, 0xc0a4]
                  content: payload
                  window: 128
                  fresh: 30s
                  lifetime: {soft: {add_time: 12h}, hard: {octets: 1_000}}
                """));
        return seeds;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
