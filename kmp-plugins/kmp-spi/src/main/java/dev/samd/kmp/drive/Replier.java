// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.drive;

import dev.samd.kmp.Answer;
import dev.samd.sa.Octets;

/** Answers one request. Exactly one of its methods is called, once, on any thread. */
public interface Replier {
    void answer(Answer answer);

    /** 4.01 with this Echo option: the sender is to show that it receives at its address (RFC 9175 s2.3). */
    void challenge(Octets echo);

    /** No answer. */
    void silence();
}
