// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.nio.charset.StandardCharsets;

/** The keys of rows of which there is one each. Never written to. */
final class MetaKey {
    static final byte[] FORMAT = of("format");
    static final byte[] DATA_KEY = of("data-key");
    static final byte[] SECRETS = of("secrets");
    static final byte[] LIFE = of("life");
    static final byte[] COUNTERS = of("counters");
    static final byte[] CLEAN = of("clean");
    static final byte[] POLICIES = of("policies");

    private MetaKey() {}

    private static byte[] of(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
