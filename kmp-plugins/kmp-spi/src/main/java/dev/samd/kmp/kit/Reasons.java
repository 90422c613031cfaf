// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kit;

import dev.samd.kmp.Answer;
import dev.samd.kmp.KmpOutput;
import java.util.Locale;

/** Why a run failed, in Linux error numbers and in words that a waiting caller understands. */
public final class Reasons {
    /** Try again. */
    public static final int EAGAIN = 11;
    /** Not allowed. */
    public static final int EACCES = 13;
    /** The peer does not speak the protocol. */
    public static final int EPROTO = 71;
    /** Nothing that both sides can do. */
    public static final int EPROTONOSUPPORT = 93;
    /** No answer. */
    public static final int ETIMEDOUT = 110;
    /** No credential. */
    public static final int ENOKEY = 126;
    /** The peer rejected the credential. */
    public static final int EKEYREJECTED = 129;

    private static final int MAX_REASON = 256;

    private Reasons() {}

    /**
     * An answer that is none of success.
     *
     * @param what resource and peer: "coap://sensor-1/authz-info"
     */
    public static KmpOutput.Failed answered(String what, Answer answer) {
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

    /** A failure for this reason. */
    public static KmpOutput.Failed failed(int errno, String reason) {
        return new KmpOutput.Failed(errno, shortened(reason));
    }

    /** At most 256 characters of it. */
    public static String shortened(String reason) {
        return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON - 1) + "…";
    }

    private static String code(int code) {
        return String.format(Locale.ROOT, "%d.%02d", code >> 5, code & 0x1f);
    }
}
