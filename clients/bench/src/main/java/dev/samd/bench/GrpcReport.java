// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import io.grpc.Channel;
import java.io.IOException;
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
    private final Server daemon;
    private final Server echo;

    private GrpcReport(Plan plan, Server daemon, Server echo) {
        warmup = Duration.ofSeconds(plan.quick() ? 3 : 16);
        measured = Duration.ofSeconds(plan.quick() ? 1 : 2);
        turns = plan.quick() ? 2 : 5;
        this.daemon = daemon;
        this.echo = echo;
    }

    /** A server, and how it is called. */
    private record Server(Children.Child process, Channel channel, GrpcTarget target) {}

    static String run(Plan plan) {
        return DaemonSpace.during("grpc", plan, space -> run(plan, space));
    }

    private static String run(Plan plan, DaemonSpace space) throws IOException {
        Path echoSocket = space.directory().resolve("echo.sock");
        List<String> echoCommand = new ArrayList<>(Children.java(Plan.JVM_FLAGS));
        echoCommand.addAll(List.of(EchoServer.class.getName(), echoSocket.toString()));
        try (Children.Child daemon = space.start(Plan.JVM_FLAGS);
                Children.Child echo = Children.startUntil("echo ready", echoCommand)) {
            try (GrpcClient daemonClient = new GrpcClient(space.socket());
                    GrpcClient echoClient = new GrpcClient(echoSocket)) {
                DaemonSetup.install(daemonClient.channel());
                return new GrpcReport(
                                plan,
                                new Server(daemon, daemonClient.channel(), GrpcTarget.daemon()),
                                new Server(echo, echoClient.channel(), GrpcTarget.echo()))
                        .tables();
            }
        }
    }

    private String tables() {
        Sides latency = sides("unary, one at a time", (server, time) -> new UnaryLoad(server.channel, server.target)
                .medianMicroseconds(time));
        Sides unary = sides(
                "unary, " + IN_FLIGHT + " in flight",
                (server, time) -> new UnaryLoad(server.channel, server.target).perSecond(IN_FLIGHT, time));
        Sides stream = sides("stream", (server, time) -> new StreamLoad(server.channel, server.target)
                .perSecond(MESSAGES_IN_FLIGHT, time));
        Table table = new Table(
                "RecordService.Protect of a PUT with 64 octets of payload, Unix socket, server in its own process",
                "load",
                "samd",
                "echo of the same request",
                "samd to echo",
                "samd, processor µs per call",
                "echo, processor µs per call");
        latency.addTo(table, "unary, one at a time, median, µs");
        unary.addTo(table, "unary, " + IN_FLIGHT + " in flight, calls/s");
        stream.addTo(
                table, "stream, " + GrpcTarget.BATCH + " per message, " + MESSAGES_IN_FLIGHT + " in flight, calls/s");
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

    /** Loads a server for some time. */
    private interface Load {
        Loaded run(Server server, Duration time);
    }

    /** What both servers did, turn by turn, and the processor time of a call. */
    private record Sides(Series daemon, Series echo, double daemonMicros, double echoMicros) {
        double ratio() {
            return daemon.median() / echo.median();
        }

        void addTo(Table table, String load) {
            table.row(
                    load,
                    Table.number(daemon.median()),
                    Table.number(echo.median()),
                    Table.ratio(ratio()),
                    Table.ratio(daemonMicros),
                    Table.ratio(echoMicros));
        }
    }

    private Sides sides(String what, Load load) {
        Progress.say("grpc, " + what);
        Turns ofDaemon = new Turns(daemon, load);
        Turns ofEcho = new Turns(echo, load);
        ofDaemon.warmUp(warmup);
        ofEcho.warmUp(warmup);
        for (int turn = 0; turn < turns; turn++) {
            ofDaemon.take(measured);
            ofEcho.take(measured);
        }
        return new Sides(new Series(ofDaemon.figures), new Series(ofEcho.figures), ofDaemon.micros(), ofEcho.micros());
    }

    /** One server under one kind of load. */
    private static final class Turns {
        private final Server server;
        private final Load load;
        private final List<Double> figures = new ArrayList<>();
        private Duration cpu = Duration.ZERO;
        private long calls;

        Turns(Server server, Load load) {
            this.server = server;
            this.load = load;
        }

        void warmUp(Duration time) {
            load.run(server, time);
        }

        void take(Duration time) {
            Duration before = server.process.cpu();
            Loaded loaded = load.run(server, time);
            cpu = cpu.plus(server.process.cpu().minus(before));
            calls += loaded.calls();
            figures.add(loaded.figure());
        }

        double micros() {
            return cpu.toNanos() / 1e3 / calls;
        }
    }
}
