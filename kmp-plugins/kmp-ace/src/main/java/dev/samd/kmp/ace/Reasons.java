// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.Answer;
import dev.samd.kmp.KmpOutput;
import java.util.Locale;

/** Why a run of the initiator failed, in Linux error numbers and in words that a waiting caller understands. */
final class Reasons {
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EPROTO = 71;
    static final int EPROTONOSUPPORT = 93;
    static final int ETIMEDOUT = 110;
    static final int ENOKEY = 126;
    static final int EKEYREJECTED = 129;

    private static final int MAX_REASON = 256;

    private Reasons() {}

    /**
     * An answer that is none of success.
     *
     * @param what resource and peer: "coap://sensor-1/authz-info"
     */
    static KmpOutput.Failed answered(String what, Answer answer) {
        int errno =
                switch (answer.code()) {
                    case Answer.UNAUTHORIZED -> EKEYREJECTED;
                    case Answer.FORBIDDEN -> EACCES;
                    case Answer.NOT_ACCEPTABLE, Answer.UNSUPPORTED_FORMAT -> EPROTONOSUPPORT;
                    case Answer.TOO_MANY, Answer.UNAVAILABLE, Answer.CONFLICT -> EAGAIN;
                    default -> EPROTO;
                };
        return failed(errno, what + " answered " + code(answer.code()) + ", unauthenticated");
    }

    static KmpOutput.Failed failed(int errno, String reason) {
        return new KmpOutput.Failed(errno, shortened(reason));
    }

    static String shortened(String reason) {
        return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON - 1) + "…";
    }

    private static String code(int code) {
        return String.format(Locale.ROOT, "%d.%02d", code >> 5, code & 0x1f);
    }
}
