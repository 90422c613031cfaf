// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

/** Makes a {@link Kmp} from its section of the configuration. Found by {@link java.util.ServiceLoader}. */
public interface KmpProvider {
    /** The name of the section, and of the KMP. */
    String name();

    /**
     * Makes the KMP. Reads the files that its section names.
     *
     * @throws KmpConfigException naming the key and the value that cannot be
     */
    Kmp create(KmpSetup setup);
}
