// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A KMP that serves (REGISTER, RFC 2367 s3.1.7).
 *
 * @param name as policies and identities call it
 * @param principal whose it is
 * @param resources paths of the resources through which peers reach it: a POST in clear to one of them passes every policy
 */
public record KmpRegistration(String name, String principal, Set<String> resources) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,64}");
    private static final int MAX_RESOURCES = 16;

    public KmpRegistration {
        resources = Set.copyOf(resources);
        if (!NAME.matcher(name).matches() || name.equals("manual")) {
            throw new SaException(
                    SaError.MALFORMED,
                    name,
                    "\"" + name
                            + "\" is no name of a KMP: 1..64 characters of a-z, 0-9, ., _ and -, but not \"manual\"");
        }
        if (resources.size() > MAX_RESOURCES) {
            throw new SaException(
                    SaError.MALFORMED,
                    resources.size() + " resources",
                    "KMP " + name + " has " + resources.size() + " resources; at most " + MAX_RESOURCES + " expected");
        }
    }
}
