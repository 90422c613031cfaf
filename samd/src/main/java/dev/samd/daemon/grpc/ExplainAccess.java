// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.SadbLoop;
import dev.samd.daemon.access.AccessExplanation;
import dev.samd.daemon.access.AccessRules;
import dev.samd.daemon.access.Door;
import dev.samd.daemon.access.Principal;
import dev.samd.daemon.access.Rights;
import dev.samd.daemon.access.Rule;
import dev.samd.daemon.access.Verb;
import dev.samd.daemon.sadb.SaSelector;
import dev.samd.daemon.sadb.Step;
import dev.samd.sa.Endpoint;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.v1.AdminServiceExplainAccessRequest;
import dev.samd.v1.AdminServiceExplainAccessResponse;
import dev.samd.wire.FieldWire;
import io.grpc.stub.StreamObserver;
import java.util.HashSet;
import java.util.Optional;

/** Whether a caller may make a call, and why; asked by those who see everything, so that nothing is given away. */
final class ExplainAccess {
    private final SadbLoop loop;
    private final AccessRules rules;

    ExplainAccess(SadbLoop loop, AccessRules rules) {
        this.loop = loop;
        this.rules = rules;
    }

    void answer(AdminServiceExplainAccessRequest request, StreamObserver<AdminServiceExplainAccessResponse> observer) {
        Rights rights = rules.of(caller(request));
        Verb verb = Verb.meant(request.getVerb())
                .orElseThrow(() -> new SaException(
                        SaError.MALFORMED,
                        request.getVerb(),
                        "verb \"" + request.getVerb() + "\" is no call, or several; say it like SadbService/Delete"));
        Door door = door(request.getSocket());
        Optional<Endpoint> local = local(request.getEndpoint());
        if (request.getSaId() == 0) {
            observer.onNext(
                    toWire(AccessExplanation.of(rights, verb, door, Optional.empty(), local, request.getKmp())));
            observer.onCompleted();
            return;
        }
        SaSelector sa = new SaSelector.ById(FieldWire.saId("sa_id", request.getSaId()));
        UnaryAnswer.when(
                loop.submit((sadb, now) -> Step.unchanged(sadb.get(sa))),
                entry -> toWire(AccessExplanation.of(
                        rights,
                        verb,
                        door,
                        Optional.of(new AccessExplanation.Sa(entry.owner(), entry.local())),
                        local,
                        request.getKmp())),
                observer);
    }

    private static Principal caller(AdminServiceExplainAccessRequest request) {
        return switch (request.getCallerCase()) {
            case PROCESS ->
                new Principal.Local(
                        request.getProcess().getUid(),
                        request.getProcess().getGid(),
                        new HashSet<>(request.getProcess().getGroupsList()));
            case SAN -> new Principal.Certified(request.getSan());
            case CALLER_NOT_SET ->
                throw new SaException(SaError.MALFORMED, "caller", "caller is missing: say process or san");
        };
    }

    private static Door door(String socket) {
        return switch (socket) {
            case "" -> Door.ANY;
            case "app" -> Door.APP;
            case "admin" -> Door.ADMIN;
            default ->
                throw new SaException(
                        SaError.MALFORMED, socket, "socket \"" + socket + "\" is none; app or admin expected");
        };
    }

    private static Optional<Endpoint> local(String endpoint) {
        if (endpoint.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(endpoint.equals(Rule.HOST) ? Endpoint.HOST_WIDE : FieldWire.endpoint("endpoint", endpoint));
    }

    private static AdminServiceExplainAccessResponse toWire(AccessExplanation explained) {
        return AdminServiceExplainAccessResponse.newBuilder()
                .setAllowed(explained.allowed())
                .setRule(explained.rule())
                .addAllSteps(explained.steps())
                .build();
    }
}
