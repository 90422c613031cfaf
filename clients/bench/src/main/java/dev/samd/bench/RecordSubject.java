// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

/** Both ends of one SA of one implementation, for records of application data. Confined to one thread. */
interface RecordSubject {
    /** Seals a record under the next number. */
    byte[] seal(byte[] plaintext);

    /**
     * Opens a record and accepts its number.
     *
     * @throws IllegalStateException if the record does not verify, or its number was accepted before
     */
    byte[] open(byte[] record);

    /** Begins again: numbers start from the first one, and what was opened can be opened again. */
    void restart();
}
