// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What an operator does with a store while it is used, one thing at a time. Stages end on any thread, or fail with an
 * {@link SaException}: {@link SaError#TOO_MANY} while another one is under way.
 */
public interface Upkeep {
    /** Of a store that keeps nothing. */
    Upkeep NONE = new Upkeep() {
        @Override
        public CompletionStage<BackupMade> backup(Path destination) {
            return CompletableFuture.failedFuture(nothingKept());
        }

        @Override
        public CompletionStage<KeyRotated> rotateKey() {
            return CompletableFuture.failedFuture(nothingKept());
        }

        private SaException nothingKept() {
            return new SaException(SaError.WRONG_STATE, "store", "this daemon keeps nothing on disk");
        }
    };

    /**
     * Copies the store.
     *
     * @param destination absolute path of a directory that does not exist, in one that does
     * @return fails with {@link SaError#MALFORMED} for another destination, with {@link SaError#NO_SPACE} if it cannot be
     *     written, with {@link SaError#WRONG_STATE} if it cannot be made otherwise
     */
    CompletionStage<BackupMade> backup(Path destination);

    /**
     * Seals the data key under a new key-encryption key, and destroys the older ones.
     *
     * @return fails with {@link SaError#WRONG_STATE} where that cannot be done from here, and says what can; with
     *     {@link SaError#NO_SPACE} if a file cannot be written
     */
    CompletionStage<KeyRotated> rotateKey();
}
