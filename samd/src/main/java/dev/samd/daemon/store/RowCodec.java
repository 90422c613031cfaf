// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.samd.daemon.sadb.AnswerImage;
import dev.samd.daemon.sadb.KeyImage;
import dev.samd.daemon.sadb.KeyPrint;
import dev.samd.daemon.sadb.PairImage;
import dev.samd.daemon.sadb.SaImage;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Endpoint;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import dev.samd.sa.PairId;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Usage;
import dev.samd.store.v1.AnswerRow;
import dev.samd.store.v1.KeyRow;
import dev.samd.store.v1.PairRow;
import dev.samd.store.v1.SaRow;
import dev.samd.store.v1.UsageRow;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;

/** What has to be kept, as rows, and back. Times are converted between the monotonic clock and the store's. */
final class RowCodec {
    /** As in the database: the deadline of what has none, and the time of what has not happened. */
    private static final long NEVER = Usage.NEVER;

    private final StoreClock clock;

    RowCodec(StoreClock clock) {
        this.clock = clock;
    }

    static byte[] key(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    static byte[] key(KeyPrint print) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(print.high())
                .putLong(print.low())
                .array();
    }

    static byte[] key(String principal, Octets requestId) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] name = principal.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array());
            digest.update(name);
            digest.update(requestId.toArray());
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing from this runtime", e);
        }
    }

    static long id(byte[] key) throws DamagedRowException {
        if (key.length != Long.BYTES) {
            throw new DamagedRowException("key of " + key.length + " octets");
        }
        return ByteBuffer.wrap(key).getLong();
    }

    static KeyPrint print(ByteString octets) throws DamagedRowException {
        if (octets.size() != 2 * Long.BYTES) {
            throw new DamagedRowException("print of " + octets.size() + " octets");
        }
        ByteBuffer in = octets.asReadOnlyByteBuffer();
        return new KeyPrint(in.getLong(), in.getLong());
    }

    static ByteString octets(KeyPrint print) {
        return ByteString.copyFrom(key(print));
    }

    byte[] sa(SaImage image) {
        SaRow.Builder row = SaRow.newBuilder()
                .setRevision(image.revision())
                .setState(SaWire.STATE.toWire(image.state()))
                .setSpi(FieldWire.octets(image.spi().octets()))
                .setPeer(image.peer().uri())
                .setLocal(image.local().uri())
                .setPairId(image.pair().value())
                .setOwner(image.owner())
                .setAdded(clock.toStore(image.addedNanos()))
                .setAddedMillis(image.addedMillis())
                .setAcquireSequence((int) image.acquireSequence())
                .setSoftEarlierPermille(image.softEarlierPermille())
                .setUnconfirmed(image.unconfirmed())
                .setForgeryLimitMet(image.forgeryLimitMet());
        image.parameters().ifPresent(parameters -> row.setParameters(SaWire.toWire(parameters)));
        image.key().ifPresent(print -> row.setKeyPrint(octets(print)));
        if (image.firstUsedNanos() != NEVER) {
            row.setFirstUsed(clock.toStore(image.firstUsedNanos()));
        }
        if (image.endNanos() != NEVER) {
            row.setEnd(clock.toStore(image.endNanos()));
        }
        return row.build().toByteArray();
    }

    SaImage sa(long id, byte[] octets) throws DamagedRowException {
        try {
            SaRow row = SaRow.parseFrom(octets);
            Optional<KeyPrint> key =
                    row.getKeyPrint().isEmpty() ? Optional.empty() : Optional.of(print(row.getKeyPrint()));
            Optional<SaParameters> parameters =
                    row.hasParameters() ? Optional.of(SaWire.fromWire(row.getParameters())) : Optional.empty();
            return new SaImage(
                    new SaId(id),
                    row.getRevision(),
                    SaWire.STATE.fromWire("state", row.getStateValue()),
                    parameters.isPresent() ? parameters.get().spi() : FieldWire.spi("spi", row.getSpi()),
                    parameters
                            .map(SaParameters::peer)
                            .filter(peer -> peer.uri().equals(row.getPeer()))
                            .orElseGet(() -> FieldWire.peer("peer", row.getPeer())),
                    FieldWire.endpoint("local", row.getLocal()),
                    parameters,
                    key,
                    new PairId(row.getPairId()),
                    row.getOwner().intern(),
                    clock.toNanos(row.getAdded()),
                    row.getAddedMillis(),
                    row.hasFirstUsed() ? clock.toNanos(row.getFirstUsed()) : NEVER,
                    row.hasEnd() ? clock.toNanos(row.getEnd()) : NEVER,
                    Integer.toUnsignedLong(row.getAcquireSequence()),
                    row.getSoftEarlierPermille(),
                    row.getUnconfirmed(),
                    row.getForgeryLimitMet(),
                    false);
        } catch (InvalidProtocolBufferException | SaException | IllegalArgumentException e) {
            throw new DamagedRowException("SA " + id + " is not one");
        }
    }

    byte[] pair(PairImage image, KeyMaterial kmpPrivate) {
        PairRow.Builder row = PairRow.newBuilder()
                .setName(image.name())
                .setSupersedes(image.supersedes().value())
                .setLineage(image.lineage().value())
                .setGeneration(image.generation())
                .setSmaller(FieldWire.octets(image.smaller()))
                .setGreater(FieldWire.octets(image.greater()))
                .setUnconfirmed(image.unconfirmed())
                .setKmpPrivate(SaWire.toWire(kmpPrivate));
        image.predecessors().forEach(predecessor -> row.addPredecessors(predecessor.value()));
        image.rankRole().ifPresent(role -> row.setRankRole(SaWire.PAIR_ROLE.toWire(role)));
        image.role().ifPresent(role -> row.setRole(SaWire.PAIR_ROLE.toWire(role)));
        if (image.overlapEnd() != NEVER) {
            row.setOverlapEnd(clock.toStore(image.overlapEnd()));
        }
        return row.build().toByteArray();
    }

    KeptPair pair(long id, byte[] octets) throws DamagedRowException {
        try {
            PairRow row = PairRow.parseFrom(octets);
            PairImage image = new PairImage(
                    new PairId(id),
                    row.getName(),
                    new PairId(row.getSupersedes()),
                    row.getPredecessorsList().stream().map(PairId::new).toList(),
                    new PairId(row.getLineage()),
                    row.getGeneration(),
                    role(row.getRankRoleValue()),
                    Octets.of(row.getSmaller().toByteArray()),
                    Octets.of(row.getGreater().toByteArray()),
                    role(row.getRoleValue()),
                    row.getUnconfirmed(),
                    row.hasOverlapEnd() ? clock.toNanos(row.getOverlapEnd()) : NEVER);
            return new KeptPair(image, KeyMaterial.adopt(row.getKmpPrivate().toByteArray()));
        } catch (InvalidProtocolBufferException | SaException | IllegalArgumentException e) {
            throw new DamagedRowException("pair " + id + " is not one");
        }
    }

    private static Optional<dev.samd.sa.PairRole> role(int number) {
        return number == 0 ? Optional.empty() : Optional.of(SaWire.PAIR_ROLE.fromWire("role", number));
    }

    static byte[] key(KeyImage image) {
        KeyRow.Builder row = KeyRow.newBuilder()
                .setSuite(image.suite().code())
                .setVersion(image.version().wire())
                .setEpoch(image.epoch())
                .setIvPrint(octets(image.iv()))
                .setSendMark(image.sendMark())
                .setAcceptMark(image.acceptMark());
        image.sending().map(Endpoint::uri).ifPresent(row::setSending);
        image.accepting().map(Endpoint::uri).ifPresent(row::setAccepting);
        return row.build().toByteArray();
    }

    static KeyImage key(byte[] print, byte[] octets) throws DamagedRowException {
        try {
            KeyRow row = KeyRow.parseFrom(octets);
            return new KeyImage(
                    print(ByteString.copyFrom(print)),
                    CipherSuite.ofCode(row.getSuite()),
                    RecordVersion.ofWire(row.getVersion()),
                    row.getEpoch(),
                    print(row.getIvPrint()),
                    row.hasSending() ? Optional.of(FieldWire.endpoint("sending", row.getSending())) : Optional.empty(),
                    row.getSendMark(),
                    row.hasAccepting()
                            ? Optional.of(FieldWire.endpoint("accepting", row.getAccepting()))
                            : Optional.empty(),
                    row.getAcceptMark());
        } catch (InvalidProtocolBufferException | SaException | IllegalArgumentException e) {
            throw new DamagedRowException("the record of a key is not one");
        }
    }

    UsageRow usage(Usage usage) {
        UsageRow.Builder row = UsageRow.newBuilder()
                .setRecords(usage.records())
                .setOctets(usage.octets())
                .setFailedOpenings(usage.failedOpenings())
                .setNextSequence(usage.nextSequence());
        if (usage.firstUsedNanos() != NEVER) {
            row.setFirstUsed(clock.toStore(usage.firstUsedNanos()));
        }
        if (usage.lastUsedNanos() != NEVER) {
            row.setLastUsed(clock.toStore(usage.lastUsedNanos()));
        }
        return row.build();
    }

    Usage usage(UsageRow row) {
        return new Usage(
                row.getRecords(),
                row.getOctets(),
                row.getFailedOpenings(),
                row.hasFirstUsed() ? clock.toNanos(row.getFirstUsed()) : NEVER,
                row.hasLastUsed() ? clock.toNanos(row.getLastUsed()) : NEVER,
                row.getNextSequence(),
                Map.of());
    }

    static byte[] answer(AnswerImage image) {
        return AnswerRow.newBuilder()
                .setRevision(image.revision())
                .setPrincipal(image.principal())
                .setRequestId(FieldWire.octets(image.requestId()))
                .setContentPrint(octets(image.content()))
                .setFirst(image.first().value())
                .setSecond(image.second().map(SaId::value).orElse(0L))
                .build()
                .toByteArray();
    }

    static AnswerImage answer(byte[] octets) throws DamagedRowException {
        try {
            AnswerRow row = AnswerRow.parseFrom(octets);
            return new AnswerImage(
                    row.getRevision(),
                    row.getPrincipal(),
                    Octets.of(row.getRequestId().toByteArray()),
                    print(row.getContentPrint()),
                    new SaId(row.getFirst()),
                    row.getSecond() == 0 ? Optional.empty() : Optional.of(new SaId(row.getSecond())));
        } catch (InvalidProtocolBufferException | SaException | IllegalArgumentException e) {
            throw new DamagedRowException("an answer is not one");
        }
    }
}
