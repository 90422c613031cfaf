// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/** What kind of name a KMP authenticated. */
public enum IdentityType {
    /** Stated by the operator who installed the keys by hand. */
    MANUAL,
    /** Identity of a pre-shared key. */
    PSK,
    /** Hash of a raw public key, {@code ni:///sha-256;…}. */
    RAW_PUBLIC_KEY,
    /** Subject of a certificate. */
    CERTIFICATE,
    /** Subject and proof-of-possession key of a token. */
    TOKEN,
    /** Kerberos principal. */
    PRINCIPAL,
    /** Device identifier of LESS. */
    DEVICE
}
