// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.daemon.sadb.NaiveAcquires.Want;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a database says, in the words of {@link Told}: random sequence numbers become the n-th number of a need, and the
 * numbers under which calls wait become what they wait for.
 */
final class SaidBySadb {
    private final Map<Long, String> labels = new LinkedHashMap<>();
    private final Map<Want, Integer> rounds = new HashMap<>();
    private final Map<Long, Want> waitedFor = new LinkedHashMap<>();

    /** Sequence numbers that were ever offered, the first one first. */
    List<Long> sequences() {
        return List.copyOf(labels.keySet());
    }

    /** Numbers under which calls ever waited. */
    List<Long> numbers() {
        return List.copyOf(waitedFor.keySet());
    }

    String label(long sequence) {
        return labels.getOrDefault(sequence, "a sequence that was never offered");
    }

    Want waitedFor(long number) {
        return waitedFor.get(number);
    }

    /** A call waits under a number. */
    void waiting(long number, Want want) {
        Want before = waitedFor.putIfAbsent(number, want);
        if (before != null && !before.equals(want)) {
            throw new AssertionError("number " + number + " is of " + before + " and of " + want);
        }
    }

    static Want want(Need need) {
        return new Want(need.target().uri(), need.key().policy(), need.replaces());
    }

    List<String> notices(List<Notice> notices) {
        List<String> texts = new ArrayList<>();
        for (Notice notice : notices) {
            if (notice instanceof Notice.Offered offered) {
                labels.computeIfAbsent(offered.sequence(), sequence -> {
                    Want want = want(offered.need());
                    return want + "#" + rounds.merge(want, 1, Integer::sum);
                });
            }
            texts.add(text(notice));
        }
        return texts;
    }

    private String text(Notice notice) {
        if (notice instanceof Notice.Released released) {
            return "released " + waiting(released.need());
        }
        if (notice instanceof Notice.Refused refused) {
            return "refused " + waiting(refused.need()) + " " + refused.why().error();
        }
        Notice.ToKmp told = (Notice.ToKmp) notice;
        String what = notice instanceof Notice.Offered
                ? "offered"
                : notice instanceof Notice.Claimed ? "claimed" : "withdrawn";
        return what + " " + told.kmp() + " " + label(told.sequence());
    }

    private String waiting(long number) {
        Want want = waitedFor.get(number);
        return want == null ? "a successor" : want.waitedFor();
    }

    /** To be asked after the notices of the same step, which know the needs. */
    List<String> events(List<SadbEvent> events) {
        return events.stream()
                .map(event -> Duration.between(SadbFixture.BORN, event.time()).toNanos() + " " + text(event))
                .toList();
    }

    private String text(SadbEvent event) {
        if (event instanceof SadbEvent.OfEntry ofEntry) {
            return text(ofEntry);
        }
        if (event instanceof SadbEvent.Acquiring acquiring) {
            AcquireView acquire = acquiring.acquire();
            return "ACQUIRE " + acquire.state() + " " + acquire.kmp() + " " + label(acquire.sequence()) + " policy="
                    + acquire.policy() + " waiting=" + acquire.waiting();
        }
        if (event instanceof SadbEvent.Registered registered) {
            return "REGISTER " + registered.kmp();
        }
        if (event instanceof SadbEvent.Unregistered unregistered) {
            return "UNREGISTER " + unregistered.kmp();
        }
        if (event instanceof SadbEvent.PoliciesChanged changed) {
            return "POLICIES " + changed.count();
        }
        return "FLUSH " + ((SadbEvent.Flushed) event).count();
    }

    private static String text(SadbEvent.OfEntry event) {
        String id = " " + event.entry().id();
        if (event instanceof SadbEvent.Expired expired) {
            return "EXPIRE " + (expired.hard() ? "hard" : "soft") + id + " " + expired.cause();
        }
        if (event instanceof SadbEvent.Reserved) {
            return "GETSPI" + id;
        }
        if (event instanceof SadbEvent.Added) {
            return "ADD" + id;
        }
        if (event instanceof SadbEvent.Updated) {
            return "UPDATE" + id;
        }
        if (event instanceof SadbEvent.Deleted) {
            return "DELETE" + id;
        }
        return (event instanceof SadbEvent.Confirmed ? "CONFIRMED" : "ALARM") + id;
    }
}
