// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.SaEntry;
import dev.samd.client.SamdClient;
import dev.samd.client.Watch;
import dev.samd.client.WatchItem;
import dev.samd.sa.ExpireCause;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Shows what happens to the SA database, one line an event. */
@Command(
        name = "monitor",
        description = "Shows what happens to SAs as it happens, until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class MonitorCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Samctl samctl;

    @Override
    public Integer call() {
        try (SamdClient client = samctl.connect();
                Watch.Subscription watch = client.watch().subscribe();
                Printer printer = samctl.printer()) {
            for (WatchItem item = watch.next(); item != null; item = watch.next()) {
                print(printer, item);
            }
        }
        return ExitCode.DONE;
    }

    private static void print(Printer printer, WatchItem item) {
        if (item instanceof WatchItem.Ready ready) {
            printer.event(
                    "READY at " + ready.cursor(),
                    new Json().with("ready", new Json().with("cursor", EntryJson.cursor(ready.cursor()))));
        } else if (item instanceof WatchItem.Lost lost) {
            String count = lost.count() == 0 ? "changes" : lost.count() + " changes";
            printer.event(
                    "LOST " + count + "; goes on at " + lost.cursor() + ", list anew",
                    new Json()
                            .with(
                                    "lost",
                                    new Json()
                                            .with("count", lost.count())
                                            .with("cursor", EntryJson.cursor(lost.cursor()))));
        } else if (item instanceof WatchItem.Event event) {
            printer.event(people(event), new Json().with("event", machine(event)));
        }
    }

    private static String people(WatchItem.Event event) {
        List<String> words = new ArrayList<>();
        words.add(event.time().toString());
        words.add(event.kind().name());
        event.expiry()
                .ifPresent(expiry -> words.add((expiry.hard() ? "hard" : "soft")
                        + expiry.cause().map(cause -> "(" + cause.name() + ")").orElse("")));
        event.entry().ifPresent(entry -> addEntry(words, entry));
        if (event.count() != 0) {
            words.add("count=" + event.count());
        }
        if (!event.principal().isEmpty()) {
            words.add("by=" + event.principal());
        }
        return String.join(" ", words);
    }

    private static void addEntry(List<String> words, SaEntry entry) {
        words.add("id=" + entry.id());
        words.add("spi=" + entry.spi());
        words.add(entry.direction().name());
        words.add(entry.state().name());
        words.add("peer=" + entry.peer());
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
        return json.with("count", event.count());
    }
}
