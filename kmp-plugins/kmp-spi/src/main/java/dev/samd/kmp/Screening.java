// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

/** What becomes of a request to a resource of a KMP. */
public sealed interface Screening {
    /**
     * It is answered, and nothing is kept.
     *
     * @param reason why it is refused, for this host's log alone; never a secret. Empty for what is not worth a line
     */
    record Answered(Answer answer, String reason) implements Screening {
        /** An answer that is not worth a line. */
        public Answered(Answer answer) {
            this(answer, "");
        }
    }

    /**
     * It is worth a negotiation.
     *
     * @param negotiation the driver calls {@link Negotiation#start} next; its first {@link KmpOutput.Reply} is the answer
     */
    record Admitted(Negotiation negotiation) implements Screening {}
}
