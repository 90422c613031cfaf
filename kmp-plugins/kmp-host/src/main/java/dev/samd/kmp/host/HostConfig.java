// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.kmp.drive.DriverLimits;
import dev.samd.kmp.drive.StrangerLimits.EchoUse;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.SaException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What kmpd is told at its start.
 *
 * @param daemon where it is
 * @param listen address of its own CoAP port; port 0 for a free one
 * @param echo when strangers have to show that they receive at their address
 * @param block octets of a block on the way to peers
 * @param limits of each KMP's driver
 * @param proxies addresses behind which many peers are
 * @param credentials for DTLS endpoints
 * @param addresses where endpoints are reached
 * @param directory relative paths of the sections begin here
 * @param sections one for each KMP, by its name
 */
record HostConfig(
        DaemonAddress daemon,
        InetSocketAddress listen,
        EchoUse echo,
        int block,
        DriverLimits limits,
        Set<String> proxies,
        List<Credential> credentials,
        Addresses addresses,
        Path directory,
        Map<String, Map<String, Object>> sections) {
    private static final Set<String> KEYS = Set.of(
            "socket",
            "tls",
            "listen",
            "echo",
            "block_size",
            "half_open",
            "half_open_per_source",
            "proxies",
            "credentials",
            "resolve");
    private static final List<String> BLOCKS = List.of("64", "128", "256", "512", "1024");
    private static final Set<String> CREDENTIAL_KEYS = Set.of("endpoint", "psk_identity", "psk", "address");

    /**
     * A pre-shared key for one DTLS endpoint.
     *
     * @param key owned by whoever has the configuration
     */
    record Credential(Endpoint endpoint, String identity, KeyMaterial key, InetSocketAddress address) {}

    /**
     * Reads a configuration.
     *
     * @param kmps names of the KMPs that there are; each may have a section
     * @throws ConfigException naming the line, the key and the value
     */
    static HostConfig read(Path path, Set<String> kmps) {
        Set<String> known = new LinkedHashSet<>(KEYS);
        known.addAll(kmps);
        YamlFile file = YamlFile.read(path, known);
        Map<Endpoint, InetSocketAddress> addresses = new LinkedHashMap<>();
        file.pairs("resolve")
                .forEach((name, address) ->
                        addresses.put(endpoint(file, "resolve", name), address(file, "resolve", address)));
        List<Credential> credentials = new ArrayList<>();
        for (Map<String, String> each : file.records("credentials", CREDENTIAL_KEYS)) {
            Credential credential = credential(file, each);
            addresses.put(credential.endpoint(), credential.address());
            credentials.add(credential);
        }
        Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
        kmps.stream().filter(file::has).forEach(name -> sections.put(name, file.section(name)));
        if (sections.isEmpty()) {
            throw new ConfigException(path + " has no section of a KMP; there are " + kmps);
        }
        return new HostConfig(
                DaemonAddress.read(file),
                address(file, "listen", file.text("listen", "127.0.0.1:0")),
                echo(file),
                block(file),
                limits(file),
                proxies(file),
                credentials,
                new Addresses(addresses),
                file.directory(),
                sections);
    }

    private static EchoUse echo(YamlFile file) {
        String text = file.text("echo", "load");
        return switch (text) {
            case "always" -> EchoUse.ALWAYS;
            case "load" -> EchoUse.LOAD;
            case "never" -> EchoUse.NEVER;
            default -> throw file.wrong("echo", "echo is \"" + text + "\"; always, load or never expected");
        };
    }

    private static int block(YamlFile file) {
        String text = file.text("block_size", "1024");
        if (!BLOCKS.contains(text)) {
            throw file.wrong("block_size", "block_size is \"" + text + "\"; one of " + BLOCKS + " expected");
        }
        return Integer.parseInt(text);
    }

    /** Below the bounds of all runs, so that a new run makes room for itself before it is refused. */
    private static DriverLimits limits(YamlFile file) {
        DriverLimits all = DriverLimits.DEFAULT;
        return all.withHalfOpen(
                number(file, "half_open", all.halfOpen(), all.responders() - 1),
                number(file, "half_open_per_source", all.halfOpenPerSource(), all.respondersPerSource() - 1));
    }

    private static int number(YamlFile file, String key, int absent, int most) {
        String text = file.text(key, Integer.toString(absent));
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw file.wrong(key, key + " is \"" + text + "\"; a number expected");
        }
        throw file.wrong(key, key + " is " + text + "; 1 to " + most + " expected");
    }

    private static Set<String> proxies(YamlFile file) {
        Set<String> proxies = new LinkedHashSet<>();
        for (String text : file.texts("proxies")) {
            if (Addresses.literal(text).isEmpty()) {
                throw file.wrong("proxies", "\"" + text + "\" is no address; names are not resolved");
            }
            proxies.add(text);
        }
        return proxies;
    }

    private static Credential credential(YamlFile file, Map<String, String> each) {
        Endpoint endpoint = endpoint(file, "credentials", field(each, "endpoint"));
        if (!endpoint.scheme().equals("coaps")) {
            throw file.wrong("credentials", "endpoint " + endpoint + " is not coaps://…");
        }
        String identity = field(each, "psk_identity");
        if (identity.isEmpty()) {
            throw file.wrong("credentials", "the psk_identity for " + endpoint + " is empty");
        }
        return new Credential(
                endpoint,
                identity,
                key(file, endpoint, field(each, "psk")),
                address(file, "credentials", field(each, "address")));
    }

    private static String field(Map<String, String> each, String name) {
        return each.getOrDefault(name, "");
    }

    /** Never names anything of what the file holds. */
    private static KeyMaterial key(YamlFile file, Endpoint endpoint, String psk) {
        if (!psk.startsWith("@")) {
            throw file.wrong("credentials", "the psk for " + endpoint + " is not @FILE, a file with the key in hex");
        }
        Path path = file.path("credentials", file.directory(), psk.substring(1));
        try {
            byte[] key = HexFormat.of().parseHex(Files.readString(path).strip().toLowerCase(Locale.ROOT));
            if (key.length < 16 || key.length > 64) {
                throw file.wrong(
                        "credentials", "the psk in " + path + " has " + key.length + " octets; 16..64 expected");
            }
            return KeyMaterial.adopt(key);
        } catch (IOException e) {
            throw file.wrong("credentials", "the psk for " + endpoint + " cannot be read: " + path);
        } catch (IllegalArgumentException e) {
            throw file.wrong("credentials", "the psk in " + path + " is not hex");
        }
    }

    private static Endpoint endpoint(YamlFile file, String key, String name) {
        try {
            return Endpoint.parse(name);
        } catch (SaException e) {
            throw file.wrong(key, String.valueOf(e.getMessage()));
        }
    }

    private static InetSocketAddress address(YamlFile file, String key, String text) {
        return Addresses.parse(text)
                .orElseThrow(
                        () -> file.wrong(key, "\"" + text + "\" is no address with a port; names are not resolved"));
    }
}
