// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp;

import dev.samd.sa.Endpoint;
import dev.samd.sa.PairId;
import java.time.Duration;

/** What a negotiation wants to be done. */
public sealed interface KmpOutput {
    /**
     * Hands itself to the method of its kind.
     *
     * @param sink carries it out
     */
    void deliver(Sink sink);

    /** One method for each kind: stands in for an exhaustive switch. */
    interface Sink {
        void reserveSpi(ReserveSpi output);

        void send(Send output);

        void reply(Reply output);

        void listen(Listen output);

        void work(Work output);

        void install(Install output);

        void delete(Delete output);

        void setTimer(SetTimer output);

        void progress(Progress output);

        void done(Done output);

        void failed(Failed output);
    }

    /**
     * GETSPI: an inbound SPI for records of a peer.
     *
     * @param peer the name that the SAs will carry
     * @param local the endpoint of this host
     */
    record ReserveSpi(Endpoint peer, Endpoint local) implements KmpOutput {
        @Override
        public void deliver(Sink sink) {
            sink.reserveSpi(this);
        }
    }

    /**
     * A request to another endpoint.
     *
     * @param exchange number of the exchange in this run, for the answer
     */
    record Send(int exchange, Outgoing request) implements KmpOutput {
        @Override
        public void deliver(Sink sink) {
            sink.send(this);
        }
    }

    /** The answer to the request that began the run, or to the one that came to it since. One for each. */
    record Reply(Answer answer) implements KmpOutput {
        @Override
        public void deliver(Sink sink) {
            sink.reply(this);
        }
    }

    /**
     * From now on requests to this path are this run's, until its end. Until it has something to install it is half-open: where
     * there are too many of them the oldest is abandoned.
     *
     * @param path one segment below a resource of the KMP that ends in "/*"
     */
    record Listen(String path) implements KmpOutput {
        @Override
        public void deliver(Sink sink) {
            sink.listen(this);
        }
    }

    /**
     * Something that may wait, for a key distribution centre or a disk: done by another thread, with nothing of the run called
     * meanwhile but by time and peers. What it finds it leaves in an object that the run reads at its end.
     *
     * @param number of this work in its run
     */
    record Work(int number, Job job) implements KmpOutput {
        /** What is to be done. */
        @FunctionalInterface
        public interface Job {
            void run() throws Exception;
        }

        @Override
        public void deliver(Sink sink) {
            sink.work(this);
        }
    }

    /** InstallPair. The keys are the driver's from here on, which closes them. */
    record Install(KeyedPair pair) implements KmpOutput {
        @Override
        public void deliver(Sink sink) {
            sink.install(this);
        }
    }

    /**
     * DELETE: a pair of this KMP that its peer has not confirmed gives way. One that has been confirmed meanwhile stays, and so
     * does another KMP's. What came of it is told by {@link Kmp#happened} alone.
     */
    record Delete(PairId pair) implements KmpOutput {
        @Override
        public void deliver(Sink sink) {
            sink.delete(this);
        }
    }

    /** Sets a timer of the run; one of the same name is replaced. */
    record SetTimer(String timer, Duration after) implements KmpOutput {
        @Override
        public void deliver(Sink sink) {
            sink.setTimer(this);
        }
    }

    /**
     * A step was reached: the acquire lives on.
     *
     * @param step in a few words
     */
    record Progress(String step) implements KmpOutput {
        @Override
        public void deliver(Sink sink) {
            sink.progress(this);
        }
    }

    /** The run ended well: all that it wanted installed is installed. */
    record Done() implements KmpOutput {
        @Override
        public void deliver(Sink sink) {
            sink.done(this);
        }
    }

    /**
     * The run failed. Without a {@link Reply} before, the peer gets none.
     *
     * @param errno Linux error number
     * @param reason what the waiting callers are told; never a secret; at most 256 characters
     */
    record Failed(int errno, String reason) implements KmpOutput {
        @Override
        public void deliver(Sink sink) {
            sink.failed(this);
        }
    }
}
