// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import java.util.Locale;

/** Constants as they are printed: in lower case. */
final class Words {
    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
