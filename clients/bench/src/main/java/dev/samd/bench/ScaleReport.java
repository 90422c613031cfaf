// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.v1.SadbServiceDumpRequest;
import dev.samd.v1.SadbServiceDumpResponse;
import dev.samd.v1.SadbServiceGrpc;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/** Very many SAs in one daemon that keeps them on disk: what they cost, and how long it takes to start with them. */
final class ScaleReport {
    private static final int MANY = 1_000_000;
    private static final int FEW = 20_000;
    /** As docs/performance.md advises for so many: a heap that need not grow while the store is read. */
    private static final List<String> FLAGS = List.of("-Xms4g", "-Xmx4g", "-XX:+UseParallelGC");

    private final DaemonSpace space;
    private final int sas;

    private ScaleReport(DaemonSpace space, int sas) {
        this.space = space;
        this.sas = sas;
    }

    static String run(Plan plan) {
        return DaemonSpace.during("scale", plan, space -> new ScaleReport(space, plan.quick() ? FEW : MANY).run());
    }

    /** A daemon that is ready, and how long that took. */
    private record Started(Children.Child process, double seconds) {}

    private Started start() throws IOException {
        long begin = System.nanoTime();
        Children.Child process = space.start(FLAGS);
        return new Started(process, seconds(begin));
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private String run() throws IOException {
        Progress.say("scale, an empty daemon");
        Started empty = start();
        long emptyHeap = Vitals.liveOctets(empty.process);
        Progress.say("scale, " + sas + " SAs are installed");
        long install = System.nanoTime();
        ManySas.install(space.socket(), sas);
        double loading = seconds(install);
        long heap = Vitals.liveOctets(empty.process);
        Listing listing = list(empty.process, heap);
        Progress.say("scale, a stop in order");
        long begin = System.nanoTime();
        empty.process.close();
        double stop = seconds(begin);
        Progress.say("scale, a start after it");
        Started clean = start();
        clean.process.kill();
        Progress.say("scale, a start after kill -9");
        Started killed = start();
        long after = list(killed.process, 0).count;
        long octets = Vitals.octets(space.state().resolve("sadb"));
        killed.process.kill();
        if (after != sas) {
            throw new IllegalStateException(after + " SAs after kill -9, not " + sas);
        }
        double heapPerSa = (heap - emptyHeap) / (double) sas;
        Table table = new Table(sas + " SAs in one daemon, kept on disk", "what", "measured")
                .row("installed one by one, 512 calls in flight, SAs/s", Table.number(sas / loading))
                .row("live heap per SA, everything included, octets", Table.number(heapPerSa))
                .row("on disk per SA, octets", Table.number(octets / (double) sas))
                .row("listed, s", Table.number(listing.seconds))
                .row("live heap that the listing holds at its middle, MiB", Table.number(listing.heldMebibytes))
                .row("ready, empty, s", Table.ratio(empty.seconds))
                .row("stopped in order, s", Table.ratio(stop))
                .row("ready after that, s", Table.ratio(clean.seconds))
                .row("ready after kill -9, s", Table.ratio(killed.seconds));
        Targets targets = new Targets("scale")
                .atMost("live heap per SA, octets", 512, heapPerSa)
                .atMost("ready, empty, s", 1, empty.seconds)
                .atMost("ready after kill -9, s", 10, killed.seconds)
                .atMost("live heap that the listing holds, MiB", 64, listing.heldMebibytes);
        return table + targets.toString();
    }

    private record Listing(long count, double seconds, double heldMebibytes) {}

    /**
     * Lists everything.
     *
     * @param heapBefore what lived on the daemon's heap before; 0 to measure the time alone
     */
    private Listing list(Children.Child daemon, long heapBefore) throws IOException {
        long begin = System.nanoTime();
        long measuring = 0;
        double held = 0;
        long count = 0;
        try (GrpcClient client = new GrpcClient(space.socket())) {
            Iterator<SadbServiceDumpResponse> items =
                    SadbServiceGrpc.newBlockingStub(client.channel()).dump(SadbServiceDumpRequest.getDefaultInstance());
            while (items.hasNext()) {
                count += items.next().hasEntry() ? 1 : 0;
                if (count == sas / 2 && measuring == 0 && heapBefore != 0) {
                    // The reader pauses here, and the daemon with it: what it holds for the listing now, it holds all
                    // the time.
                    long paused = System.nanoTime();
                    held = (Vitals.liveOctets(daemon) - heapBefore) / (double) (1 << 20);
                    measuring = System.nanoTime() - paused;
                }
            }
        }
        return new Listing(count, seconds(begin) - measuring / 1e9, held);
    }
}
