// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.token;

import dev.samd.kmp.Answer;

/** Carries a {@link TokenVerdict.Refused} from the depth of a parser to the verifier, which makes a value of it. */
final class TokenFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    private TokenFault(int code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    /** The token, or its claims, cannot be read. */
    static TokenFault malformed(String reason) {
        return new TokenFault(Answer.BAD_REQUEST, reason);
    }

    /** It does not verify, or not from this issuer, or not now. */
    static TokenFault unauthorized(String reason) {
        return new TokenFault(Answer.UNAUTHORIZED, reason);
    }

    /** It is for somebody else. */
    static TokenFault forbidden(String reason) {
        return new TokenFault(Answer.FORBIDDEN, reason);
    }

    TokenVerdict.Refused verdict() {
        return new TokenVerdict.Refused(code, String.valueOf(getMessage()));
    }
}
