// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Octets;
import dev.samd.sa.SaId;
import java.util.Optional;

/**
 * What has to be kept of the answer to a request that may come again.
 *
 * @param revision as of which it was given
 * @param principal who asked
 * @param requestId under which name
 * @param content a print of everything that was asked for
 * @param first the SA that was answered, or the inbound one of a pair
 * @param second the outbound one of a pair
 */
public record AnswerImage(
        long revision, String principal, Octets requestId, KeyPrint content, SaId first, Optional<SaId> second) {}
