// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.samd.engine.OpenCall;
import dev.samd.engine.OpenedRecord;
import dev.samd.engine.ProtectCall;
import dev.samd.engine.Protected;
import dev.samd.engine.SealCall;
import dev.samd.engine.SealedRecord;
import dev.samd.engine.UnprotectCall;
import dev.samd.engine.Unprotected;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.Rights;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.v1.Bypassed;
import dev.samd.v1.Challenged;
import dev.samd.v1.Discarded;
import dev.samd.v1.Opened;
import dev.samd.v1.RecordServiceOpenRequest;
import dev.samd.v1.RecordServiceOpenResponse;
import dev.samd.v1.RecordServiceProtectRequest;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceSealRequest;
import dev.samd.v1.RecordServiceSealResponse;
import dev.samd.v1.RecordServiceUnprotectRequest;
import dev.samd.v1.RecordServiceUnprotectResponse;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;
import java.util.Optional;
import java.util.Set;

/** Calls of the data path, and what became of them, as messages. Arrays of the engine are fresh and go out uncopied. */
final class RecordWire {
    private static final int MAX_REFERENCE = 512;
    private static final int MAX_NAME = 300;

    private final EndpointCache endpoints = new EndpointCache();

    ProtectCall call(RecordServiceProtectRequest wire, Caller caller) {
        requireShort("via", wire.getVia());
        return new ProtectCall(
                caller.principal(),
                coap(wire.getCoap()),
                endpoints.endpoint("local", wire.getLocal()),
                endpoints.endpoint("default_target", wire.getDefaultTarget()),
                reference(wire.getInReplyTo()),
                caller.rights());
    }

    UnprotectCall call(RecordServiceUnprotectRequest wire, Caller caller) {
        requireShort("source", wire.getSource());
        return new UnprotectCall(
                caller.principal(),
                coap(wire.getCoap()),
                endpoints.endpoint("local", wire.getLocal()),
                wire.getSource(),
                reference(wire.getInReplyTo()),
                endpoints.endpoint("peer", wire.getPeer()),
                caller.rights());
    }

    SealCall call(RecordServiceSealRequest wire, SaId sa, Caller caller) {
        int padding = wire.getPadding();
        if (padding < 0 || padding > ServiceLimits.RECORD_PLAINTEXT) {
            String value = Integer.toUnsignedString(padding);
            throw new SaException(SaError.TOO_LARGE, value, "padding of " + value + " octets does not fit a record");
        }
        return new SealCall(
                sa,
                endpoints.endpoint("local", wire.getLocal()),
                octets("plaintext", wire.getPlaintext(), ServiceLimits.COAP_MESSAGE),
                padding,
                caller.rights());
    }

    OpenCall call(RecordServiceOpenRequest wire, Caller caller) {
        requireShort("source", wire.getSource());
        Endpoint local = endpoints.endpoint("local", wire.getLocal());
        byte[] record = octets("record", wire.getRecord(), ServiceLimits.COAP_MESSAGE);
        if (record.length == 0) {
            throw new SaException(SaError.MALFORMED, "0 octets", "record is empty");
        }
        return new OpenCall(
                record, local, wire.getSource(), endpoints.endpoint("peer", wire.getPeer()), caller.rights());
    }

    static RecordServiceProtectResponse toWire(Protected done) {
        return RecordServiceProtectResponse.newBuilder()
                .setCoap(fresh(done.coap()))
                .setReference(fresh(done.reference()))
                .setSaId(done.sa().value())
                .setSpi(FieldWire.octets(done.spi().octets()))
                .setPeer(done.peer().uri())
                .setIdentity(SaWire.toWire(done.identity()))
                .build();
    }

    static RecordServiceUnprotectResponse toWire(Unprotected done) {
        Opened.Builder opened = Opened.newBuilder()
                .setCoap(fresh(done.coap()))
                .setReference(fresh(done.reference()))
                .setObserveOrder(done.observeOrder())
                .setPeer(done.peer().uri())
                .setIdentity(SaWire.toWire(done.identity()))
                .setSaId(done.sa().value())
                .setSpi(FieldWire.octets(done.spi().octets()))
                .setPairId(done.pair().value());
        addScope(opened, done.scope());
        addRights(opened, done.rights());
        return RecordServiceUnprotectResponse.newBuilder().setOpened(opened).build();
    }

    static RecordServiceProtectResponse protectBypassed(dev.samd.engine.Bypassed clear) {
        return RecordServiceProtectResponse.newBuilder()
                .setCoap(fresh(clear.octets()))
                .setBypassed(true)
                .build();
    }

