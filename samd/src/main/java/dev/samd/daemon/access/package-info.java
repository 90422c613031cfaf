// SPDX-License-Identifier: Apache-2.0
/**
 * Who may do what: principals and the rules of the configuration come in, rights and decisions go out. Pure: knows neither
 * transport nor database. Whoever serves a call asks here first; the table of roles and calls is {@link
 * dev.samd.daemon.access.Verb}.
 */
@NullMarked
package dev.samd.daemon.access;

import org.jspecify.annotations.NullMarked;
