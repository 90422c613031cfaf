// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import static dev.samd.daemon.BothEnds.CLIENT;
import static dev.samd.daemon.BothEnds.SERVER;
import static dev.samd.daemon.BothEnds.protect;
import static dev.samd.daemon.BothEnds.unprotect;
import static dev.samd.daemon.DaemonFixture.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.samd.sa.SaError;
import dev.samd.v1.DiscardReason;
import dev.samd.v1.RecordServiceOpenRequest;
import dev.samd.v1.RecordServiceSealRequest;
import dev.samd.v1.RecordServiceStreamRequest.Item;
import dev.samd.v1.RecordServiceStreamResponse;
import dev.samd.v1.Refusal;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.wire.ErrorWire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream of the data path: batches, outcomes per item, bounds. */
class RecordStreamSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private DaemonFixture f;
    private long outbound;

    @BeforeEach
    void start() throws Exception {
        f = new DaemonFixture(directory);
        outbound = BothEnds.install(f, "aa", 1).getOutboundSaId();
    }

    @AfterEach
    void stop() {
        f.close();
    }

    @Test
    void aBatchIsAnsweredItemByItemInOneBatch() {
        StreamClient client = StreamClient.reading(f.channel.channel());

        client.send(
                protectItem(1),
                Item.newBuilder()
                        .setId(2)
                        .setProtect(protect(Messages.GET, CLIENT, "coap://stranger", ByteString.EMPTY))
                        .build(),
                Item.newBuilder()
                        .setId(3)
                        .setUnprotect(unprotect(Messages.GET, SERVER, ByteString.EMPTY))
                        .build(),
                Item.newBuilder().setId(4).build());
        await().atMost(PATIENCE).until(() -> client.items.get() == 4);

        assertThat(client.batches).hasValue(1);
        assertThat(client.answers.get(1L).getProtect().getPeer()).isEqualTo(SERVER);
        assertThat(client.answers.get(2L).getRefused().getReason()).isEqualTo(Refusal.Reason.NO_USABLE_SA);
        assertThat(client.answers.get(3L).getUnprotect().getDiscarded().getReason())
                .isEqualTo(DiscardReason.DISCARD_REASON_MALFORMED);
        assertThat(client.answers.get(4L).getRefused().getReason()).isEqualTo(Refusal.Reason.MALFORMED);
    }

    @Test
    void rawRecordsGoThroughTheStream() {
        long id = BothEnds.installRaw(f, "bb01", 50);
        StreamClient client = StreamClient.reading(f.channel.channel());
        RecordServiceSealRequest.Builder seal =
                RecordServiceSealRequest.newBuilder().setPlaintext(hex("0102")).setLocal(CLIENT);

        client.send(
                Item.newBuilder()
                        .setId(1)
                        .setSeal(seal.clone().setSa(SaSelector.newBuilder().setSaId(id)))
                        .build(),
                Item.newBuilder()
                        .setId(2)
                        .setSeal(seal.clone()
                                .setSa(SaSelector.newBuilder()
                                        .setOutbound(SaSelector.Outbound.newBuilder()
                                                .setPeer(SERVER)
                                                .setSpi(hex("bb01")))))
                        .build(),
                Item.newBuilder()
                        .setId(3)
                        .setSeal(seal.clone()
                                .setSa(SaSelector.newBuilder()
                                        .setOutbound(SaSelector.Outbound.newBuilder()
                                                .setPeer(SERVER)
                                                .setSpi(hex("cc01")))))
                        .build());
        await().atMost(PATIENCE).until(() -> client.items.get() == 3);
        client.send(Item.newBuilder()
                .setId(4)
                .setOpen(RecordServiceOpenRequest.newBuilder()
                        .setRecord(client.answers.get(2L).getSeal().getRecord())
                        .setLocal(SERVER))
                .build());
        await().atMost(PATIENCE).until(() -> client.items.get() == 4);

        assertThat(client.answers.get(1L).hasSeal()).isTrue();
        assertThat(client.answers.get(3L).getRefused().getReason()).isEqualTo(Refusal.Reason.NO_SUCH_SA);
        assertThat(client.answers.get(4L).getOpen().getOpened().getPlaintext()).isEqualTo(hex("0102"));
    }

    @Test
    void anIdThatHasNoAnswerYetIsRefusedAndMayBeUsedAgainLater() {
        StreamClient client = StreamClient.reading(f.channel.channel());
        List<RecordServiceStreamResponse.Item> seen = new ArrayList<>();

        client.send(protectItem(7), protectItem(7));
        await().atMost(PATIENCE).until(() -> client.items.get() == 2);
        seen.add(client.answers.get(7L));
        client.send(protectItem(7));
        await().atMost(PATIENCE).until(() -> client.items.get() == 3);
        seen.add(client.answers.get(7L));

        assertThat(seen.get(0).getRefused().getReason()).isEqualTo(Refusal.Reason.MALFORMED);
        assertThat(seen.get(1).hasProtect()).isTrue();
    }

    @Test
    void aBatchOfTooManyItemsEndsTheStreamWithAReason() throws Exception {
        StreamClient client = StreamClient.reading(f.channel.channel());
        Item[] batch = new Item[257];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = protectItem(i);
        }

        client.send(batch);

        assertThat(failureOf(client)).isEqualTo(SaError.TOO_LARGE);
    }

    @Test
    void anItemThatIsTooLargeIsRefusedAlone() {
        StreamClient client = StreamClient.reading(f.channel.channel());
        ByteString large = ByteString.copyFrom(new byte[66 * 1024]);

        client.send(
                Item.newBuilder()
                        .setId(1)
                        .setProtect(protect(large, CLIENT, SERVER, ByteString.EMPTY))
                        .build(),
                protectItem(2));
        await().atMost(PATIENCE).until(() -> client.items.get() == 2);

        assertThat(client.answers.get(1L).getRefused().getReason()).isEqualTo(Refusal.Reason.TOO_LARGE);
        assertThat(client.answers.get(2L).hasProtect()).isTrue();
    }

    @Test
    void aClientThatDoesNotReadIsNotReadEither() {
        StreamClient client = StreamClient.idle(f.channel.channel());
        ByteString body = ByteString.copyFrom(new byte[8 * 1024]);
        ByteString post = hex("41021234" + "77" + "b161" + "ff").concat(body);
        int sent = 0;
        // As much as the bound of the stream and both windows of the transport hold, and more.
        for (int batch = 0; batch < 64; batch++) {
            Item[] items = new Item[64];
            for (int i = 0; i < items.length; i++) {
                items[i] = Item.newBuilder()
                        .setId(sent++)
                        .setProtect(protect(post, CLIENT, SERVER, ByteString.EMPTY))
                        .build();
            }
            client.send(items);
        }
        await().atMost(PATIENCE).until(() -> !client.requests().isReady());
        long sealedWhileIdle = sealed();

        client.read(Integer.MAX_VALUE);
        client.requests().onCompleted();
        int all = sent;
        await().atMost(PATIENCE).until(() -> client.items.get() == all);

        assertThat(sealedWhileIdle).isLessThan(all);
        assertThat(client.answers).hasSize(all);
        assertThat(sealed()).isEqualTo(all);
        await().atMost(PATIENCE).until(client.ended::isDone);
    }

    private long sealed() {
        SadbServiceGetRequest request = SadbServiceGetRequest.newBuilder()
                .setSa(SaSelector.newBuilder().setSaId(outbound))
                .build();
        return f.sadb().get(request).getEntry().getUsage().getRecords();
    }

    @Test
    void aCompletedStreamAnswersEverythingAndEndsWell() throws Exception {
        StreamClient client = StreamClient.reading(f.channel.channel());
        for (int i = 0; i < 500; i++) {
            client.send(protectItem(i));
        }
        client.requests().onCompleted();

        client.ended.get(20, TimeUnit.SECONDS);

        assertThat(client.answers).hasSize(500);
        assertThat(client.answers.values()).allMatch(RecordServiceStreamResponse.Item::hasProtect);
    }

    private static SaError failureOf(StreamClient client) throws Exception {
        try {
            client.ended.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return ErrorWire.fromStatus(e.getCause()).orElseThrow().error();
        }
        return Assertions.fail("the stream ended well");
    }

    private static Item protectItem(long id) {
        return Item.newBuilder()
                .setId(id)
                .setProtect(protect(Messages.GET, CLIENT, SERVER, ByteString.EMPTY))
                .build();
    }
}
