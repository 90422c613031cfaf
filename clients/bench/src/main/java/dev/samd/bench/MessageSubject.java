// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

/** Both ends of one protected way for whole CoAP requests, octets in and octets out. Confined to one thread. */
interface MessageSubject {
    /** Protects a request as the client does. */
    byte[] protect(byte[] request);

    /**
     * Unprotects a request as the server does, and accepts its number.
     *
     * @throws IllegalStateException if the message does not verify, or its number was accepted before
     */
    byte[] unprotect(byte[] message);

    /** Begins again: numbers start from the first one, and what was unprotected can be unprotected again. */
    void restart();
}
