// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.host;

import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpConfigException;
import dev.samd.kmp.KmpProvider;
import dev.samd.kmp.KmpSetup;
import dev.samd.kmp.drive.ToyKmp;
import java.util.Set;

/** Makes the toy KMP: its section may say "merit: no", and nothing else. */
public final class ToyProvider implements KmpProvider {
    @Override
    public String name() {
        return "toy";
    }

    @Override
    public Kmp create(KmpSetup setup) {
        if (!Set.of("merit").containsAll(setup.section().keySet())
                || Boolean.TRUE.equals(setup.section().get("merit"))) {
            throw new KmpConfigException("the toy has no merit");
        }
        return new ToyKmp(setup.random());
    }
}
