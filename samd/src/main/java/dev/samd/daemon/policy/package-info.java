// SPDX-License-Identifier: Apache-2.0
/** What has to be protected, and who may speak for whom: the SPD and the PAD of RFC 4301 s4.4, in one ordered list. Pure. */
@NullMarked
package dev.samd.daemon.policy;

import org.jspecify.annotations.NullMarked;
