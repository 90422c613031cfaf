// SPDX-License-Identifier: Apache-2.0
package dev.samd.record;

import dev.samd.sa.DiscardReason;
import java.util.Optional;

/**
 * What a record meets that is looked at and not accepted.
 *
 * @param refusal the first door that is closed to it; empty: it would be accepted
 * @param authentic whether its tag was tried, and is good
 * @param content what it carries; empty unless it is authentic and well-formed
 */
public record Inspection(Optional<DiscardReason> refusal, boolean authentic, Optional<OpenResult.Opened> content) {
    /** Of a record whose tag was not tried. */
    static Inspection closed(DiscardReason reason) {
        return new Inspection(Optional.of(reason), false, Optional.empty());
    }
}
