// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.samd.audit.AuditActor;
import dev.samd.audit.AuditEvent;
import dev.samd.audit.AuditKind;
import dev.samd.audit.AuditSa;
import dev.samd.daemon.access.Principal;
import dev.samd.v1.AdminServiceBackupRequest;
import dev.samd.v1.AdminServiceBackupResponse;
import dev.samd.v1.AdminServiceRotateKeyRequest;
import dev.samd.v1.AdminServiceRotateKeyResponse;
import dev.samd.v1.Direction;
import dev.samd.v1.Identity;
import dev.samd.v1.KmpServiceRecallRequest;
import dev.samd.v1.KmpServiceRecallResponse;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceDeleteRequest;
import dev.samd.v1.PolicyServiceFlushRequest;
import dev.samd.v1.PolicyServiceFlushResponse;
import dev.samd.v1.PolicyServiceUpdateRequest;
import dev.samd.v1.Refusal;
import dev.samd.v1.SaEntry;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceAddResponse;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceDeleteResponse;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceFlushResponse;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceGetSpiResponse;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceInstallPairResponse;
import dev.samd.v1.SadbServiceUpdateRequest;
import dev.samd.v1.SadbServiceUpdateResponse;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The calls that are audited, in the words of the audit log: never their keys, claims or secrets. */
final class AuditText {
    private AuditText() {}

    /** Who calls. */
    static AuditActor actor(Caller caller) {
        return caller.rights().principal() instanceof Principal.Local local
                ? new AuditActor(
                        local.name(),
                        Integer.toUnsignedLong(local.uid()),
                        Integer.toUnsignedLong(local.gid()),
                        caller.pid())
                : AuditActor.named(caller.principal());
    }

    /** Why something was refused. */
    static String reason(Refusal refusal) {
        return refusal.getReason() + ": " + refusal.getMessage();
    }

    /** What a request asks for; empty if it is not audited. */
    static Optional<AuditEvent> intended(AuditActor actor, Message request) {
        if (request instanceof SadbServiceGetSpiRequest spi) {
            return Optional.of(AuditEvent.intended(AuditKind.GETSPI, actor)
                    .about(List.of(new AuditSa(0, "", "inbound", spi.getPeer(), spi.getLocal()))));
        }
        if (request instanceof SadbServiceAddRequest add) {
            SaParameters sa = add.getParameters();
            return Optional.of(of(AuditKind.INSTALL, actor, sa).about(List.of(sa(sa))));
        }
        if (request instanceof SadbServiceInstallPairRequest pair) {
            return Optional.of(of(AuditKind.INSTALL, actor, pair.getInbound())
                    .about(List.of(sa(pair.getInbound()), sa(pair.getOutbound()))));
        }
        if (request instanceof SadbServiceUpdateRequest update) {
            return Optional.of(AuditEvent.intended(AuditKind.UPDATE, actor)
                    .with("keys", update.hasKeys() ? "given" : "")
                    .about(List.of(sa(update.getSa()))));
        }
        if (request instanceof SadbServiceDeleteRequest delete) {
            return Optional.of(AuditEvent.intended(AuditKind.DELETE, actor).about(List.of(sa(delete.getSa()))));
        }
        if (request instanceof SadbServiceFlushRequest) {
            return Optional.of(AuditEvent.intended(AuditKind.FLUSH, actor).with("filter", SubjectText.of(request)));
        }
        if (request instanceof KmpServiceRecallRequest recall) {
            return Optional.of(AuditEvent.intended(AuditKind.RECALL, actor).with("kmp", recall.getKmp()));
        }
        if (request instanceof AdminServiceBackupRequest backup) {
            return Optional.of(
                    AuditEvent.intended(AuditKind.BACKUP, actor).with("destination", backup.getDestination()));
        }
        if (request instanceof AdminServiceRotateKeyRequest) {
            return Optional.of(AuditEvent.intended(AuditKind.KEY_ROTATED, actor));
        }
        return ofPolicy(request).map(change -> AuditEvent.intended(AuditKind.POLICY, actor)
                .with("change", change)
                .with("policy", SubjectText.of(request)));
    }

    private static Optional<String> ofPolicy(Message request) {
        if (request instanceof PolicyServiceAddRequest) {
            return Optional.of("add");
        }
        if (request instanceof PolicyServiceUpdateRequest) {
            return Optional.of("update");
        }
        if (request instanceof PolicyServiceDeleteRequest) {
            return Optional.of("delete");
        }
        return request instanceof PolicyServiceFlushRequest ? Optional.of("flush") : Optional.empty();
    }

