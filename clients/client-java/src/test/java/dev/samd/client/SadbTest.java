// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.PairRole;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.wire.SaWire;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SadbTest {
    private static final Endpoint DEVICE = Endpoint.parse("coap://device-1");
    private static final SaParameters INBOUND = parameters(Direction.INBOUND, "3f1a07c2");
    private static final SaParameters OUTBOUND = parameters(Direction.OUTBOUND, "01");

    @TempDir
    Path directory;

    private final FakeSadb service = new FakeSadb();
    private FakeDaemon daemon;
    private SamdClient client;

    @BeforeEach
    void start() {
        daemon = FakeDaemon.start(directory.resolve("s"), service);
        client = SamdClient.connect(directory.resolve("s"));
    }

    @AfterEach
    void stop() {
        client.close();
        daemon.close();
    }

    @Test
    void addCarriesParametersKeysAndNames() {
        try (TrafficKeys keys = keys()) {
            Added added =
                    client.sadb().add(NewSa.of(INBOUND, keys).withPairName("p").withRequestId(Octets.ofHex("77")));

            SadbServiceAddRequest sent = service.added().get(0);
            assertThat(added).isEqualTo(new Added(new SaId(1), new PairId(1)));
            assertThat(SaWire.fromWire(sent.getParameters())).isEqualTo(INBOUND);
            assertThat(sent.getKeys().getKey()).isEqualTo(ByteString.copyFrom(new byte[16]));
            assertThat(sent.getKeys().getIv()).isEqualTo(ByteString.copyFrom(new byte[4]));
            assertThat(sent.getPairName()).isEqualTo("p");
            assertThat(sent.getRequestId()).isEqualTo(ByteString.fromHex("77"));
        }
    }

    @Test
    void refusalIsTheDaemonsException() {
        try (TrafficKeys keys = keys()) {
            client.sadb().add(NewSa.of(INBOUND, keys));

            SaException refusal =
                    catchThrowableOfType(SaException.class, () -> client.sadb().add(NewSa.of(INBOUND, keys)));

            assertThat(refusal.error()).isEqualTo(SaError.SPI_IN_USE);
            assertThat(refusal).hasMessage("SPI 3f1a07c2 is in use");
        }
    }

    @Test
    void spisAreReservedFreelyOrInARange() {
        ReservedSpi free = client.sadb().getSpi(DEVICE, Endpoint.HOST_WIDE);
        ReservedSpi ranged = client.sadb().getSpi(DEVICE, DEVICE, Spi.ofHex("10"), Spi.ofHex("1f"));

        assertThat(free).isEqualTo(new ReservedSpi(new SaId(1), Spi.ofHex("01020304")));
        assertThat(ranged).isEqualTo(new ReservedSpi(new SaId(2), Spi.ofHex("10")));
        assertThat(service.reserved().get(0).hasRange()).isFalse();
        assertThat(service.reserved().get(1).getRange().getMax()).isEqualTo(ByteString.fromHex("1f"));
        assertThat(service.reserved().get(1).getLocal()).isEqualTo("coap://device-1");
    }

    @Test
    void larvalSaIsCompletedAndAMatureOneGetsAnotherLifetime() {
        service.put(FakeSadb.entry(4, SaWire.toWire(INBOUND)));
        try (TrafficKeys keys = keys()) {
            SaEntry completed = client.sadb().complete(new SaSelector.ById(new SaId(4)), INBOUND, keys, "p");
            client.sadb().changeLifetime(new SaSelector.Inbound(INBOUND.spi()), Lifetime.UNLIMITED);

            assertThat(completed.parameters()).contains(INBOUND);
            assertThat(service.updated().get(0).hasKeys()).isTrue();
            assertThat(service.updated().get(1).hasKeys()).isFalse();
            assertThat(service.updated().get(1).hasParameters()).isFalse();
            assertThat(service.updated().get(1).hasLifetime()).isTrue();
        }
    }

    @Test
    void pairIsInstalledInOneStep() {
        try (TrafficKeys in = keys();
                TrafficKeys out = keys()) {
            InstalledPair pair =
                    client.sadb().installPair(new NewPair(INBOUND, in, OUTBOUND, out, new PairId(3), Octets.EMPTY));

            assertThat(pair).isEqualTo(new InstalledPair(new PairId(5), new SaId(10), new SaId(11), List.of(DEVICE)));
            assertThat(service.pairs().get(0).getSupersedes()).isEqualTo(3);
        }
    }

    @Test
    void negotiatedPairSaysWhoMadeItAndWhatItAnswers() {
        try (TrafficKeys in = keys();
                TrafficKeys out = keys();
                KeyMaterial kept = KeyMaterial.adopt(new byte[] {5, 6})) {
            client.sadb()
                    .installPair(new NewPair(
                            INBOUND,
                            in,
                            OUTBOUND,
                            out,
                            PairId.NONE,
                            Octets.ofHex("77"),
                            Optional.of(PairRole.RESPONDER),
                            true,
                            kept,
                            new AcquireTie(8, Octets.ofHex("cc"))));

            SadbServiceInstallPairRequest sent = service.pairs().get(0);
            assertThat(sent.getRole()).isEqualTo(dev.samd.v1.PairRole.PAIR_ROLE_RESPONDER);
            assertThat(sent.getUnconfirmed()).isTrue();
            assertThat(sent.getKmpPrivate()).isEqualTo(ByteString.fromHex("0506"));
            assertThat(sent.getAcquireSequence()).isEqualTo(8);
            assertThat(sent.getClaim()).isEqualTo(ByteString.fromHex("cc"));
        }
    }

    @Test
    void entryShowsEverythingButKeys() {
        service.put(FakeSadb.entry(4, SaWire.toWire(INBOUND)).toBuilder()
                .setState(dev.samd.v1.SaState.SA_STATE_DYING)
                .setPairId(9)
                .setPairName("p")
                .setPartnerSaId(5)
                .setSupersedes(8)
                .setRole(dev.samd.v1.PairRole.PAIR_ROLE_RESPONDER)
                .setAcquireSequence(-7)
                .setUnconfirmed(true)
                .setSuspended(true)
                .setUsage(dev.samd.v1.Usage.newBuilder()
                        .setRecords(3)
                        .setOctets(300)
                        .setFailedOpenings(1)
                        .setNextSequence(12)
                        .putDiscarded("REPLAY", 2)
                        .putDiscarded("OF_A_LATER_VERSION", 2)
                        .setFirstUsed(Timestamp.newBuilder().setSeconds(1))
                        .setLastUsed(Timestamp.newBuilder().setSeconds(2)))
                .setExpires(Timestamp.newBuilder().setSeconds(3))
                .build());

        SaEntry entry = client.sadb().get(new SaSelector.Inbound(INBOUND.spi()));

        assertThat(entry)
                .isEqualTo(new SaEntry(
                        new SaId(4),
                        4,
                        SaState.DYING,
                        Direction.INBOUND,
                        INBOUND.spi(),
                        DEVICE,
                        Endpoint.HOST_WIDE,
                        Optional.of(INBOUND),
                        new PairMembership(
                                new PairId(9),
                                "p",
                                Optional.of(new SaId(5)),
                                new PairId(8),
                                Optional.of(PairRole.RESPONDER)),
                        java.util.Set.of(SaEntry.Flag.UNCONFIRMED, SaEntry.Flag.SUSPENDED),
                        List.of(DEVICE),
                        new SaUsage(
                                3,
                                300,
                                1,
                                12,
                                Map.of(DiscardReason.REPLAY, 2L),
                                Optional.of(Instant.ofEpochSecond(1)),
                                Optional.of(Instant.ofEpochSecond(2))),
                        Instant.ofEpochSecond(FakeSadb.ADDED),
                        Optional.of(Instant.ofEpochSecond(3)),
                        "uid:1000",
                        -7));
    }

    @Test
    void larvalEntryHasNoParametersYet() {
        service.put(FakeSadb.entry(
                        4,
                        dev.samd.v1.SaParameters.newBuilder()
                                .setSpi(ByteString.fromHex("01"))
                                .setPeer("coap://device-1")
                                .build())
                .toBuilder()
                .setState(dev.samd.v1.SaState.SA_STATE_LARVAL)
                .build());

        SaEntry entry = client.sadb().get(new SaSelector.ById(new SaId(4)));

        assertThat(entry.parameters()).isEmpty();
        assertThat(entry.direction()).isEqualTo(Direction.INBOUND);
        assertThat(entry.state()).isEqualTo(SaState.LARVAL);
    }

    @Test
    void entryThatCannotBeReadIsNoRefusalOfTheCaller() {
        service.put(FakeSadb.entry(4, SaWire.toWire(INBOUND)).toBuilder()
                .setStateValue(77)
                .build());

        SamdUnavailableException strange = catchThrowableOfType(
                SamdUnavailableException.class, () -> client.sadb().get(new SaSelector.ById(new SaId(4))));

        assertThat(strange).hasMessageContaining("state has the unknown value 77");
    }

    @Test
    void deleteGivesWhatEnded() {
        service.put(FakeSadb.entry(4, SaWire.toWire(INBOUND)).toBuilder()
                .setPartnerSaId(5)
                .build());
        service.put(FakeSadb.entry(5, SaWire.toWire(OUTBOUND)));
        service.put(FakeSadb.entry(6, SaWire.toWire(parameters(Direction.OUTBOUND, "02"))));

        assertThat(client.sadb().deletePair(new SaSelector.ById(new SaId(4))))
                .containsExactly(new SaId(4), new SaId(5));
        assertThat(client.sadb().delete(new SaSelector.Outbound(DEVICE, Spi.ofHex("02"))))
                .containsExactly(new SaId(6));
        assertThat(catchThrowableOfType(SaException.class, () -> client.sadb().delete(new SaSelector.ById(new SaId(4))))
                        .error())
                .isEqualTo(SaError.NO_SUCH_SA);
    }

    @Test
    void dumpGivesWhatFitsAndTheRevision() {
        service.put(FakeSadb.entry(4, SaWire.toWire(INBOUND)));
        service.put(FakeSadb.entry(5, SaWire.toWire(OUTBOUND)));
        List<SaId> all = new ArrayList<>();
        List<SaId> outbound = new ArrayList<>();

        Cursor cursor = client.sadb().dump(SaFilter.ALL, entry -> all.add(entry.id()));
        client.sadb()
                .dump(
                        new SaFilter(
                                Optional.of(DEVICE),
                                Optional.of(Direction.OUTBOUND),
                                Optional.of(SaState.MATURE),
                                Optional.empty()),
                        entry -> outbound.add(entry.id()));

        assertThat(cursor).isEqualTo(new Cursor(0xabc, 17));
        assertThat(cursor).hasToString("abc/17");
        assertThat(all).containsExactly(new SaId(4), new SaId(5));
        assertThat(outbound).containsExactly(new SaId(5));
    }

    @Test
    void longDumpComesWholeAndInOrder() {
        for (int id = 1; id <= 20_000; id++) {
            service.put(FakeSadb.entry(id, SaWire.toWire(INBOUND)));
        }
        long[] last = {0};

        client.sadb().dump(SaFilter.ALL, entry -> {
            assertThat(entry.id().value()).isEqualTo(last[0] + 1);
            last[0] = entry.id().value();
        });

        assertThat(last[0]).isEqualTo(20_000);
    }

    @Test
    void readerThatThrowsEndsTheDump() {
        service.put(FakeSadb.entry(4, SaWire.toWire(INBOUND)));
        IllegalStateException full = new IllegalStateException("full");

        assertThat(catchThrowableOfType(
                        IllegalStateException.class, () -> client.sadb().dump(SaFilter.ALL, entry -> {
                            throw full;
                        })))
                .isSameAs(full);
    }

    @Test
    void flushGivesHowManyEnded() {
        service.put(FakeSadb.entry(4, SaWire.toWire(INBOUND)));

        assertThat(client.sadb().flush(SaFilter.ALL)).isEqualTo(1);
        assertThat(client.sadb().flush(SaFilter.ALL)).isZero();
    }

    private static SaParameters parameters(Direction direction, String spi) {
        return new SaParameters(
                direction,
                Spi.ofHex(spi),
                DEVICE,
                Endpoint.HOST_WIDE,
                Identity.manual("coap://device-1"),
                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                RecordVersion.DTLS12,
                1,
                Content.MESSAGE,
                Form.SAMD,
                true,
                128,
                Lifetime.UNLIMITED,
                new History.Fresh());
    }

    private static TrafficKeys keys() {
        return new TrafficKeys(KeyMaterial.adopt(new byte[16]), KeyMaterial.adopt(new byte[4]));
    }
}
