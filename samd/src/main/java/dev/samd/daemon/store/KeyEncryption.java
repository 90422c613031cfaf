// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.io.IOException;

/** Holds the key-encryption keys, which never leave it. */
interface KeyEncryption {
    /** The name of the key that seals now. */
    String current();

    /** Seals a data key under the key of {@link #current}. */
    byte[] seal(byte[] dataKey);

    /**
     * Opens a sealed data key.
     *
     * @throws StoreException if there is no key of that name, or it is another one
     */
    byte[] open(String name, byte[] sealed) throws StoreException;

    /** Makes a new key, which seals from now on; the older ones stay until {@link #forgetOlder}. */
    void rotate() throws IOException;

    /** Destroys every key but the one that seals now. */
    void forgetOlder() throws IOException;

    /** What it is, to be shown. */
    String description();
}
