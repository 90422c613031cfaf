// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/** How a protected message of {@link Content#MESSAGE} looks from outside. */
public enum Form {
    /** Outer POST, FETCH, 2.04 or 2.05, an empty marker option, records with CID, responses bound to their request. */
    SAMD,
    /** As the draft has it: outer code is inner code, nothing tells that the payload is a record. */
    DRAFT_EXACT,
    /** For {@link Content#PAYLOAD} and {@link Content#RAW}, which have one look only. */
    NONE
}
