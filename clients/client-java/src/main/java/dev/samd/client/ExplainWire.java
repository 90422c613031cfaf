// SPDX-License-Identifier: Apache-2.0
package dev.samd.client;

import dev.samd.sa.SaException;
import dev.samd.v1.AdminServiceExplainRequest;
import dev.samd.v1.AdminServiceExplainResponse;
import dev.samd.wire.ErrorWire;
import dev.samd.wire.FieldWire;
import java.util.Optional;

/** Questions to the daemon, and its explanations. */
final class ExplainWire {
    private ExplainWire() {}

    static AdminServiceExplainRequest toWire(ExplainRequest request) {
        AdminServiceExplainRequest.Builder wire = AdminServiceExplainRequest.newBuilder();
        if (request instanceof ExplainRequest.Sending sending) {
            wire.setSending(AdminServiceExplainRequest.Sending.newBuilder()
                    .setLocal(sending.local().uri())
                    .setTarget(sending.target().uri())
                    .setMethod(sending.method())
                    .setPath(sending.path()));
        } else if (request instanceof ExplainRequest.Receiving receiving) {
            wire.setReceiving(AdminServiceExplainRequest.Receiving.newBuilder()
                    .setLocal(receiving.local().uri())
                    .setMethod(receiving.method())
                    .setPath(receiving.path()));
        } else if (request instanceof ExplainRequest.Captured captured) {
            wire.setCaptured(AdminServiceExplainRequest.Captured.newBuilder()
                    .setCoap(FieldWire.octets(captured.coap()))
                    .setLocal(captured.local().uri())
                    .setPeer(captured.peer().uri()));
        }
        return wire.build();
    }

    /**
     * An explanation.
     *
     * @throws SaException if the daemon sends what this version does not understand
     */
    static Explanation explanation(AdminServiceExplainResponse wire) {
        return new Explanation(
                wire.getVerdict(),
                wire.getPolicy(),
                wire.getStepsList(),
                wire.getCandidatesList().stream().map(ExplainWire::candidate).toList(),
                wire.hasRefusal() ? ErrorWire.fromRefusal(wire.getRefusal()) : Optional.empty());
    }

    private static Explanation.Candidate candidate(AdminServiceExplainResponse.Candidate wire) {
        return new Explanation.Candidate(
                FieldWire.saId("sa_id", wire.getSaId()),
                wire.getChosen(),
                wire.getReason(),
                wire.hasEntry() ? Optional.of(EntryWire.entry(wire.getEntry())) : Optional.empty());
    }
}
