// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import com.google.protobuf.ByteString;
import dev.samd.sa.CipherSuite;
import dev.samd.v1.AdminServiceGrpc;
import dev.samd.v1.Direction;
import dev.samd.v1.Fresh;
import dev.samd.v1.Keys;
import dev.samd.v1.PolicyServiceGrpc;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceAddResponse;
import dev.samd.v1.SadbServiceGrpc;
import dev.samd.v1.WatchServiceGrpc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/** A daemon on a real socket, and a client of it. */
final class DaemonFixture implements AutoCloseable {
    static final String PEER = "coap://sensor-1";

    final Path socket;
    final Daemon daemon;
    final TestChannel channel;
    private int keysMade;

    DaemonFixture(Path directory) throws IOException {
        this(config(directory));
    }

    DaemonFixture(SamdConfig config) throws IOException {
        this(Daemon.start(config));
    }

    DaemonFixture(Daemon started) {
        socket = started.config().socket();
        daemon = started;
        channel = new TestChannel(socket);
    }

    static SamdConfig config(Path directory) {
        SamdConfig plain = SamdConfig.at(directory.resolve("run/samd.sock"), directory.resolve("state"));
        return new SamdConfig(
                plain.socket(),
                plain.stateDir(),
                plain.eventLogSize(),
                Duration.ofSeconds(5),
                plain.optionNumbers(),
                plain.bounds());
    }

    /** The configuration with what a file says about access. */
    static SamdConfig config(Path directory, String yaml) {
        SamdConfig plain = config(directory);
        return new SamdConfig(
                plain.socket(),
                plain.stateDir(),
                plain.eventLogSize(),
                plain.stopPatience(),
                plain.optionNumbers(),
                plain.bounds(),
                plain.kmpPrincipals(),
                plain.policies(),
                plain.store(),
                ConfigFile.parse("test.yaml", yaml).access(),
                plain.audit());
    }

    SadbServiceGrpc.SadbServiceBlockingStub sadb() {
        return SadbServiceGrpc.newBlockingStub(channel.channel()).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    AdminServiceGrpc.AdminServiceBlockingStub admin() {
        return AdminServiceGrpc.newBlockingStub(channel.channel()).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    PolicyServiceGrpc.PolicyServiceBlockingStub policies() {
        return PolicyServiceGrpc.newBlockingStub(channel.channel()).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    RecordServiceGrpc.RecordServiceBlockingStub records() {
        return RecordServiceGrpc.newBlockingStub(channel.channel()).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    WatchServiceGrpc.WatchServiceStub watch() {
        return WatchServiceGrpc.newStub(channel.channel());
    }

    /** A number as hexadecimal octets. */
    static ByteString hex(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }

    static SaParameters.Builder parameters(Direction direction, String spi) {
        return SaParameters.newBuilder()
                .setDirection(direction)
                .setSpi(hex(spi))
                .setPeer(PEER)
                .setSuite(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8.code())
                .setEpoch(1)
                .setFresh(Fresh.getDefaultInstance());
    }

    static Keys keys(int seed) {
        return Keys.newBuilder()
                .setKey(ByteString.copyFrom(
                        ByteBuffer.allocate(16).putInt(12, seed).array()))
                .setIv(hex("00000000"))
                .build();
    }

    SadbServiceAddResponse add(Direction direction, String spi) {
        return add(parameters(direction, spi).build(), keys(++keysMade), "");
    }

    SadbServiceAddResponse add(SaParameters parameters, Keys keys, String pairName) {
        return sadb().add(SadbServiceAddRequest.newBuilder()
                .setParameters(parameters)
                .setKeys(keys)
                .setPairName(pairName)
                .build());
    }

    @Override
    public void close() {
        channel.close();
        daemon.close();
        Assertions.assertThat(channel.violations()).isEmpty();
    }
}
