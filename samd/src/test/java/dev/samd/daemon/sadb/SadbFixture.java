// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.PairId;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import dev.samd.sa.TrafficKeys;
import dev.samd.sa.Usage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A database with a clock that only moves when told, and everything that it said so far. */
final class SadbFixture {
    static final String ALICE = "uid:1000";
    static final String BOB = "uid:1001";
    static final Endpoint PEER = Endpoint.parse("coap://sensor-1");
    static final Instant BORN = Instant.parse("2026-11-24T00:00:00Z");

    final Map<SaId, Usage> usages = new HashMap<>();
    final List<SadbEvent> events = new ArrayList<>();
    /** What the engine was told to follow. */
    final List<Change> changes = new ArrayList<>();

    final List<Notice> notices = new ArrayList<>();
    final Sadb sadb;
    /** Begins just below the overflow of a long: monotonic clocks may start anywhere. */
    long nanos = Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();

    private Duration elapsed = Duration.ZERO;
    private int keysMade;

    SadbFixture() {
        this(SadbBounds.MEMORY.with(Timings.DEFAULT.withoutChance()));
    }

    SadbFixture(SadbBounds bounds) {
        sadb = new Sadb(now(), new Random(7), id -> Optional.ofNullable(usages.get(id)), bounds);
    }

    Now now() {
        return new Now(nanos, BORN.plus(elapsed));
    }

    /** Moves the clock. */
    void later(Duration time) {
        nanos += time.toNanos();
        elapsed = elapsed.plus(time);
    }

    /** Moves the clock and lets the database see it. */
    Step<Integer> pass(Duration time) {
        later(time);
        return seen(sadb.tick(now()));
    }

    <R> Step<R> seen(Step<R> step) {
        changes.addAll(forEngine(step));
        events.addAll(step.events());
        notices.addAll(step.notices());
        return step;
    }

    /** The changes of a step without those that concern the store alone. */
    static List<Change> forEngine(Step<?> step) {
        return step.changes().stream()
                .filter(change -> !(change instanceof Change.Noted
                        || change instanceof Change.PairNoted
                        || change instanceof Change.PairEnded
                        || change instanceof Change.Answered
                        || change instanceof Change.Forgotten))
                .toList();
    }

    /** The SA of the first change of a step. */
    static SadbEntry firstChanged(Step<?> step) {
        return ((Change.OfEntry) step.changes().get(0)).entry();
    }

    SadbEvent lastEvent() {
        return events.get(events.size() - 1);
    }

    SaParameters inbound(String spi) {
        return parameters(Direction.INBOUND, spi, PEER, new History.Fresh(), Lifetime.UNLIMITED);
    }

    SaParameters outbound(String spi) {
        return parameters(Direction.OUTBOUND, spi, PEER, new History.Fresh(), Lifetime.UNLIMITED);
    }

    static SaParameters parameters(Direction direction, String spi, Endpoint peer, History history, Lifetime lifetime) {
        return new SaParameters(
                direction,
                Spi.ofHex(spi),
                peer,
                Endpoint.HOST_WIDE,
                Identity.manual(peer.uri()),
                CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
                RecordVersion.DTLS12,
                1,
                Content.MESSAGE,
                Form.SAMD,
                true,
                SaParameters.DEFAULT_WINDOW,
                lifetime,
                history);
    }

    static SaParameters withLocal(SaParameters p, String local) {
        return new SaParameters(
                p.direction(),
                p.spi(),
                p.peer(),
                new Endpoint(local),
                p.identity(),
                p.suite(),
                p.version(),
                p.epoch(),
                p.content(),
                p.form(),
                p.connectionId(),
                p.window(),
                p.lifetime(),
                p.history());
    }

    static SaParameters withIdentity(SaParameters p, Identity identity) {
        return new SaParameters(
                p.direction(),
                p.spi(),
                p.peer(),
                p.local(),
                identity,
                p.suite(),
                p.version(),
                p.epoch(),
                p.content(),
                p.form(),
                p.connectionId(),
                p.window(),
                p.lifetime(),
                p.history());
    }

    static SaParameters withHistory(SaParameters p, History history) {
        return new SaParameters(
                p.direction(),
                p.spi(),
                p.peer(),
                p.local(),
                p.identity(),
                p.suite(),
                p.version(),
                p.epoch(),
                p.content(),
                p.form(),
                p.connectionId(),
                p.window(),
                p.lifetime(),
                history);
    }

