// SPDX-License-Identifier: Apache-2.0
package dev.samd.engine;

import dev.samd.sa.SaId;

/**
 * An outbound SA that was looked at for a request.
 *
 * @param sa the SA
 * @param standing what became of it
 */
public record Candidate(SaId sa, Standing standing) {
    /** Why an SA is taken for a request, or is not. */
    public enum Standing {
        /** It is the one. */
        CHOSEN,
        /** A newer one is taken. */
        OLDER,
        /** It is past a soft limit, and one that is not is taken. */
        DYING,
        /** Its pair waits for its first good record: it gets single requests, and the others go under the pair before. */
        UNCONFIRMED,
        /** Its pair waits for its first good record, and the peer has to make it. */
        RESPONDER_WAITS,
        /** The rule does not admit it. */
        NOT_ADMITTED,
        /** It is another local endpoint's. */
        OTHER_LOCAL,
        /** It carries raw records, not messages. */
        RAW,
        /** It seals nothing any more: out of numbers, or past a hard limit. */
        SPENT,
        /** Its numbers may have gone back. */
        SUSPENDED
    }
}
