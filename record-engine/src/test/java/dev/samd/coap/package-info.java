// SPDX-License-Identifier: Apache-2.0
/** Tests of the split, the two forms and the codec. */
@NullMarked
package dev.samd.coap;

import org.jspecify.annotations.NullMarked;
