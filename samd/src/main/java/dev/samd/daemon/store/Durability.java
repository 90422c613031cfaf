// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store;

/** What an acknowledged change survives. */
public enum Durability {
    /** The end of the power: every group of changes is synced to the disk. */
    POWER_LOSS("power-loss"),
    /** The end of the process: changes are with the kernel. After another boot of the machine nothing is trusted. */
    PROCESS_CRASH("process-crash");

    private final String text;

    Durability(String text) {
        this.text = text;
    }

    /** The one of that name in the configuration. */
    public static Durability of(String text) {
        for (Durability durability : values()) {
            if (durability.text.equals(text)) {
                return durability;
            }
        }
        throw new IllegalArgumentException("durability " + text);
    }

    /** As it stands in the configuration. */
    public String text() {
        return text;
    }
}
