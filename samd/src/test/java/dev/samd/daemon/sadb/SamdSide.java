// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Direction;
import dev.samd.sa.History;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Octets;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.Spi;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** samd's side of the comparison: the database itself, with a clock that moves when told. */
final class SamdSide implements ComparedSadb {
    final SadbFixture f = new SadbFixture();
    private int told;

    @Override
    public Answer allocSpi(long min, long max) {
        return answer(() -> f.getSpi(new SpiRange(octets(min), octets(max))));
    }

    @Override
    public Answer add(long spi, int key, Duration soft, Duration hard) {
        return answer(() -> f.add(parameters(spi, SadbFixture.softTime(soft, hard)), SadbFixture.keys(key), ""));
    }

    @Override
    public Answer update(long spi, int key) {
        Complete request = new Complete(
                Origin.of(SadbFixture.ALICE),
                selector(spi),
                parameters(spi, Lifetime.UNLIMITED),
                SadbFixture.keys(key),
                "");
        return answer(() -> f.seen(f.sadb.complete(f.now(), request)));
    }

    @Override
    public Answer get(long spi) {
        return answer(() -> f.sadb.get(selector(spi)));
    }

    @Override
    public Answer delete(long spi) {
        return answer(() -> f.seen(f.sadb.delete(f.now(), SadbCaller.of(SadbFixture.ALICE), selector(spi), false)));
    }

    @Override
    public Answer flush() {
        return answer(() -> f.seen(f.sadb.flush(f.now(), SadbFixture.ALICE, SaFilter.ALL)));
    }

    @Override
    public Map<Long, String> states() {
        Map<Long, String> states = new TreeMap<>();
        for (SadbEntry entry : f.sadb.dump(SaFilter.ALL).entries()) {
            states.put(Long.parseLong(entry.spi().toString(), 16), entry.state().name());
        }
        return states;
    }

    @Override
    public void passLarvalTime() {
        f.pass(Duration.ofSeconds(30));
    }

    @Override
    public void passUntil(String event, Duration time) {
        f.pass(time);
    }

    @Override
    public List<String> events() {
        List<String> words = f.events.subList(told, f.events.size()).stream()
                .map(SamdSide::word)
                .toList();
        told = f.events.size();
        return words;
    }

    private static String word(SadbEvent event) {
        String spi = event.about()
                .map(entry -> " " + Long.toHexString(Long.parseLong(entry.spi().toString(), 16)))
                .orElse("");
        if (event instanceof SadbEvent.Reserved) {
            return "GETSPI" + spi;
        }
        if (event instanceof SadbEvent.Added) {
            return "ADD" + spi;
        }
        if (event instanceof SadbEvent.Updated) {
            return "UPDATE" + spi;
        }
        if (event instanceof SadbEvent.Deleted) {
            return "DELETE" + spi;
        }
        if (event instanceof SadbEvent.Flushed) {
            return "FLUSH";
        }
        if (event instanceof SadbEvent.Expired expired) {
            return (expired.hard() ? "EXPIRE HARD" : "EXPIRE SOFT") + spi;
        }
        return event.getClass().getSimpleName().toUpperCase(Locale.ROOT) + spi;
    }

    private static Answer answer(Runnable call) {
        try {
            call.run();
            return Answer.GRANTED;
        } catch (SaException e) {
            return Answer.refused(e.error().name() + " (" + e.error().errno() + ")");
        }
    }

    private static SaParameters parameters(long spi, Lifetime lifetime) {
        return SadbFixture.parameters(
                Direction.INBOUND, octets(spi).toString(), SadbFixture.PEER, new History.Fresh(), lifetime);
    }

    private static SaSelector selector(long spi) {
        return new SaSelector.Inbound(new Spi(octets(spi)));
    }

    private static Octets octets(long spi) {
        return Octets.ofHex(String.format("%08x", spi));
    }
}
