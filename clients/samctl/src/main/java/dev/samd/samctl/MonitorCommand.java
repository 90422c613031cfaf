// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.EventKind;
import dev.samd.client.SamdClient;
import dev.samd.client.SamdUnavailableException;
import dev.samd.client.Watch;
import dev.samd.client.WatchItem;
import dev.samd.client.WatchRequest;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Shows what happens to the SA database, one line an event. A watch has no end of its own: one that ends has failed. */
@Command(
        name = "monitor",
        description = "Shows what happens to SAs, acquires, KMPs and policies as it happens, until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class MonitorCommand implements Callable<Integer> {
    @Option(names = "--peer", paramLabel = "URI", description = "Only SAs and acquires with this peer.")
    private String peer = "";

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description = "Only these kinds, as the lines name them: add,expire,acquire. May be repeated.")
    private Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);

    @Option(
            names = "--promisc",
            description = "Also the calls of others, as they are answered, refused ones too; never with keys.")
    private boolean promiscuous;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Samctl samctl;

    @Override
    public Integer call() {
        WatchRequest wanted = WatchRequest.ALL.withKinds(kinds);
        if (!peer.isEmpty()) {
            wanted = wanted.withPeer(Endpoint.parse(peer));
        }
        if (promiscuous) {
            wanted = wanted.withCallsOfOthers();
        }
        try (SamdClient client = samctl.connect();
                Watch.Subscription watch = client.watch().subscribe(wanted);
                Printer printer = samctl.printer()) {
            show(watch, printer);
            throw stopped("samd at " + client.address() + " ended the watch");
        }
    }

    private static void show(Watch.Subscription watch, Printer printer) {
        try {
            for (WatchItem item = watch.next(); item != null; item = watch.next()) {
                printer.event(WatchLine.people(item), WatchLine.machine(item));
            }
        } catch (SamdUnavailableException e) {
            throw stopped(String.valueOf(e.getMessage()));
        }
    }

    /** The daemon was there, so it is not unreachable. */
    private static SaException stopped(String message) {
        return new SaException(SaError.SHUTTING_DOWN, "samd", message);
    }
}
