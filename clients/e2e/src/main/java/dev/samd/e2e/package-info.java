// SPDX-License-Identifier: Apache-2.0
/**
 * Two small CoAP programs on Californium that hold no keys: what the quickstart shows and what the end-to-end tests run.
 */
@NullMarked
package dev.samd.e2e;

import org.jspecify.annotations.NullMarked;
