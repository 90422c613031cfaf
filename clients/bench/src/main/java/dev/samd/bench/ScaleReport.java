// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import dev.samd.v1.SadbServiceDumpRequest;
import dev.samd.v1.SadbServiceDumpResponse;
import dev.samd.v1.SadbServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Very many SAs in one daemon that keeps them on disk: what they cost, and how long it takes to start with them. */
final class ScaleReport {
    private static final int MANY = 1_000_000;
    private static final int FEW = 20_000;
    private static final List<String> FLAGS = List.of("-Xmx6g", "-XX:+UseSerialGC");

    private final Path lib;
    private final Path directory;
    private final Path socket;
    private final int sas;

    private ScaleReport(Path lib, Path directory, int sas) {
        this.lib = lib;
        this.directory = directory;
        this.socket = directory.resolve("samd.sock");
        this.sas = sas;
    }

    static String run(Plan plan) {
        Path lib = plan.daemonLib()
                .orElseThrow(
                        () -> new IllegalStateException("the part scale needs --daemon-lib, the daemon's libraries"));
        try {
            Path directory = Files.createTempDirectory("samd-bench");
            try {
                return new ScaleReport(lib, directory, plan.quick() ? FEW : MANY).run();
            } finally {
                Directories.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A daemon that is ready, and how long that took. */
    private record Started(Children.Child process, double seconds) {}

    private Started start() throws IOException {
        List<String> command = new ArrayList<>(Children.java(FLAGS, lib + "/*"));
        command.addAll(List.of(
                "dev.samd.daemon.Main",
                "--socket",
                socket.toString(),
                "--state-dir",
                directory.resolve("state").toString()));
        long begin = System.nanoTime();
        Children.Child process = Children.start(command);
        String line = process.output().readLine();
        if (line == null || !line.startsWith("samd ready")) {
            throw new IllegalStateException("\"samd ready\" expected, not \"" + line + "\"");
        }
        return new Started(process, seconds(begin));
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private String run() throws IOException {
        Progress.say("scale, an empty daemon");
        Started empty = start();
        long emptyHeap = liveOctets(empty.process);
        Progress.say("scale, " + sas + " SAs are installed");
        long install = System.nanoTime();
        ManySas.install(socket, sas);
        double loading = seconds(install);
        long heap = liveOctets(empty.process);
        Listing listing = list(empty.process);
        Progress.say("scale, a stop in order");
        long begin = System.nanoTime();
        empty.process.close();
        double stop = seconds(begin);
        Progress.say("scale, a start after it");
        Started clean = start();
        clean.process.kill();
        Progress.say("scale, a start after kill -9");
        Started killed = start();
        long after = list(killed.process).count;
        long octets = octetsOnDisk();
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
                .row("resident memory that the listing added, MiB", Table.number(listing.grownMebibytes))
                .row("ready, empty, s", Table.ratio(empty.seconds))
                .row("stopped in order, s", Table.ratio(stop))
                .row("ready after that, s", Table.ratio(clean.seconds))
                .row("ready after kill -9, s", Table.ratio(killed.seconds));
        Targets targets = new Targets("scale")
                .atMost("live heap per SA, octets", 512, heapPerSa)
                .atMost("ready, empty, s", 1, empty.seconds)
                .atMost("ready after kill -9, s", 10, killed.seconds)
                .atMost("resident memory that the listing added, MiB", 64, listing.grownMebibytes);
        return table + targets.toString();
    }

    private record Listing(long count, double seconds, double grownMebibytes) {}

    private Listing list(Children.Child daemon) throws IOException {
        long before = residentKibibytes(daemon);
        long begin = System.nanoTime();
        long count = 0;
        try (GrpcClient client = new GrpcClient(socket)) {
            Iterator<SadbServiceDumpResponse> items =
                    SadbServiceGrpc.newBlockingStub(client.channel()).dump(SadbServiceDumpRequest.getDefaultInstance());
            while (items.hasNext()) {
                count += items.next().hasEntry() ? 1 : 0;
            }
        }
        return new Listing(count, seconds(begin), (residentKibibytes(daemon) - before) / 1024.0);
    }

    private static long residentKibibytes(Children.Child process) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IllegalStateException("no VmRSS of process " + process.pid());
    }

    /** What lives on the heap after a full collection, as the JDK's own tool counts it. */
    private static long liveOctets(Children.Child process) throws IOException {
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String text = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String[] total = text.substring(text.lastIndexOf("Total")).trim().split(" +", -1);
        return Long.parseLong(total[2].trim());
    }

    private long octetsOnDisk() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("state/sadb"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
