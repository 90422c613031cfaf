// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.io.IOException;
import java.util.List;

/** Holds the key-encryption keys, which never leave it. */
interface KeyEncryption {
    /** The key to seal a new store under; made if there is none and it can be. */
    String first() throws IOException;

    /**
     * The keys that belong to this store and no other one, the one that is to seal last. Empty where others may keep theirs at
     * the same place: then only the store knows which is its own.
     */
    List<String> own();

    /** Seals a data key under the key of that name. */
    byte[] seal(String name, byte[] dataKey) throws StoreException;

    /**
     * Opens a sealed data key.
     *
     * @throws StoreException if there is no key of that name, or it is another one
     */
    byte[] open(String name, byte[] sealed) throws StoreException;

    /**
     * Makes a new key, which is there for good when this returns.
     *
     * @throws StoreException where keys cannot be made; the message says what to do instead
     */
    String make() throws IOException;

    /** Destroys a key that nothing is sealed under any more. One that is not there is none to destroy. */
    void destroy(String name) throws IOException;

    /** What it is, to be shown. */
    String description();
}