    static SaParameters withEpoch(SaParameters p, int epoch) {
        return new SaParameters(
                p.direction(),
                p.spi(),
                p.peer(),
                p.local(),
                p.identity(),
                p.suite(),
                p.version(),
                epoch,
                p.content(),
                p.form(),
                p.connectionId(),
                p.window(),
                p.lifetime(),
                p.history());
    }

    static SaParameters withSuite(SaParameters p, CipherSuite suite) {
        return new SaParameters(
                p.direction(),
                p.spi(),
                p.peer(),
                p.local(),
                p.identity(),
                suite,
                p.version(),
                p.epoch(),
                p.content(),
                p.form(),
                p.connectionId(),
                p.window(),
                p.lifetime(),
                p.history());
    }

    static SaParameters withContent(SaParameters p, Content content, Form form) {
        return new SaParameters(
                p.direction(),
                p.spi(),
                p.peer(),
                p.local(),
                p.identity(),
                p.suite(),
                p.version(),
                p.epoch(),
                content,
                form,
                p.connectionId(),
                p.window(),
                p.lifetime(),
                p.history());
    }

    static SaParameters withoutConnectionId(SaParameters p) {
        return new SaParameters(
                p.direction(),
                p.spi(),
                p.peer(),
                p.local(),
                p.identity(),
                p.suite(),
                p.version(),
                p.epoch(),
                Content.RAW,
                Form.NONE,
                false,
                p.window(),
                p.lifetime(),
                p.history());
    }

    /** Keys that no other call gives. */
    TrafficKeys keys() {
        return keys(++keysMade);
    }

    static TrafficKeys keys(int seed) {
        byte[] key = ByteBuffer.allocate(16).putInt(12, seed).array();
        return new TrafficKeys(KeyMaterial.adopt(key), KeyMaterial.adopt(new byte[4]));
    }

    SadbEntry add(SaParameters parameters) {
        return add(parameters, keys(), "");
    }

    SadbEntry add(SaParameters parameters, TrafficKeys keys, String pairName) {
        return seen(sadb.add(now(), new Add(Origin.of(ALICE), parameters, keys, pairName)))
                .reply();
    }

    InstalledPair installPair(String in, String out) {
        return installPair(in, out, PairId.NONE);
    }

    InstalledPair installPair(String in, String out, PairId supersedes) {
        return seen(sadb.installPair(
                        now(),
                        new InstallPair(Origin.of(ALICE), inbound(in), keys(), outbound(out), keys(), supersedes)))
                .reply();
    }

    SadbEntry getSpi() {
        return getSpi(null);
    }

    SadbEntry getSpi(SpiRange range) {
        return seen(sadb.getSpi(now(), new GetSpi(Origin.of(ALICE), PEER, Endpoint.HOST_WIDE, range)))
                .reply();
    }

    List<SaId> delete(SadbEntry entry) {
        return seen(sadb.delete(now(), SadbCaller.of(ALICE), byId(entry), false))
                .reply();
    }

    void use(SadbEntry entry, long records, long octets, long next) {
        usages.put(entry.id(), new Usage(records, octets, 0, nanos, nanos, next, Map.of()));
    }

    static SaSelector byId(SadbEntry entry) {
        return new SaSelector.ById(entry.id());
    }

    static Lifetime softTime(Duration soft, Duration hard) {
        return new Lifetime(new Limits(soft, Duration.ZERO, 0, 0, 0), new Limits(hard, Duration.ZERO, 0, 0, 0));
    }

    /** Runs what must be refused, and looks that nothing has changed. */
    SaException refused(SaError error, ThrowingCallable request) {
        Cursor before = sadb.cursor();
        int size = sadb.size();
        SaException e = Assertions.catchThrowableOfType(SaException.class, request);
        Assertions.assertThat(e).as("a refusal").isNotNull();
        Assertions.assertThat(e.error()).as(e.getMessage()).isEqualTo(error);
        Assertions.assertThat(sadb.cursor()).isEqualTo(before);
        Assertions.assertThat(sadb.size()).isEqualTo(size);
        return e;
    }
}