    /** The same, after the response that says that it happened. */
    static AuditEvent done(AuditEvent intended, Message response) {
        if (response instanceof SadbServiceGetSpiResponse spi) {
            AuditSa asked = intended.sas().get(0);
            return intended.about(List.of(new AuditSa(
                            spi.getSaId(), hex(spi.getSpi()), asked.direction(), asked.peer(), asked.local())))
                    .done();
        }
        if (response instanceof SadbServiceAddResponse add) {
            return installed(intended, List.of(intended.sas().get(0).as(add.getSaId())), add.getPairId());
        }
        if (response instanceof SadbServiceInstallPairResponse pair) {
            return installed(
                    intended,
                    List.of(
                            intended.sas().get(0).as(pair.getInboundSaId()),
                            intended.sas().get(1).as(pair.getOutboundSaId())),
                    pair.getPairId());
        }
        if (response instanceof SadbServiceUpdateResponse update) {
            SaEntry entry = update.getEntry();
            AuditEvent named =
                    installed(intended, List.of(sa(entry.getParameters()).as(entry.getSaId())), entry.getPairId());
            return withIdentity(named, entry.getParameters());
        }
        if (response instanceof SadbServiceDeleteResponse delete) {
            return intended.about(delete.getSaIdsList().stream()
                            .map(id -> intended.sas().get(0).id() == 0 && delete.getSaIdsCount() == 1
                                    ? intended.sas().get(0).as(id)
                                    : AuditSa.of(id))
                            .toList())
                    .done();
        }
        if (response instanceof SadbServiceFlushResponse flush) {
            return intended.with("count", flush.getCount()).done();
        }
        if (response instanceof PolicyServiceFlushResponse flush) {
            return intended.with("count", flush.getCount()).done();
        }
        if (response instanceof AdminServiceBackupResponse backup) {
            return intended.with("revision", backup.getRevision()).done();
        }
        if (response instanceof AdminServiceRotateKeyResponse rotated) {
            return intended.with("key", rotated.getCurrent()).done();
        }
        if (response instanceof KmpServiceRecallResponse recall) {
            return intended.with("count", recall.getPairsCount()).done();
        }
        return intended.done();
    }

    private static AuditEvent installed(AuditEvent intended, List<AuditSa> sas, long pair) {
        AuditEvent named = intended.about(sas);
        return (pair == 0 ? named : named.with("pair", pair)).done();
    }

    private static AuditEvent of(AuditKind kind, AuditActor actor, SaParameters parameters) {
        return withIdentity(AuditEvent.intended(kind, actor), parameters);
    }

    private static AuditEvent withIdentity(AuditEvent event, SaParameters parameters) {
        if (!parameters.hasPeerIdentity()) {
            return event.with("kmp", "manual");
        }
        Identity identity = parameters.getPeerIdentity();
        String issuer = identity.getIssuer().isEmpty() ? "" : "@" + identity.getIssuer();
        return event.with("kmp", identity.getKmp()).with("identity", identity.getValue() + issuer);
    }

    private static AuditSa sa(SaParameters parameters) {
        return new AuditSa(
                0,
                hex(parameters.getSpi()),
                direction(parameters.getDirection()),
                parameters.getPeer(),
                parameters.getLocal());
    }

    private static String direction(Direction direction) {
        return switch (direction) {
            case DIRECTION_INBOUND -> "inbound";
            case DIRECTION_OUTBOUND -> "outbound";
            case DIRECTION_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    private static AuditSa sa(SaSelector selector) {
        return switch (selector.getNameCase()) {
            case SA_ID -> AuditSa.of(selector.getSaId());
            case INBOUND_SPI -> new AuditSa(0, hex(selector.getInboundSpi()), "inbound", "", "");
            case OUTBOUND ->
                new AuditSa(
                        0,
                        hex(selector.getOutbound().getSpi()),
                        "outbound",
                        selector.getOutbound().getPeer(),
                        "");
            case NAME_NOT_SET -> AuditSa.of(0);
        };
    }

    private static String hex(ByteString octets) {
        // Longer ones are no SPIs: they are refused, and their beginning is enough to know them by.
        return HexFormat.of()
                .formatHex(octets.substring(0, Math.min(octets.size(), 32)).toByteArray());
    }
}
