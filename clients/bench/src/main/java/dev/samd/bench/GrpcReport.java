// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import io.grpc.Channel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls to the daemon beside an empty echo. Each server is a process of its own on a Unix socket; both stay up, both are
 * warmed up, and then they are measured by turns.
 */
final class GrpcReport {
    private static final int IN_FLIGHT = 64;
    private static final int MESSAGES_IN_FLIGHT = 4;

    private final Duration warmup;
    private final Duration measured;
    private final int turns;
    private final Channel daemon;
    private final Channel echo;

    private GrpcReport(Plan plan, Channel daemon, Channel echo) {
        warmup = Duration.ofSeconds(plan.quick() ? 3 : 16);
        measured = Duration.ofSeconds(plan.quick() ? 1 : 2);
        turns = plan.quick() ? 2 : 5;
        this.daemon = daemon;
        this.echo = echo;
    }

    static String run(Plan plan) {
        Path lib = plan.daemonLib()
                .orElseThrow(
                        () -> new IllegalStateException("the part grpc needs --daemon-lib, the daemon's libraries"));
        try {
            Path directory = Files.createTempDirectory("samd-bench");
            try {
                return run(plan, lib, directory);
            } finally {
                Directories.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(Plan plan, Path lib, Path directory) throws IOException {
        Path daemonSocket = directory.resolve("samd.sock");
        Path echoSocket = directory.resolve("echo.sock");
        List<String> daemonCommand = new ArrayList<>(Children.java(Plan.JVM_FLAGS, lib + "/*"));
        daemonCommand.addAll(List.of(
                "dev.samd.daemon.Main",
                "--socket",
                daemonSocket.toString(),
                "--state-dir",
                directory.resolve("state").toString()));
        List<String> echoCommand = new ArrayList<>(Children.java(Plan.JVM_FLAGS));
        echoCommand.addAll(List.of(EchoServer.class.getName(), echoSocket.toString()));
        try (Children.Child daemon = Children.start(daemonCommand);
                Children.Child echo = Children.start(echoCommand)) {
            awaitReady(daemon.output(), "samd ready");
            awaitReady(echo.output(), "echo ready");
            try (GrpcClient daemonClient = new GrpcClient(daemonSocket);
                    GrpcClient echoClient = new GrpcClient(echoSocket)) {
                DaemonSetup.install(daemonClient.channel());
                return new GrpcReport(plan, daemonClient.channel(), echoClient.channel()).tables();
            }
        }
    }

    private static void awaitReady(BufferedReader output, String beginning) throws IOException {
        String line = output.readLine();
        if (line == null || !line.startsWith(beginning)) {
            throw new IllegalStateException("\"" + beginning + "\" expected, not \"" + line + "\"");
        }
    }

    private String tables() {
        Sides latency = sides(
                "unary, one at a time", side -> new UnaryLoad(side.channel, side.target).medianMicroseconds(side.time));
        Sides unary = sides("unary, " + IN_FLIGHT + " in flight", side -> new UnaryLoad(side.channel, side.target)
                .perSecond(IN_FLIGHT, side.time));
        Sides stream = sides(
                "stream", side -> new StreamLoad(side.channel, side.target).perSecond(MESSAGES_IN_FLIGHT, side.time));
        Table table = new Table(
                "RecordService.Protect of a PUT with 64 octets of payload, Unix socket, server in its own process",
                "load",
                "samd",
                "echo of the same request",
                "samd to echo");
        table.row("unary, one at a time, median, µs", latency.samd(), latency.other(), latency.ratioText());
        table.row("unary, " + IN_FLIGHT + " in flight, calls/s", unary.samd(), unary.other(), unary.ratioText());
        table.row(
                "stream, " + GrpcTarget.BATCH + " per message, " + MESSAGES_IN_FLIGHT + " in flight, items/s",
                stream.samd(),
                stream.other(),
                stream.ratioText());
        Targets targets = new Targets("RecordService")
                .atMost("unary, median, times the echo", 1.15, latency.ratio())
                .atLeast("unary, 64 in flight, times the echo", 0.85, unary.ratio())
                .atLeast("stream, batches of 32, times the echo", 0.6, stream.ratio())
                .atLeast(
                        "stream, batches of 32, times unary with 64 in flight",
                        8,
                        stream.daemon.median() / unary.daemon.median());
        return table + targets.toString();
    }

    /** A server under one kind of load for some time. */
    private record Side(Channel channel, GrpcTarget target, Duration time) {}

    /** Loads a side for its time and tells what it did. */
    private interface Load {
        double run(Side side);
    }

    /** What both servers gave. */
    private record Sides(Series daemon, Series echo) {
        String samd() {
            return Table.number(daemon.median());
        }

        String other() {
            return Table.number(echo.median());
        }

        double ratio() {
            return daemon.median() / echo.median();
        }

        String ratioText() {
            return Table.ratio(ratio());
        }
    }

    private Sides sides(String what, Load load) {
        Progress.say("grpc, " + what);
        GrpcTarget daemonTarget = GrpcTarget.daemon();
        GrpcTarget echoTarget = GrpcTarget.echo();
        load.run(new Side(daemon, daemonTarget, warmup));
        load.run(new Side(echo, echoTarget, warmup));
        List<Double> ofDaemon = new ArrayList<>();
        List<Double> ofEcho = new ArrayList<>();
        for (int turn = 0; turn < turns; turn++) {
            ofDaemon.add(load.run(new Side(daemon, daemonTarget, measured)));
            ofEcho.add(load.run(new Side(echo, echoTarget, measured)));
        }
        return new Sides(new Series(ofDaemon), new Series(ofEcho));
    }
}
