// SPDX-License-Identifier: Apache-2.0
/**
 * Every decoder of the project against octets that nobody thought of. {@link dev.samd.fuzz.Decoders} lists them, {@link
 * dev.samd.fuzz.Trial} holds each to its bounds, {@link dev.samd.fuzz.Main} is the command. A target for a decoder that its
 * package hides stands in a package of that name, in this module.
 */
@NullMarked
package dev.samd.fuzz;

import org.jspecify.annotations.NullMarked;
