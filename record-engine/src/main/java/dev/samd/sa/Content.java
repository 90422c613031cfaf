// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/** What the records of an SA carry. Equal for both SAs of a pair, never changed, never taken from a message. */
public enum Content {
    /** Whole CoAP messages. */
    MESSAGE,
    /** The payload of CoAP messages alone: code, payload and Content-Format; every other option stays open. */
    PAYLOAD,
    /** Octets that the daemon does not look at. */
    RAW
}
