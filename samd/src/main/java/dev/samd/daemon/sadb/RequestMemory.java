// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Answers that may be asked for again: the same principal, request id and content gets the first answer, and nothing is
 * touched. Bounded: the oldest is forgotten first. Confined to its database's thread.
 */
final class RequestMemory {
    private final Map<Name, Answer> answers = new LinkedHashMap<>();
    private final int capacity;

    RequestMemory(int capacity) {
        this.capacity = capacity;
    }

    /**
     * The first answer to a request that is repeated.
     *
     * @param content everything that the request asks for, with keys as prints
     * @throws SaException {@link SaError#REQUEST_ID_REUSED} if the id came with another content
     */
    <R> Optional<R> recall(Origin origin, Object content, Class<R> type) {
        if (origin.requestId().isEmpty()) {
            return Optional.empty();
        }
        Answer answer = answers.get(new Name(origin.principal(), origin.requestId()));
        if (answer == null) {
            return Optional.empty();
        }
        if (!answer.content.equals(content)) {
            throw new SaException(
                    SaError.REQUEST_ID_REUSED,
                    origin.requestId().toHex(),
                    "request id " + origin.requestId() + " came before with another content");
        }
        return Optional.of(type.cast(answer.reply));
    }

    void remember(Origin origin, Object content, Object reply) {
        if (origin.requestId().isEmpty()) {
            return;
        }
        if (answers.size() >= capacity) {
            answers.remove(answers.keySet().iterator().next());
        }
        answers.put(new Name(origin.principal(), origin.requestId()), new Answer(content, reply));
    }

    private record Name(String principal, Octets requestId) {}

    private record Answer(Object content, Object reply) {}
}
