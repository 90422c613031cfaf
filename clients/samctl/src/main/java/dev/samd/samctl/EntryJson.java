// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Cursor;
import dev.samd.client.SaEntry;
import dev.samd.client.SaUsage;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.Rights;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;
import dev.samd.sa.SaParameters;
import java.math.BigInteger;

/** SAs for machines: names as in sa.proto, constants without their prefix. */
final class EntryJson {
    private EntryJson() {}

    static Json of(SaEntry entry) {
        Json json = new Json()
                .with("sa_id", entry.id().value())
                .with("revision", entry.revision())
                .with("state", entry.state().name())
                .with("parameters", parameters(entry))
                .with("pair_id", entry.membership().pair().value())
                .with("pair_name", entry.membership().name())
                .with(
                        "partner_sa_id",
                        entry.membership().partner().map(SaId::value).orElse(0L))
                .with("supersedes", entry.membership().supersedes().value())
                .with("unconfirmed", entry.flags().contains(SaEntry.Flag.UNCONFIRMED))
                .with("response_only", entry.flags().contains(SaEntry.Flag.RESPONSE_ONLY))
                .with("suspended", entry.flags().contains(SaEntry.Flag.SUSPENDED))
                .with("scope", entry.scope().stream().map(Endpoint::uri).toList())
                .with("usage", usage(entry.usage()))
                .with("added", entry.added());
        entry.expires().ifPresent(end -> json.with("expires", end));
        json.with("owner", entry.owner());
        entry.membership().role().ifPresent(role -> json.with("role", role.name()));
        return json.with("acquire_sequence", Integer.toUnsignedLong(entry.acquireSequence()));
    }

    static Json cursor(Cursor cursor) {
        return new Json()
                .with("incarnation", new BigInteger(Long.toUnsignedString(cursor.incarnation())))
                .with("revision", cursor.revision());
    }

    static Json identity(Identity identity) {
        return new Json()
                .with("kmp", identity.kmp())
                .with("type", identity.type().name())
                .with("issuer", identity.issuer())
                .with("value", identity.value());
    }

    static Json refusal(SaException refusal) {
        return addRefusal(new Json(), refusal);
    }

    static Json addRefusal(Json json, SaException refusal) {
        return json.with("reason", refusal.error().name())
                .with("errno", refusal.error().errno())
                .with("message", String.valueOf(refusal.getMessage()))
                .with("value", refusal.subject())
                .with("retryable", refusal.error().retryable());
    }

    private static Json rights(Rights rights) {
        Json json = new Json()
                .with("issuer", rights.issuer())
                .with("subject", rights.subject())
                .with("scope", rights.scope())
                .with("credential", rights.credential());
        rights.expires().ifPresent(end -> json.with("expires", end));
        return json;
    }

    private static Json parameters(SaEntry entry) {
        Json json = new Json()
                .with("direction", entry.direction().name())
                .with("spi", entry.spi())
                .with("peer", entry.peer())
                .with("local", entry.local());
        entry.parameters().ifPresent(known -> addKnown(json, known));
        return json;
    }

    private static void addKnown(Json json, SaParameters parameters) {
        json.with("peer_identity", identity(parameters.identity()))
                .with("suite", parameters.suite().code())
                .with("suite_name", parameters.suite().name())
                .with("version", parameters.version().wire())
                .with("epoch", parameters.epoch())
                .with("content", parameters.content().name())
                .with("form", parameters.form().name())
                .with("no_connection_id", !parameters.connectionId())
                .with("window", parameters.window())
                .with("lifetime", lifetime(parameters.lifetime()));
        if (parameters.history() instanceof History.ResumeSending sending) {
            json.with("resume_sending", new Json().with("next_sequence", sending.nextSequence()));
        } else if (parameters.history() instanceof History.ResumeAccepting accepting) {
            json.with(
                    "resume_accepting",
                    new Json().with("edge", accepting.edge()).with("bitmap", accepting.bitmap()));
        } else {
            json.with("fresh", new Json());
        }
        if (!parameters.rights().equals(Rights.NONE)) {
            json.with("rights", rights(parameters.rights()));
        }
        json.with("reqid", Integer.toUnsignedLong(parameters.reqid()));
    }

    static Json lifetime(Lifetime lifetime) {
        return new Json().with("soft", limits(lifetime.soft())).with("hard", limits(lifetime.hard()));
    }

    /** Limits that are there; times in seconds, as the JSON form of google.protobuf.Duration has them. */
    private static Json limits(Limits limits) {
        Json json = new Json();
        if (!limits.addTime().isZero()) {
            json.with("add_time", limits.addTime().toSeconds() + "s");
        }
        if (!limits.useTime().isZero()) {
            json.with("use_time", limits.useTime().toSeconds() + "s");
        }
        return json.with("records", limits.records())
                .with("octets", limits.octets())
                .with("failed_openings", limits.failedOpenings());
    }

    private static Json usage(SaUsage usage) {
        Json discarded = new Json();
        for (DiscardReason reason : DiscardReason.values()) {
            Long count = usage.discarded().get(reason);
            if (count != null) {
                discarded.with(reason.name(), count);
            }
        }
        Json json = new Json()
                .with("records", usage.records())
                .with("octets", usage.octets())
                .with("failed_openings", usage.failedOpenings())
                .with("next_sequence", usage.nextSequence())
                .with("discarded", discarded);
        usage.firstUsed().ifPresent(time -> json.with("first_used", time));
        usage.lastUsed().ifPresent(time -> json.with("last_used", time));
        return json;
    }
}
