// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The KMPs that serve, one for each name. Confined to its database's thread. */
final class KmpRegistry {
    private final Map<String, Set<String>> principals;
    private final Map<String, Registered> byName = new HashMap<>();
    private final Map<Long, Registered> byNumber = new HashMap<>();
    private long last;

    /**
     * @param principals whose the KMP of a name may be; a name that is absent may be anybody's
     */
    KmpRegistry(Map<String, Set<String>> principals) {
        this.principals = Map.copyOf(principals);
    }

    /**
     * Refuses who may not speak as a KMP: neither register it nor say that it made an SA.
     *
     * @throws SaException {@link SaError#NOT_PERMITTED}
     */
    void requireMaySpeakAs(String name, String principal) {
        Set<String> permitted = principals.get(name);
        if (permitted != null && !permitted.contains(principal)) {
            throw new SaException(
                    SaError.NOT_PERMITTED, name, principal + " is not one of those that may be KMP " + name);
        }
    }

    /**
     * Enters a KMP.
     *
     * @throws SaException {@link SaError#NOT_PERMITTED}, {@link SaError#ALREADY_REGISTERED}
     */
    Registered register(KmpRegistration registration) {
        requireMaySpeakAs(registration.name(), registration.principal());
        Registered other = byName.get(registration.name());
        if (other != null) {
            throw new SaException(
                    SaError.ALREADY_REGISTERED,
                    registration.name(),
                    "KMP " + registration.name() + " is registered already, by " + other.principal());
        }
        Registered registered = new Registered(++last, registration);
        byName.put(registration.name(), registered);
        byNumber.put(registered.number(), registered);
        return registered;
    }

    /** Takes a KMP out; null if it was not there any more. */
    @Nullable
    Registered unregister(long number) {
        Registered registered = byNumber.remove(number);
        if (registered != null) {
            byName.remove(registered.name());
        }
        return registered;
    }

    /** The KMP of a name, if it is of that principal; an empty principal stands for everybody. */
    @Nullable
    Registered find(String name, String principal) {
        Registered registered = byName.get(name);
        return registered != null
                        && (principal.isEmpty() || registered.principal().equals(principal))
                ? registered
                : null;
    }

    /** Whether one of the KMPs is of that principal. */
    boolean isOf(String principal) {
        return byName.values().stream()
                .anyMatch(registered -> registered.principal().equals(principal));
    }

    /** The resources of all of them. */
    Set<String> resources() {
        Set<String> paths = new TreeSet<>();
        byName.values().forEach(registered -> paths.addAll(registered.registration.resources()));
        return paths;
    }

    /** A KMP and the number of its registration, never used again. */
    record Registered(long number, KmpRegistration registration) {
        String name() {
            return registration.name();
        }

        String principal() {
            return registration.principal();
        }
    }
}
