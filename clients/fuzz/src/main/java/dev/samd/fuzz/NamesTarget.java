// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import dev.samd.coap.CoapMessage;
import dev.samd.coap.PathPattern;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Glob;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Texts that name something: endpoints, paths, SPIs, suites. Each is refused or is what it says of itself. */
final class NamesTarget implements FuzzTarget {
    private final List<CoapMessage> messages = List.copyOf(Messages.originals().values());

    @Override
    public boolean run(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        int half = text.length() / 2;
        Glob.fits(text.substring(0, half), text.substring(half));
        boolean endpoint = endpoint(text);
        boolean path = path(text);
        boolean spi = spi(text);
        boolean suite = suite(text);
        return endpoint || path || spi || suite;
    }

    private static boolean endpoint(String text) {
        try {
            Endpoint endpoint = Endpoint.parse(text);
            Finding.unless(Endpoint.parse(endpoint.uri()).equals(endpoint), "an endpoint is not in canonical form");
            Endpoint again = Endpoint.of(endpoint.scheme(), endpoint.host(), endpoint.port());
            Finding.unless(again.equals(endpoint), "an endpoint is not its parts: " + endpoint + ", " + again);
            return true;
        } catch (SaException refused) {
            return false;
        }
    }

    private boolean path(String text) {
        try {
            PathPattern pattern = PathPattern.parse(text);
            Finding.unless(PathPattern.parse(pattern.toString()).equals(pattern), "a path is not its text: " + pattern);
            for (CoapMessage message : messages) {
                pattern.fits(message);
            }
            return true;
        } catch (SaException refused) {
            return false;
        }
    }

    private static boolean spi(String text) {
        try {
            Spi spi = Spi.ofHex(text);
            Finding.unless(Spi.ofHex(spi.toString()).equals(spi), "an SPI is not its text");
            return true;
        } catch (SaException refused) {
            return false;
        }
    }

    private static boolean suite(String text) {
        try {
            CipherSuite suite = CipherSuite.parse(text);
            Finding.unless(CipherSuite.parse(suite.codeHex()) == suite, "a suite is not its number");
            return true;
        } catch (SaException refused) {
            return false;
        }
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        for (String text : new String[] {
            "coap://device-1",
            "coaps://[2001:db8::1]:5684",
            "coap+tcp://Example.COM:5683/",
            "/a/*/c/**",
            "/.well-known/%2f/**",
            "c1d2e3f4",
            "AES_128_CCM_8",
            "c0a8"
        }) {
            seeds.put(text.replaceAll("[^A-Za-z0-9]+", "-"), text.getBytes(StandardCharsets.UTF_8));
        }
        return seeds;
    }
}
