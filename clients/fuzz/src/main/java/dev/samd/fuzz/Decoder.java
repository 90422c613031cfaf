// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import java.util.function.Supplier;

/**
 * A decoder to be fuzzed.
 *
 * @param name what it goes by on the command line, and the name of the directories with its inputs
 * @param maxLength octets of the longest input that is tried
 * @param budget what one input may cost
 * @param target makes a target of it
 */
public record Decoder(String name, int maxLength, Budget budget, Supplier<FuzzTarget> target) {}
