// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

/** What becomes of a request to a resource of a KMP. */
public sealed interface Screening {
    /** It is answered, and nothing is kept. */
    record Answered(Answer answer) implements Screening {}

    /**
     * It is worth a negotiation.
     *
     * @param negotiation the driver calls {@link Negotiation#start} next; its first {@link KmpOutput.Reply} is the answer
     */
    record Admitted(Negotiation negotiation) implements Screening {}
}
