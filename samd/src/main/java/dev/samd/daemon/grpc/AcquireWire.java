// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import dev.samd.daemon.sadb.AcquireView;
import dev.samd.daemon.sadb.Need;
import dev.samd.daemon.sadb.Notice;
import dev.samd.daemon.sadb.Proposal;
import dev.samd.sa.CipherSuite;
import dev.samd.v1.Acquire;
import dev.samd.v1.KmpServiceRegisterResponse;
import dev.samd.v1.KmpServiceRegisterResponse.Claim;
import dev.samd.v1.KmpServiceRegisterResponse.Withdrawn;
import dev.samd.wire.FieldWire;
import dev.samd.wire.SaWire;

/** ACQUIREs as messages: to the KMP, and as events show them. */
final class AcquireWire {
    private AcquireWire() {}

    static dev.samd.v1.AcquireView toWire(AcquireView view) {
        return dev.samd.v1.AcquireView.newBuilder()
                .setSequence((int) view.sequence())
                .setTarget(view.target().uri())
                .setLocal(view.local().uri())
                .setKmp(view.kmp())
                .setState(state(view.state()))
                .setReason(view.reason())
                .setWaiting(view.waiting())
                .setReplaces(view.replaces().value())
                .setPolicy(view.policy())
                .build();
    }

    private static dev.samd.v1.AcquireView.State state(AcquireView.State state) {
        return switch (state) {
            case OFFERED -> dev.samd.v1.AcquireView.State.OFFERED;
            case CLAIMED -> dev.samd.v1.AcquireView.State.CLAIMED;
            case NEXT -> dev.samd.v1.AcquireView.State.NEXT;
            case FAILED -> dev.samd.v1.AcquireView.State.FAILED;
            case TIMED_OUT -> dev.samd.v1.AcquireView.State.TIMED_OUT;
            case WITHDRAWN -> dev.samd.v1.AcquireView.State.WITHDRAWN;
            case DONE -> dev.samd.v1.AcquireView.State.DONE;
        };
    }

    static KmpServiceRegisterResponse toWire(Notice.ToKmp notice) {
        KmpServiceRegisterResponse.Builder wire = KmpServiceRegisterResponse.newBuilder();
        if (notice instanceof Notice.Offered offered) {
            wire.setAcquire(toWire(offered));
        } else if (notice instanceof Notice.Claimed claimed) {
            wire.setClaim(Claim.newBuilder()
                    .setSequence((int) claimed.sequence())
                    .setClaim(FieldWire.octets(claimed.claim())));
        } else if (notice instanceof Notice.Withdrawn withdrawn) {
            wire.setWithdrawn(Withdrawn.newBuilder()
                    .setSequence((int) withdrawn.sequence())
                    .setReason(withdrawn.reason()));
        }
        return wire.build();
    }

    private static Acquire toWire(Notice.Offered offered) {
        Need need = offered.need();
        Proposal proposal = need.proposal();
        return Acquire.newBuilder()
                .setSequence((int) offered.sequence())
                .setLocal(need.local().uri())
                .setTarget(need.target().uri())
                .setVia(need.via())
                .setContent(SaWire.CONTENT.toWire(proposal.content()))
                .setForm(SaWire.FORM.toWire(proposal.form()))
                .addAllSuites(proposal.suites().stream().map(CipherSuite::code).toList())
                .addAllAcceptableIdentities(
                        proposal.identities().stream().map(SaWire::toWire).toList())
                .setReplaces(need.replaces().value())
                .setLifetime(SaWire.toWire(proposal.lifetime()))
                .setWindow(proposal.window())
                .setReqid(proposal.reqid())
                .setPatience(FieldWire.duration(offered.patience()))
                .build();
    }
}
