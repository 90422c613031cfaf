// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.DaemonFixture.hex;
import static dev.samd.daemon.DaemonFixture.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import dev.samd.daemon.sadb.Add;
import dev.samd.daemon.sadb.Origin;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.SaId;
import dev.samd.sa.SecurityAssociation;
import dev.samd.v1.AdminServiceInfoRequest;
import dev.samd.v1.Direction;
import dev.samd.v1.Keys;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceDumpRequest;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceUpdateRequest;
import dev.samd.v1.WatchServiceWatchRequest;
import dev.samd.v1.WatchServiceWatchResponse;
import dev.samd.wire.ErrorWire;
import dev.samd.wire.SaWire;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A key that is easy to recognise goes in by every door, and nothing that comes out holds it (T2). */
class CanaryKeyTest {
    private static final String CANARY = "CANARY-KEY-16oct";
    private static final String CANARY_IV = "IV4c";
    private static final Keys KEYS = Keys.newBuilder()
            .setKey(ByteString.copyFromUtf8(CANARY))
            .setIv(ByteString.copyFromUtf8(CANARY_IV))
            .build();

    @TempDir
    Path directory;

    private final Logger root = (Logger) LoggerFactory.getLogger("dev.samd");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private DaemonFixture f;

    @BeforeEach
    void start() throws Exception {
        root.setLevel(Level.TRACE);
        logged.start();
        root.addAppender(logged);
        f = new DaemonFixture(directory);
        f.watch().watch(WatchServiceWatchRequest.getDefaultInstance(), new StreamObserver<>() {
            @Override
            public void onNext(WatchServiceWatchResponse item) {
                said.add(item.toString() + new String(item.toByteArray(), StandardCharsets.ISO_8859_1));
            }

            @Override
            public void onError(Throwable failure) {
                said.add(String.valueOf(failure));
            }

            @Override
            public void onCompleted() {
                said.add("completed");
            }
        });
    }

    @AfterEach
    void stop() {
        root.detachAppender(logged);
        root.setLevel(null);
        f.close();
    }

    @Test
    void noAnswerStatusEventOrLogLineHoldsAKey() throws Exception {
        SaParameters good = parameters(Direction.DIRECTION_INBOUND, "aa01").build();
        long id = f.add(good, KEYS, "").getSaId();
        SaSelector sa = SaSelector.newBuilder().setSaId(id).build();

        refuse(() -> f.add(good, KEYS, ""));
        refuse(() -> f.add(parameters(Direction.DIRECTION_INBOUND, "aa02").build(), KEYS, ""));
        refuse(() -> f.add(parameters(Direction.DIRECTION_OUTBOUND, "aa02").build(), KEYS, ""));
        refuse(() -> f.add(
                parameters(Direction.DIRECTION_INBOUND, "aa02")
                        .setSuite(CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384.code())
                        .build(),
                KEYS,
                ""));
        refuse(() -> f.add(SaParameters.getDefaultInstance(), KEYS, ""));
        refuse(() -> f.sadb()
                .add(SadbServiceAddRequest.newBuilder()
                        .setParameters(parameters(Direction.DIRECTION_INBOUND, "aa03"))
                        .setKeys(KEYS)
                        .setAcquireSequence(7)
                        .build()));
        refuse(() -> f.sadb()
                .update(SadbServiceUpdateRequest.newBuilder()
                        .setSa(sa)
                        .setParameters(good)
                        .setKeys(KEYS)
                        .build()));
        refuse(() -> f.sadb()
                .installPair(SadbServiceInstallPairRequest.newBuilder()
                        .setInbound(parameters(Direction.DIRECTION_INBOUND, "ab01"))
                        .setInboundKeys(KEYS)
                        .setOutbound(parameters(Direction.DIRECTION_OUTBOUND, "ab02"))
                        .setOutboundKeys(KEYS)
                        .build()));
        said.add(f.sadb()
                .get(SadbServiceGetRequest.newBuilder().setSa(sa).build())
                .toString());
        f.sadb().dump(SadbServiceDumpRequest.getDefaultInstance()).forEachRemaining(item -> said.add(item.toString()));
        said.add(f.admin().info(AdminServiceInfoRequest.getDefaultInstance()).toString());
        f.sadb().flush(SadbServiceFlushRequest.getDefaultInstance());
        f.daemon.close();
        said.add(Files.readString(f.daemon.config().audit().file()));

        assertThat(said).hasSizeGreaterThan(10);
        logged.list.forEach(line -> said.add(line.getFormattedMessage()
                + (line.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(line.getThrowableProxy()))));
        assertNoneHoldsTheCanary(said);
    }

    @Test
    void nothingThatHoldsAKeyPrintsIt() {
        dev.samd.sa.SaParameters parameters =
                SaWire.fromWire(parameters(Direction.DIRECTION_INBOUND, "aa01").build());
        var keys = SaWire.fromWire(KEYS, parameters.suite());
        Add add = new Add(new Origin("uid:0", Octets.ofHex("01"), 0, Octets.EMPTY), parameters, keys, "");
        SecurityAssociation sa = new SecurityAssociation(new SaId(1), PairId.NONE, parameters, keys);

        assertNoneHoldsTheCanary(List.of(
                add.toString(), sa.toString(), keys.toString(), keys.key().toString()));
    }

    private void refuse(ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(failure).isNotNull();
        said.add(failure + " " + failure.getTrailers() + " "
                + ErrorWire.refusalOf(failure).orElseThrow());
    }

    private static void assertNoneHoldsTheCanary(List<String> texts) {
        String keyHex = HexFormat.of().formatHex(CANARY.getBytes(StandardCharsets.UTF_8));
        String ivHex = HexFormat.of().formatHex(CANARY_IV.getBytes(StandardCharsets.UTF_8));
        assertThat(hex(keyHex).toStringUtf8()).isEqualTo(CANARY);
        assertThat(texts).allSatisfy(text -> assertThat(text.toLowerCase(Locale.ROOT))
                .doesNotContain(CANARY.toLowerCase(Locale.ROOT))
                .doesNotContain(keyHex)
                .doesNotContain(CANARY_IV.toLowerCase(Locale.ROOT))
                .doesNotContain(ivHex));
    }
}
