// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import dev.samd.sa.Octets;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
     * @param content a print of everything that the request asks for
     * @throws SaException {@link SaError#REQUEST_ID_REUSED} if the id came with another content
     */
    Optional<Answer> recall(Origin origin, KeyPrint content) {
        if (origin.requestId().isEmpty()) {
            return Optional.empty();
        }
        Answer answer = answers.get(new Name(origin.principal(), origin.requestId()));
        if (answer == null) {
            return Optional.empty();
        }
        if (!answer.content().equals(content)) {
            throw new SaException(
                    SaError.REQUEST_ID_REUSED,
                    origin.requestId().toHex(),
                    "request id " + origin.requestId() + " came before with another content");
        }
        return Optional.of(answer);
    }

    void remember(Transaction transaction, Origin origin, Answer answer) {
        if (origin.requestId().isEmpty()) {
            return;
        }
        long revision = answer.first().revision();
        if (answers.size() >= capacity) {
            Name oldest = answers.keySet().iterator().next();
            answers.remove(oldest);
            transaction.change(new Change.Forgotten(revision, oldest.principal, oldest.requestId));
        }
        answers.put(new Name(origin.principal(), origin.requestId()), answer);
        transaction.change(new Change.Answered(answer.image(origin, revision)));
    }

    /** Knows an answer again whose SAs live. */
    void restore(AnswerImage image, SadbEntry first, @Nullable SadbEntry second) {
        if (answers.size() < capacity) {
            answers.put(new Name(image.principal(), image.requestId()), new Answer(image.content(), first, second));
        }
    }

    private record Name(String principal, Octets requestId) {}
}
