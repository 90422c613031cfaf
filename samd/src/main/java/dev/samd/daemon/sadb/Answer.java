// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an installation.
 *
 * @param content a print of everything that was asked for
 * @param first the SA, or the inbound one of a pair
 * @param second the outbound one of a pair
 */
record Answer(KeyPrint content, SadbEntry first, @Nullable SadbEntry second) {
    /** Both, where they are a pair. */
    InstalledPair pair() {
        if (second == null) {
            throw new IllegalStateException("SA " + first.id() + " was not installed with its pair");
        }
        return new InstalledPair(first, second);
    }

    /** What has to be kept of it. */
    AnswerImage image(Origin origin, long revision) {
        return new AnswerImage(
                revision,
                origin.principal(),
                origin.requestId(),
                content,
                first.id(),
                Optional.ofNullable(second).map(SadbEntry::id));
    }
}
