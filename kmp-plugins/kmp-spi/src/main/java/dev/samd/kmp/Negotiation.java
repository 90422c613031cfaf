// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

import dev.samd.sa.PairId;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One run of a KMP with one peer. Confined to its driver's thread. Each call says what happened and gives what to do, in
 * order. After {@link KmpOutput.Done} or {@link KmpOutput.Failed} it is not called any more.
 */
public interface Negotiation {
    /** The run begins. */
    List<KmpOutput> start(Instant now);

    /** The answer to {@link KmpOutput.ReserveSpi}: an inbound SPI that is this run's own. */
    List<KmpOutput> onReserved(Instant now, Spi spi);

    /** The answer to the {@link KmpOutput.Send} of that number. */
    List<KmpOutput> onAnswer(Instant now, int exchange, Answer answer);

    /** No answer came to the {@link KmpOutput.Send} of that number: it was given up after its last retransmission. */
    List<KmpOutput> onSilence(Instant now, int exchange);

    /** A further request, at a path that {@link KmpOutput.Listen} named. The next {@link KmpOutput.Reply} answers it. */
    default List<KmpOutput> onRequest(Instant now, Incoming request) {
        throw new IllegalStateException("a request to a run that listens to none");
    }

    /**
     * A {@link KmpOutput.Work} has ended.
     *
     * @param number that of the work
     * @param failure what it threw
     */
    default List<KmpOutput> onWorked(Instant now, int number, Optional<Exception> failure) {
        throw new IllegalStateException("the end of a work that was not given out");
    }

    /** A {@link KmpOutput.SetTimer} went off. */
    List<KmpOutput> onTimer(Instant now, String timer);

    /** The answer to {@link KmpOutput.Install}: the pair stands. */
    List<KmpOutput> onInstalled(Instant now, PairId pair);

    /** The answer to {@link KmpOutput.ReserveSpi} or {@link KmpOutput.Install}: the daemon refused. */
    List<KmpOutput> onRefused(Instant now, SaException refusal);

    /**
     * The run is over for a reason of others: the acquire was withdrawn, the driver stops. Secrets are to be wiped. Comes after
     * the end of any {@link KmpOutput.Work} that is under way.
     */
    void abandon();
}
