// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Lifetime;
import dev.samd.sa.SaParameters;
import org.jspecify.annotations.Nullable;

/**
 * Changes the limits of a MATURE or DYING SA (UPDATE, RFC 2367 s3.1.2): the one thing about it that may change.
 *
 * @param origin who asks: the owner of the SA
 * @param sa the SA
 * @param stated what the caller takes the SA for, refused where it differs in more than the lifetime; {@code null} if
 *     nothing was stated
 * @param lifetime the new limits
 */
public record ChangeLifetime(Origin origin, SaSelector sa, @Nullable SaParameters stated, Lifetime lifetime) {}
