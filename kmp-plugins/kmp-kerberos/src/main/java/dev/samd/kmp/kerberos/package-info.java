// SPDX-License-Identifier: Apache-2.0
/**
 * SAs from Kerberos service tickets. Enters: an acquire, or a post to {@code /authz-info-krb}. Leaves: a pair with its keys. The
 * runs are pure; JGSS stands behind {@link dev.samd.kmp.kerberos.Tickets} and {@link dev.samd.kmp.kerberos.Acceptor}.
 */
@NullMarked
package dev.samd.kmp.kerberos;

import org.jspecify.annotations.NullMarked;
