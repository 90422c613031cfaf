// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import java.nio.file.Path;
import java.util.Optional;

/** Where the key-encryption keys are. */
public sealed interface KeyPlace {
    /** The file {@code kek} in the state directory. */
    KeyPlace BESIDE = new InFile(Optional.empty());

    /**
     * A file of mode 0600, made if it is missing and the store is new.
     *
     * @param file empty: {@code kek} in the state directory
     */
    record InFile(Optional<Path> file) implements KeyPlace {}

    /**
     * A credential that systemd hands over: read only.
     *
     * @param name of the file in {@code $CREDENTIALS_DIRECTORY}
     */
    record InCredential(String name) implements KeyPlace {}

    /**
     * A PKCS#11 token, which the keys never leave.
     *
     * @param library the module of the token's maker
     * @param slot where the token is
     * @param pin the file that holds the PIN of the user
     * @param label of the key, and beginning of the labels of those that rotation makes; no other store has it on this token
     */
    record OnToken(Path library, Slot slot, Path pin, String label) implements KeyPlace {}

    /**
     * A slot of a PKCS#11 module.
     *
     * @param number of it
     * @param isIndex whether that counts the slots, from 0; otherwise it is the slot's own id
     */
    record Slot(long number, boolean isIndex) {
        @Override
        public String toString() {
            return (isIndex ? "slot_index " : "slot ") + number;
        }
    }
}
