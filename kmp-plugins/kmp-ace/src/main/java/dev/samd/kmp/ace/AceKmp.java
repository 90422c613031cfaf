// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.Answer;
import dev.samd.kmp.Incoming;
import dev.samd.kmp.InstalledPair;
import dev.samd.kmp.Kmp;
import dev.samd.kmp.Need;
import dev.samd.kmp.Negotiation;
import dev.samd.kmp.PairEvent;
import dev.samd.kmp.Screening;
import dev.samd.sa.PairId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * SAs from access tokens, both sides, and their re-key in band. A replay of a post disturbs nobody: pairs are unconfirmed until
 * their first good record, only the owner of a key can make a new post, and an old one gets its old answer or none.
 */
final class AceKmp implements Kmp {
    static final String NAME = "ace";

    private final Wallet wallet;
    private final Optional<TokenServer> server;
    private final RekeyServer rekeys;
    private final LivePairs pairs = new LivePairs();
    private final FirstSights firstSights = new FirstSights();
    private final RandomGenerator random;

    AceKmp(AceSettings settings, RandomGenerator random) {
        this.wallet = new Wallet(settings);
        this.random = random;
        this.server = settings.server().map(tokens -> new TokenServer(tokens, pairs, firstSights, random));
        this.rekeys = new RekeyServer(
                settings.server().map(AceSettings.Server::suites).orElse(List.of()), pairs, random);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String probePath() {
        return ProfileLabels.AUTHZ_INFO;
    }

    @Override
    public List<String> resources() {
        return server.isPresent()
                ? List.of(ProfileLabels.AUTHZ_INFO, ProfileLabels.REKEY)
                : List.of(ProfileLabels.REKEY);
    }

    @Override
    public Negotiation initiate(Need need) {
        TokenRun token = new TokenRun(need, wallet, pairs, random);
        return pairs.find(need.replaces())
                .<Negotiation>map(live -> new RekeyRun(need, live, pairs, rekeys, token, random))
                .orElse(token);
    }

    @Override
    public Screening screen(Instant now, Incoming request) {
        // What opened this request may be its pair's first good record, and the daemon's word of it still under way.
        request.under()
                .filter(pair -> !pair.unconfirmed())
                .flatMap(pair -> pairs.find(pair.id()))
                .filter(live -> !live.confirmed())
                .ifPresent(live -> happened(now, new PairEvent.Confirmed(live.id())));
        try {
            if (request.path().equals(ProfileLabels.REKEY)) {
                return rekeys.screen(now, request);
            }
            return server.map(tokens -> tokens.screen(now, request))
                    .orElseGet(() -> new Screening.Answered(Answer.of(Answer.FORBIDDEN)));
        } finally {
            request.under().ifPresent(pair -> pair.kmpPrivate().close());
        }
    }

    @Override
    public void recalled(Instant now, List<InstalledPair> installed) {
        installed.forEach(pair -> firstSights.recalled(pair.outbound().rights()));
        pairs.recalled(installed);
    }

    @Override
    public void happened(Instant now, PairEvent event) {
        PairId pair = event.pair();
        if (event instanceof PairEvent.Confirmed) {
            rekeys.confirmed(pair);
            pairs.confirmed(pair);
        } else {
            rekeys.ended(pair);
            pairs.ended(pair);
        }
        server.ifPresent(tokens -> tokens.over(pair));
    }
}
