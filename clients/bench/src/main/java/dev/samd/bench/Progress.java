// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

/** Tells on standard error what is going on; standard output is for the tables. */
final class Progress {
    private Progress() {}

    static void say(String what) {
        System.err.println("bench: " + what);
    }
}
