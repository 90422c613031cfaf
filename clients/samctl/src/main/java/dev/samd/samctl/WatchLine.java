// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.AcquireView;
import dev.samd.client.SaEntry;
import dev.samd.client.WatchItem;
import dev.samd.sa.ExpireCause;
import java.util.ArrayList;
import java.util.List;

/** Items of a watch, one line each: words for people, names of watch.proto for machines. */
final class WatchLine {
    private WatchLine() {}

    static String people(WatchItem item) {
        if (item instanceof WatchItem.Ready ready) {
            return "READY at " + ready.cursor();
        }
        if (item instanceof WatchItem.Lost lost) {
            String count = lost.count() == 0 ? "changes" : lost.count() + " changes";
            return "LOST " + count + "; goes on at " + lost.cursor() + ", list anew";
        }
        if (item instanceof WatchItem.Operation operation) {
            return people(operation);
        }
        return people((WatchItem.Event) item);
    }

    static Json machine(WatchItem item) {
        if (item instanceof WatchItem.Ready ready) {
            return new Json().with("ready", new Json().with("cursor", EntryJson.cursor(ready.cursor())));
        }
        if (item instanceof WatchItem.Lost lost) {
            Json json = new Json().with("count", lost.count()).with("cursor", EntryJson.cursor(lost.cursor()));
            return new Json().with("lost", json);
        }
        if (item instanceof WatchItem.Operation operation) {
            return new Json().with("operation", machine(operation));
        }
        return new Json().with("event", machine((WatchItem.Event) item));
    }

    private static String people(WatchItem.Event event) {
        List<String> words = new ArrayList<>();
        words.add(event.time().toString());
        words.add(event.kind().name());
        event.expiry()
                .ifPresent(expiry -> words.add((expiry.hard() ? "hard" : "soft")
                        + expiry.cause().map(cause -> "(" + cause.name() + ")").orElse("")));
        event.entry().ifPresent(entry -> addEntry(words, entry));
        event.acquire().ifPresent(acquire -> addAcquire(words, acquire));
        addIfAny(words, "kmp", event.kmp());
        if (event.count() != 0) {
            words.add("count=" + event.count());
        }
        addIfAny(words, "by", event.principal());
        return String.join(" ", words);
    }

    private static void addEntry(List<String> words, SaEntry entry) {
        words.add("id=" + entry.id());
        words.add("spi=" + entry.spi());
        words.add(entry.direction().name());
        words.add(entry.state().name());
        words.add("peer=" + entry.peer());
        if (!entry.membership().pair().isNone()) {
            words.add("pair=" + entry.membership().pair());
        }
        if (!entry.membership().supersedes().isNone()) {
            words.add("supersedes=" + entry.membership().supersedes());
        }
        entry.membership().role().ifPresent(role -> words.add(role.name()));
        entry.flags().forEach(flag -> words.add(flag.name()));
        if (entry.acquireSequence() != 0) {
            words.add("seq=" + Integer.toUnsignedString(entry.acquireSequence()));
        }
        entry.parameters().ifPresent(known -> {
            String rights = EntryTable.rights(known.rights());
            if (!rights.equals(EntryTable.NOTHING)) {
                words.add("rights=" + rights);
            }
        });
    }

    private static void addAcquire(List<String> words, AcquireView acquire) {
        words.add(acquire.state().name());
        words.add("seq=" + Integer.toUnsignedString(acquire.sequence()));
        words.add("target=" + acquire.target());
        addIfAny(words, "local", acquire.local().uri());
        addIfAny(words, "kmp", acquire.kmp());
        addIfAny(words, "policy", acquire.policy());
        if (!acquire.replaces().isNone()) {
            words.add("replaces=" + acquire.replaces());
        }
        words.add("waiting=" + acquire.waiting());
        if (!acquire.reason().isEmpty()) {
            words.add("reason=" + Json.quoted(acquire.reason()));
        }
    }

    private static String people(WatchItem.Operation operation) {
        List<String> words = new ArrayList<>();
        words.add(operation.time().toString());
        words.add("CALL");
        words.add(operation.call());
        if (!operation.subject().isEmpty()) {
            words.add(Json.quoted(operation.subject()));
        }
        words.add("by=" + operation.principal());
        operation.refusal().ifPresent(refusal -> words.add("refused=" + refusal.error()));
        return String.join(" ", words);
    }

    private static void addIfAny(List<String> words, String name, String value) {
        if (!value.isEmpty()) {
            words.add(name + "=" + value);
        }
    }

    private static Json machine(WatchItem.Event event) {
        Json json = new Json()
                .with("cursor", EntryJson.cursor(event.cursor()))
                .with("time", event.time())
                .with("kind", event.kind().name());
        event.entry().ifPresent(entry -> json.with("entry", EntryJson.of(entry)));
        json.with("principal", event.principal());
        event.expiry().ifPresent(expiry -> json.with("soft", !expiry.hard())
                .with("hard", expiry.hard())
                .with("cause", expiry.cause().map(ExpireCause::name).orElse("UNSPECIFIED")));
        if (!event.closeNotify().isEmpty()) {
            json.with("close_notify", event.closeNotify());
        }
        json.with("count", event.count());
        event.acquire().ifPresent(acquire -> json.with("acquire", machine(acquire)));
        if (!event.kmp().isEmpty()) {
            json.with("kmp", event.kmp());
        }
        return json;
    }

    private static Json machine(AcquireView acquire) {
        return new Json()
                .with("sequence", Integer.toUnsignedLong(acquire.sequence()))
                .with("target", acquire.target())
                .with("local", acquire.local())
                .with("kmp", acquire.kmp())
                .with("state", acquire.state().name())
                .with("reason", acquire.reason())
                .with("waiting", acquire.waiting())
                .with("replaces", acquire.replaces().value())
                .with("policy", acquire.policy());
    }

    private static Json machine(WatchItem.Operation operation) {
        Json json = new Json()
                .with("time", operation.time())
                .with("principal", operation.principal())
                .with("call", operation.call())
                .with("subject", operation.subject());
        operation.refusal().ifPresent(refusal -> json.with("refusal", EntryJson.refusal(refusal)));
        return json;
    }
}
