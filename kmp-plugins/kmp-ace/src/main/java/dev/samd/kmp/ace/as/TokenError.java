// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace.as;

import dev.samd.kmp.Answer;

/** Why a client gets no token (RFC 9200 s5.8.3). */
enum TokenError {
    INVALID_REQUEST(1),
    INVALID_CLIENT(2),
    UNAUTHORIZED_CLIENT(4),
    UNSUPPORTED_GRANT_TYPE(5),
    INVALID_SCOPE(6),
    UNSUPPORTED_POP_KEY(7),
    INCOMPATIBLE_PROFILES(8);

    private final int number;

    TokenError(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** The code of the answer, as on the wire. */
    int code() {
        return this == INVALID_CLIENT ? Answer.UNAUTHORIZED : Answer.BAD_REQUEST;
    }
}
