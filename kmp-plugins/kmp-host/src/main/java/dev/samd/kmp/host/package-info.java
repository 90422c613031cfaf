// SPDX-License-Identifier: Apache-2.0
/**
 * The program kmpd: the configuration, the drivers of its KMPs, and what they are joined to. Enters: CoAP requests and what the
 * daemon says. Leaves: CoAP requests and answers, and calls on the daemon. Only this room of the KMPs knows a CoAP library and
 * the daemon's client.
 */
@NullMarked
package dev.samd.kmp.host;

import org.jspecify.annotations.NullMarked;
