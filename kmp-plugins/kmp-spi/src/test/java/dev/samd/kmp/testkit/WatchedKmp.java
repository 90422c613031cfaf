// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.testkit;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.KeyedPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.KmpOutput;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.Screening;
import dev.samd.sa.Direction;
import dev.samd.sa.PairId;
import dev.samd.sa.SaException;
import dev.samd.sa.Spi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A KMP whose every output is checked against the contract. */
final class WatchedKmp implements Kmp {
    private final Kmp kmp;
    private final List<String> faults;

    WatchedKmp(Kmp kmp, List<String> faults) {
        this.kmp = kmp;
        this.faults = faults;
    }

    @Override
    public String name() {
        return kmp.name();
    }

    @Override
    public String probePath() {
        return kmp.probePath();
    }

    @Override
    public List<String> resources() {
        return kmp.resources();
    }

    @Override
    public Set<Integer> options() {
        return kmp.options();
    }

    @Override
    public Negotiation initiate(Need need) {
        return new Watched(kmp.initiate(need), false);
    }

    @Override
    public Screening screen(Instant now, Incoming request) {
        Screening screening = kmp.screen(now, request);
        if (screening instanceof Screening.Admitted admitted) {
            return new Screening.Admitted(new Watched(admitted.negotiation(), true));
        }
        return screening;
    }

    @Override
    public void recalled(Instant now, List<InstalledPair> pairs) {
        kmp.recalled(now, pairs);
    }

    @Override
    public void happened(Instant now, PairEvent event) {
        kmp.happened(now, event);
    }

    private void fault(String what) {
        faults.add(kmp.name() + ": " + what);
    }

    private final class Watched implements Negotiation {
        private final Negotiation negotiation;
        private final List<Spi> reserved = new ArrayList<>();
        private boolean mayReply;
        private boolean over;

        Watched(Negotiation negotiation, boolean responder) {
            this.negotiation = negotiation;
            this.mayReply = responder;
        }

        private List<KmpOutput> seen(List<KmpOutput> outputs) {
            if (over) {
                fault("called after its end");
            }
            for (KmpOutput output : outputs) {
                if (over) {
                    fault(output.getClass().getSimpleName() + " after the end");
                }
                look(output);
            }
            return outputs;
        }

        private void look(KmpOutput output) {
            if (output instanceof KmpOutput.Done) {
                over = true;
            } else if (output instanceof KmpOutput.Failed failed) {
                over = true;
                if (failed.errno() <= 0
                        || failed.reason().isBlank()
                        || failed.reason().length() > 256) {
                    fault("fails with errno " + failed.errno() + " and \"" + failed.reason() + "\"");
                }
            } else if (output instanceof KmpOutput.Reply reply) {
                if (!mayReply) {
                    fault("a reply that nobody waits for");
                }
                mayReply = false;
                look(reply.answer());
            } else if (output instanceof KmpOutput.Install install) {
                look(install.pair());
            } else if (output instanceof KmpOutput.Delete delete
                    && delete.pair().isNone()) {
                fault("deletes no pair");
            } else if (output instanceof KmpOutput.SetTimer timer
                    && timer.after().isNegative()) {
                fault("a timer in the past");
            }
        }

        private void look(Answer answer) {
            int codeClass = answer.code() >> 5;
            if (codeClass != 2 && codeClass != 4 && codeClass != 5) {
                fault("answers with code " + answer.code());
            }
        }

        private void look(KeyedPair pair) {
            if (pair.inbound().direction() != Direction.INBOUND
                    || pair.outbound().direction() != Direction.OUTBOUND
                    || !pair.inbound().peer().equals(pair.outbound().peer())
                    || !pair.inbound().local().equals(pair.outbound().local())
                    || !pair.inbound().identity().equals(pair.outbound().identity())
                    || pair.inbound().content() != pair.outbound().content()
                    || pair.inbound().form() != pair.outbound().form()) {
                fault("two SAs that are no pair");
            }
            if (!reserved.contains(pair.inbound().spi())) {
                fault("an inbound SPI that was not reserved for this run");
            }
            if (!pair.inbound().identity().kmp().equals(name())) {
                fault("an identity of kmp \"" + pair.inbound().identity().kmp() + "\"");
            }
            if (pair.inboundKeys().key().sameAs(pair.outboundKeys().key())) {
                fault("one key for both directions");
            }
        }

        @Override
        public List<KmpOutput> start(Instant now) {
            return seen(negotiation.start(now));
        }

        @Override
        public List<KmpOutput> onReserved(Instant now, Spi spi) {
            reserved.add(spi);
            return seen(negotiation.onReserved(now, spi));
        }

        @Override
        public List<KmpOutput> onAnswer(Instant now, int exchange, Answer answer) {
            return seen(negotiation.onAnswer(now, exchange, answer));
        }

        @Override
        public List<KmpOutput> onSilence(Instant now, int exchange) {
            return seen(negotiation.onSilence(now, exchange));
        }

        @Override
        public List<KmpOutput> onRequest(Instant now, Incoming request) {
            mayReply = true;
            return seen(negotiation.onRequest(now, request));
        }

        @Override
        public List<KmpOutput> onWorked(Instant now, int number, Optional<Exception> failure) {
            return seen(negotiation.onWorked(now, number, failure));
        }

        @Override
        public List<KmpOutput> onTimer(Instant now, String timer) {
            return seen(negotiation.onTimer(now, timer));
        }

        @Override
        public List<KmpOutput> onInstalled(Instant now, PairId pair) {
            return seen(negotiation.onInstalled(now, pair));
        }

        @Override
        public List<KmpOutput> onRefused(Instant now, SaException refusal) {
            return seen(negotiation.onRefused(now, refusal));
        }

        @Override
        public void abandon() {
            negotiation.abandon();
        }
    }
}
