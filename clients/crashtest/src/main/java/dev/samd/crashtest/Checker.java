// SPDX-License-Identifier: Apache-2.0
package dev.samd.crashtest;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says whether what happened may happen. Every call to protect has a payload of its own, so a number that is returned a
 * second time was used a second time, whatever the octets are. Confined to the journal's lock.
 */
final class Checker {
    private final Map<Long, BitSet> sealed = new HashMap<>();
    private final Map<Long, BitSet> released = new HashMap<>();
    private final Map<Integer, Host> hosts = new HashMap<>();

    /** What one daemon has acknowledged. */
    private static final class Host {
        /** The SAs that have to be there, and those that may be. */
        private final Map<Long, Sa> installed = new HashMap<>();

        private final Set<Long> deleted = new HashSet<>();
        /** Of the listing under way: what has to be in it still, and what must not be. */
        private final Set<Long> toBeListed = new HashSet<>();

        private final Set<Long> notToBeListed = new HashSet<>();
    }

    /** One SA that was acknowledged. */
    private static final class Sa {
        /** After this a LARVAL one may have ended by itself, in milliseconds of the journal. */
        private int staysUntil = Integer.MAX_VALUE;

        private boolean deleteAsked;
        /** Every lifetime that it may have: the last one acknowledged, and those asked for since. */
        private final Set<Long> lifetimes = new HashSet<>();
    }

    /** What is wrong with one more entry. */
    Optional<Violation> look(Entry entry) {
        Host host = hosts.computeIfAbsent(entry.host(), h -> new Host());
        long subject = entry.subject();
        return switch (entry.kind()) {
            case SEALED -> once(sealed, entry, "was returned twice: one nonce protects two messages");
            case RELEASED ->
                numbers(sealed, subject).get(index(entry))
                        ? once(released, entry, "was released twice: a replay was accepted")
                        : found(entry, "was released, and nobody ever made it");
            case INSTALLED -> installed(host, entry, entry.number(), Integer.MAX_VALUE);
            case RESERVED ->
                installed(host, entry, 0, entry.millis() - (int) entry.number() + Reservation.YOUNG_MILLIS);
            case LIFETIME_ASKED -> {
                sa(host, subject).lifetimes.add(entry.number());
                yield Optional.empty();
            }
            case LIFETIME_CHANGED -> {
                Sa sa = sa(host, subject);
                sa.lifetimes.clear();
                sa.lifetimes.add(entry.number());
                sa.staysUntil = Integer.MAX_VALUE;
                yield Optional.empty();
            }
            case DELETE_ASKED -> {
                sa(host, subject).deleteAsked = true;
                host.toBeListed.remove(subject);
                yield Optional.empty();
            }
            case DELETED -> {
                host.installed.remove(subject);
                host.deleted.add(subject);
                yield Optional.empty();
            }
            case LISTING -> {
                host.toBeListed.clear();
                host.installed.forEach((id, sa) -> {
                    if (!sa.deleteAsked && entry.millis() < sa.staysUntil) {
                        host.toBeListed.add(id);
                    }
                });
                host.notToBeListed.clear();
                host.notToBeListed.addAll(host.deleted);
                yield Optional.empty();
            }
            case LISTED -> listed(host, entry);
            case LISTING_ENDS ->
                host.toBeListed.stream()
                        .findFirst()
                        .flatMap(lost -> found(entry, lost, "was acknowledged, and is lost"));
            case REFUSED, STARTED, READY, KILLED, STOPPED -> Optional.empty();
        };
    }

    private static Optional<Violation> installed(Host host, Entry entry, long lifetime, int staysUntil) {
        if (host.installed.containsKey(entry.subject()) || host.deleted.contains(entry.subject())) {
            return found(entry, "was given as an id a second time");
        }
        Sa sa = new Sa();
        sa.lifetimes.add(lifetime);
        sa.staysUntil = staysUntil;
        host.installed.put(entry.subject(), sa);
        return Optional.empty();
    }

    private Optional<Violation> listed(Host host, Entry entry) {
        long id = entry.subject();
        host.toBeListed.remove(id);
        if (host.notToBeListed.contains(id)) {
            return found(entry, "was deleted, and came back");
        }
        Sa sa = host.installed.get(id);
        if (sa != null && !sa.lifetimes.contains(entry.number())) {
            return found(
                    entry, "has the lifetime of " + entry.number() + " s, and was acknowledged with " + sa.lifetimes);
        }
        return Optional.empty();
    }

    private static Sa sa(Host host, long id) {
        return host.installed.computeIfAbsent(id, i -> new Sa());
    }

    private static Optional<Violation> once(Map<Long, BitSet> uses, Entry entry, String violation) {
        BitSet used = numbers(uses, entry.subject());
        if (used.get(index(entry))) {
            return found(entry, violation);
        }
        used.set(index(entry));
        return Optional.empty();
    }

    private static BitSet numbers(Map<Long, BitSet> uses, long key) {
        return uses.computeIfAbsent(key, k -> new BitSet());
    }

    private static int index(Entry entry) {
        return Math.toIntExact(entry.number());
    }

    private static Optional<Violation> found(Entry entry, String what) {
        if (entry.kind().ofRecords()) {
            String name = Long.toHexString(entry.subject()) + "/" + entry.number();
            return Optional.of(new Violation(
                    "record " + name + " " + what,
                    other -> other.kind().ofRecords()
                            && other.subject() == entry.subject()
                            && other.number() == entry.number()));
        }
        return found(entry, entry.subject(), what);
    }

    private static Optional<Violation> found(Entry entry, long sa, String what) {
        return Optional.of(new Violation(
                "SA " + sa + " of samd " + entry.host() + " " + what,
                other -> !other.kind().ofRecords() && other.host() == entry.host() && other.subject() == sa));
    }

    /** Records that were returned. */
    long sealedRecords() {
        return sum(sealed);
    }

    /** Records that were released. */
    long releasedRecords() {
        return sum(released);
    }

    /** Numbers below the highest one of each key that no record was ever returned with. */
    long skippedNumbers() {
        return sealed.values().stream()
                .mapToLong(numbers -> numbers.length() - numbers.cardinality())
                .sum();
    }

    private static long sum(Map<Long, BitSet> uses) {
        return uses.values().stream().mapToLong(BitSet::cardinality).sum();
    }
}
