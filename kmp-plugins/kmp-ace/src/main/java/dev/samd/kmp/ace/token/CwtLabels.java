// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

/** Numbers of claims (RFC 8392 s4, RFC 8747 s7.1, RFC 9200 s8.14). */
final class CwtLabels {
    static final int CWT_TAG = 61;

    static final int ISS = 1;
    static final int SUB = 2;
    static final int AUD = 3;
    static final int EXP = 4;
    static final int NBF = 5;
    static final int IAT = 6;
    static final int CTI = 7;
    static final int CNF = 8;
    static final int SCOPE = 9;
    static final int CNONCE = 39;
    static final int EXI = 40;

    /** Private: the salt of the key derivation. */
    static final int DR_SALT = -70011;

    static final int CNF_COSE_KEY = 1;
    static final int CNF_ENCRYPTED_KEY = 2;

    private CwtLabels() {}
}
