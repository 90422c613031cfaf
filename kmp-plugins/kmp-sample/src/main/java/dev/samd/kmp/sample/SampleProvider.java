// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.sample;

import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpProvider;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.kit.Section;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import java.util.HexFormat;
import java.util.Set;

/** Makes the KMP from its section {@code sample}: {@code {peer: coap://…, key: "@FILE"}}, a file with hexadecimal text. */
public final class SampleProvider implements KmpProvider {
    @Override
    public String name() {
        return "sample";
    }

    @Override
    public Kmp create(KmpSetup setup) {
        Section section = Section.of(name(), setup.section(), setup.directory(), Set.of("peer", "key"));
        Endpoint peer = section.text("peer", Endpoint::parse);
        KeyMaterial key =
                section.file("key", text -> KeyMaterial.adopt(HexFormat.of().parseHex(text.strip())));
        return new SampleKmp(peer, key, setup.random());
    }
}
