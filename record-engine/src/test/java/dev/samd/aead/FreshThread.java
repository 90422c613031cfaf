// SPDX-License-Identifier: Apache-2.0
package dev.samd.aead;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A thread without a past. Ciphers are kept per thread, and those of the JDK refuse to seal twice in a row with one key and
 * nonce, which vectors ask for.
 */
public final class FreshThread {
    private FreshThread() {}

    public static <T> T call(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> new Thread(task, "fresh").start())
                .join();
    }
}
