// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

/** What becomes of a token. */
public sealed interface TokenVerdict {
    /** It holds. Its receiver owns the token, and with it the key. */
    record Accepted(AccessToken token) implements TokenVerdict {}

    /**
     * It does not.
     *
     * @param code code of the answer to its sender (RFC 9200 s5.10.1.1), as on the wire
     * @param reason for those who operate the server; never for the sender
     */
    record Refused(int code, String reason) implements TokenVerdict {}
}