    static RecordServiceUnprotectResponse unprotectBypassed(dev.samd.engine.Bypassed clear) {
        return RecordServiceUnprotectResponse.newBuilder()
                .setBypassed(Bypassed.newBuilder().setCoap(fresh(clear.octets())))
                .build();
    }

    static RecordServiceUnprotectResponse challenged(dev.samd.engine.Challenged answer) {
        return RecordServiceUnprotectResponse.newBuilder()
                .setChallenged(Challenged.newBuilder().setCoap(fresh(answer.coap())))
                .build();
    }

    static RecordServiceUnprotectResponse unprotectDiscarded(dev.samd.engine.Discarded why) {
        return RecordServiceUnprotectResponse.newBuilder()
                .setDiscarded(discarded(why.reason(), why.sa(), why.tellNetwork()))
                .build();
    }

    static RecordServiceSealResponse toWire(SealedRecord done) {
        return RecordServiceSealResponse.newBuilder()
                .setRecord(fresh(done.octets()))
                .setSaId(done.sa().value())
                .setSpi(FieldWire.octets(done.spi().octets()))
                .setPeer(done.peer().uri())
                .setIdentity(SaWire.toWire(done.identity()))
                .setEpoch(done.epoch())
                .setSequence(done.sequence())
                .build();
    }

    static RecordServiceOpenResponse toWire(OpenedRecord done) {
        if (done.alert()) {
            // An alert of the peer is authentic, and no data of his: it opens, and does not pass.
            return RecordServiceOpenResponse.newBuilder()
                    .setDiscarded(discarded(DiscardReason.POLICY, Optional.of(done.sa()), false))
                    .build();
        }
        Opened.Builder opened = Opened.newBuilder()
                .setPlaintext(fresh(done.plaintext()))
                .setPeer(done.peer().uri())
                .setIdentity(SaWire.toWire(done.identity()))
                .setSaId(done.sa().value())
                .setSpi(FieldWire.octets(done.spi().octets()))
                .setPairId(done.pair().value());
        addScope(opened, done.scope());
        addRights(opened, done.rights());
        return RecordServiceOpenResponse.newBuilder().setOpened(opened).build();
    }

    static RecordServiceOpenResponse openDiscarded(dev.samd.engine.Discarded why) {
        return RecordServiceOpenResponse.newBuilder()
                .setDiscarded(discarded(why.reason(), why.sa(), why.tellNetwork()))
                .build();
    }

    private static Discarded discarded(DiscardReason reason, Optional<SaId> sa, boolean tellNetwork) {
        return Discarded.newBuilder()
                .setReason(SaWire.DISCARD_REASON.toWire(reason))
                .setErrno(reason.errno())
                .setRetryable(reason.retryable())
                .setSaId(sa.map(SaId::value).orElse(0L))
                .setTellNetwork(tellNetwork)
                .build();
    }

    private static void addScope(Opened.Builder opened, Set<Endpoint> scope) {
        for (Endpoint peer : scope) {
            opened.addScope(peer.uri());
        }
    }

    private static void addRights(Opened.Builder opened, Rights rights) {
        if (!rights.equals(Rights.NONE)) {
            opened.setRights(SaWire.toWire(rights));
        }
    }

    private static ByteString fresh(byte[] octets) {
        return UnsafeByteOperations.unsafeWrap(octets);
    }

    private static byte[] coap(ByteString coap) {
        if (coap.isEmpty()) {
            throw new SaException(SaError.MALFORMED_COAP, "0 octets", "coap is empty");
        }
        return octets("coap", coap, ServiceLimits.COAP_MESSAGE);
    }

    private static byte[] reference(ByteString reference) {
        if (reference.size() > MAX_REFERENCE) {
            throw new SaException(
                    SaError.INVALID_REFERENCE,
                    reference.size() + " octets",
                    "in_reply_to of " + reference.size() + " octets is no reference of this daemon");
        }
        return reference.toByteArray();
    }

    private static byte[] octets(String field, ByteString octets, int most) {
        if (octets.size() > most) {
            throw new SaException(
                    SaError.TOO_LARGE,
                    octets.size() + " octets",
                    field + " of " + octets.size() + " octets; at most " + most + " expected");
        }
        return octets.toByteArray();
    }

    private static void requireShort(String field, String text) {
        if (text.length() > MAX_NAME) {
            throw new SaException(
                    SaError.MALFORMED,
                    text,
                    field + " of " + text.length() + " characters; at most " + MAX_NAME + " expected");
        }
    }
}
