// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.kit;

import dev.samd.kmp.Answer;
import dev.samd.sa.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The last answers of runs that are over, for peers that did not hear them and ask again, octet for octet. Bounded in number
 * and time. Confined to the driver's thread.
 */
public final class AnswerMemory {
    private static final int MOST = 1024;

    private final Duration keep;
    private final Map<String, Remembered> answers = new LinkedHashMap<>();

    /** @param keep how long an answer is given again */
    public AnswerMemory(Duration keep) {
        this.keep = keep;
    }

    /** Keeps the answer to a request at the path of a run. */
    public void keep(Instant now, String path, Octets request, Answer answer) {
        forget(now);
        if (answers.size() >= MOST) {
            answers.remove(answers.keySet().iterator().next());
        }
        answers.put(path, new Remembered(request, answer, now.plus(keep)));
    }

    /** The answer to the same request at the same path. */
    public Optional<Answer> find(Instant now, String path, Octets request) {
        forget(now);
        return Optional.ofNullable(answers.get(path))
                .filter(one -> one.request().equals(request))
                .map(Remembered::answer);
    }

    /** They come in the order of their ends. */
    private void forget(Instant now) {
        answers.values().removeIf(one -> !one.until().isAfter(now));
    }

    private record Remembered(Octets request, Answer answer, Instant until) {}
}
