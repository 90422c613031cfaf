// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.samd.daemon.Daemon;
import dev.samd.daemon.SamdConfig;
import dev.samd.daemon.store.StoreSettings;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.Direction;
import dev.samd.v1.Fresh;
import dev.samd.v1.Keys;
import dev.samd.v1.KmpServiceGrpc;
import dev.samd.v1.KmpServiceRegisterRequest;
import dev.samd.v1.Policy;
import dev.samd.v1.PolicyAction;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceFlushRequest;
import dev.samd.v1.PolicyServiceGrpc;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceProtectRequest;
import dev.samd.v1.RecordServiceUnprotectRequest;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaType;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.v1.WatchServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A daemon on its Unix socket, and a caller who sends octets as messages: the input is the name of the method in its service, as
 * {@code SadbService/Add}, the end of the line, and octets. A name that no method has stands for any one, else hardly any input
 * that the fuzzer makes would be a call. Each call ends, and with a status that says whose fault it was: never the daemon's. SAs and
 * policies are taken out again behind each input.
 */
final class GrpcTarget implements FuzzTarget {
    /** A call that waits for an SA, or watches, waits as long as its caller likes. */
    private static final int DEADLINE_MS = 100;

    private static final int END_SECONDS = 10;

    private final List<MethodDescriptor<?, ?>> methods = Stream.of(
                    AdminServiceGrpc.getServiceDescriptor(),
                    KmpServiceGrpc.getServiceDescriptor(),
                    PolicyServiceGrpc.getServiceDescriptor(),
                    RecordServiceGrpc.getServiceDescriptor(),
                    SadbServiceGrpc.getServiceDescriptor(),
                    WatchServiceGrpc.getServiceDescriptor())
            .<MethodDescriptor<?, ?>>flatMap(service -> service.getMethods().stream())
            .sorted(Comparator.comparing(MethodDescriptor::getFullMethodName))
            .toList();

    private final ManagedChannel channel;

    GrpcTarget() {
        try {
            Path directory = Files.createTempDirectory("fuzz-");
            Path socket = directory.resolve("samd.sock");
            Daemon daemon = Daemon.start(
                    SamdConfig.at(socket, directory.resolve("state")).with(StoreSettings.MEMORY));
            Runtime.getRuntime().addShutdownHook(new Thread(daemon::close));
            channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                    .channelType(EpollDomainSocketChannel.class)
                    .eventLoopGroup(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
                    .overrideAuthority("localhost")
                    .usePlaintext()
                    .directExecutor()
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException("no daemon to be called", e);
        }
    }

    @Override
    public boolean run(byte[] input) throws Exception {
        int end = 0;
        while (end < input.length && input[end] != '\n') {
            end++;
        }
        if (end == input.length) {
            return false;
        }
        MethodDescriptor<?, ?> method = named(new String(input, 0, end, StandardCharsets.ISO_8859_1));
        Status status = call(method, Arrays.copyOfRange(input, end + 1, input.length));
        Finding.unless(
                status.getCode() != Status.Code.INTERNAL && status.getCode() != Status.Code.UNKNOWN,
                method.getFullMethodName() + " ended as " + status);
        if (status.isOk() && method.getServiceName().equals(SadbServiceGrpc.SERVICE_NAME)) {
            call(
                    SadbServiceGrpc.getFlushMethod(),
                    SadbServiceFlushRequest.getDefaultInstance().toByteArray());
        }
        if (status.isOk() && method.getServiceName().equals(PolicyServiceGrpc.SERVICE_NAME)) {
            call(
                    PolicyServiceGrpc.getFlushMethod(),
                    PolicyServiceFlushRequest.getDefaultInstance().toByteArray());
        }
        return status.getCode() != Status.Code.INVALID_ARGUMENT;
    }

    private MethodDescriptor<?, ?> named(String name) {
        return methods.stream()
                .filter(method -> nameOf(method).equals(name))
                .findFirst()
                .orElseGet(() -> methods.get(Math.floorMod(name.hashCode(), methods.size())));
    }

    /** Without its package. */
    private static String nameOf(MethodDescriptor<?, ?> method) {
        String full = method.getFullMethodName();
        return full.substring(full.substring(0, full.indexOf('/')).lastIndexOf('.') + 1);
    }

    private Status call(MethodDescriptor<?, ?> method, byte[] message) throws Exception {
        MethodDescriptor<byte[], byte[]> raw =
                method.toBuilder(new Raw(), new Raw()).build();
        ClientCall<byte[], byte[]> call =
                channel.newCall(raw, CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS));
        CompletableFuture<Status> closed = new CompletableFuture<>();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        closed.complete(status);
                    }
                },
                new Metadata());
        call.request(Integer.MAX_VALUE);
        call.sendMessage(message);
        call.halfClose();
        return closed.get(END_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public Map<String, byte[]> seeds() {
        SaParameters parameters = SaParameters.newBuilder()
                .setDirection(Direction.DIRECTION_OUTBOUND)
                .setSpi(octets("c1d2e3f4"))
                .setPeer("coap://device-1")
                .setSuite(0xc0a8)
                .setEpoch(1)
                .setFresh(Fresh.getDefaultInstance())
                .build();
        Keys keys = Keys.newBuilder()
                .setKey(octets("01".repeat(16)))
                .setIv(octets("00000000"))
                .build();
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put(
                "add",
                with(
                        SadbServiceGrpc.getAddMethod(),
                        SadbServiceAddRequest.newBuilder()
                                .setParameters(parameters)
                                .setKeys(keys)
                                .build()));
        seeds.put(
                "policy",
                with(
                        PolicyServiceGrpc.getAddMethod(),
                        PolicyServiceAddRequest.newBuilder()
                                .setPolicy(
                                        Policy.newBuilder().setName("a").setAction(PolicyAction.POLICY_ACTION_DISCARD))
                                .build()));
        seeds.put(
                "hello",
                with(
                        KmpServiceGrpc.getRegisterMethod(),
                        KmpServiceRegisterRequest.newBuilder()
                                .setHello(KmpServiceRegisterRequest.Hello.newBuilder()
                                        .setKmp("ace")
                                        .addTypes(SaType.SA_TYPE_DTLS12_RECORD))
                                .build()));
        seeds.put(
                "getspi",
                with(
                        SadbServiceGrpc.getGetSpiMethod(),
                        SadbServiceGetSpiRequest.newBuilder()
                                .setPeer("coap://device-1")
                                .build()));
        ByteString coap = ByteString.copyFrom(Messages.put().toOctets());
        seeds.put(
                "protect",
                with(
                        RecordServiceGrpc.getProtectMethod(),
                        RecordServiceProtectRequest.newBuilder().setCoap(coap).build()));
        seeds.put(
                "unprotect",
                with(
                        RecordServiceGrpc.getUnprotectMethod(),
                        RecordServiceUnprotectRequest.newBuilder()
                                .setCoap(coap)
                                .setSource(RecordTarget.SOURCE)
                                .build()));
        seeds.put("info", with(AdminServiceGrpc.getInfoMethod(), AdminServiceInfoRequest.getDefaultInstance()));
        return seeds;
    }

    private static byte[] with(MethodDescriptor<?, ?> method, MessageLite message) {
        byte[] name = (nameOf(method) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] octets = message.toByteArray();
        return ByteBuffer.allocate(name.length + octets.length)
                .put(name)
                .put(octets)
                .array();
    }

    private static ByteString octets(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }

    /** Messages that are octets. */
    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
