// SPDX-License-Identifier: Apache-2.0
package dev.samd.samctl;

import dev.samd.client.Discarded;
import dev.samd.client.Opened;
import dev.samd.client.ProtectedMessage;
import dev.samd.client.SealedRecord;
import dev.samd.sa.SaException;
import dev.samd.sa.SaId;

/**
 * The one line that protect, unprotect, seal and open leave on standard error. A line that has {@code outcome} says why the
 * message is not the output; a line without one goes with it.
 */
final class RecordLine {
    private RecordLine() {}

    static Json of(ProtectedMessage message) {
        return new Json()
                .with("ref", message.reference())
                .with("sa_id", message.sa().value())
                .with("spi", message.spi())
                .with("peer", message.peer())
                .with("identity", EntryJson.identity(message.identity()));
    }

    /** The policy lets the message pass in clear: the output is the input. */
    static Json bypassed() {
        return new Json().with("bypassed", true);
    }

    /** The request is not fresh: the output is the answer to it. */
    static Json challenged() {
        return new Json()
                .with("outcome", "challenged")
                .with("message", "challenged: the output is the answer, for where the request came from");
    }

    static Json of(Opened opened) {
        return new Json()
                .with("ref", opened.reference())
                .with("sa_id", opened.sender().sa().value())
                .with("spi", opened.sender().spi())
                .with("peer", opened.sender().peer())
                .with("identity", EntryJson.identity(opened.sender().identity()))
                .with("pair_id", opened.sender().pair().value())
                .with("observe_order", opened.observeOrder());
    }

    static Json of(SealedRecord record) {
        return new Json()
                .with("sa_id", record.sa().value())
                .with("spi", record.spi())
                .with("peer", record.peer())
                .with("identity", EntryJson.identity(record.identity()))
                .with("epoch", record.epoch())
                .with("sequence", record.sequence());
    }

    static Json of(Discarded discarded) {
        return new Json()
                .with("outcome", "discarded")
                .with("reason", discarded.reason().name())
                .with("errno", discarded.reason().errno())
                .with("message", "discarded: " + discarded.reason())
                .with("retryable", discarded.reason().retryable())
                .with("sa_id", discarded.sa().map(SaId::value).orElse(0L))
                .with("tell_network", discarded.tellNetwork());
    }

    static Json refused(SaException refusal) {
        return EntryJson.addRefusal(new Json().with("outcome", "refused"), refusal);
    }

    /** No answer of the daemon is at hand: {@code usage}, {@code unreachable} or {@code failed}. */
    static Json failed(String outcome, String message) {
        return new Json().with("outcome", outcome).with("message", message);
    }
}
