// SPDX-License-Identifier: Apache-2.0
/**
 * A small authorization server (RFC 9200 s5.8) for tests and first steps: the program {@code ace-as}. The one room here that
 * opens sockets and files.
 */
@NullMarked
package dev.samd.kmp.ace.as;

import org.jspecify.annotations.NullMarked;
