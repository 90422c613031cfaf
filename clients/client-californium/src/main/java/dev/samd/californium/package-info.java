// SPDX-License-Identifier: Apache-2.0
/**
 * Protected Californium endpoints: a program that holds no keys, and one line, {@link dev.samd.californium.Samd#protect}.
 *
 * <p>What enters is a CoAP message of the program or of the network; what leaves is its protected or its original form,
 * made by a daemon behind {@link dev.samd.californium.MessageProtection}. The layer stands above reliability (a
 * retransmitted message is the same octets, duplicates are answered before they reach a replay window) and below
 * block-wise (a block is a message). It parks exchanges and never blocks a thread of the stack. Nothing that must be
 * protected leaves or enters in clear.
 */
@NullMarked
package dev.samd.californium;

import org.jspecify.annotations.NullMarked;
