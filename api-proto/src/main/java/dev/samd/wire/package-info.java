// SPDX-License-Identifier: Apache-2.0
/**
 * Between the messages of {@code samd.v1} and the domain of {@code dev.samd.sa}, in both directions.
 *
 * <p>Daemon and Java client share this room, so that they cannot drift apart. What comes in is a message from anybody; what
 * leaves is a valid value, or a {@link dev.samd.sa.SaException} that names the field and the value. The .proto files say
 * which default stands for an absent field. The table of errors is {@link dev.samd.wire.ErrorWire}.
 */
@NullMarked
package dev.samd.wire;

import org.jspecify.annotations.NullMarked;
