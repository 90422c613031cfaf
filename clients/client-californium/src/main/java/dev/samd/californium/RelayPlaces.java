// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** The places of the posts that wait for kmpd: so many in all, and so many for one source, so that it leaves room. Thread-safe. */
final class RelayPlaces {
    private final int all;
    private final int ofSource;
    private final Map<InetAddress, Integer> taken = new HashMap<>();
    private int count;

    RelayPlaces(int all, int ofSource) {
        this.all = all;
        this.ofSource = ofSource;
    }

    /** Takes a place, where one is left. */
    synchronized boolean take(InetAddress source) {
        int own = taken.getOrDefault(source, 0);
        if (count == all || own == ofSource) {
            return false;
        }
        count++;
        taken.put(source, own + 1);
        return true;
    }

    /** Gives a place back that was taken. */
    synchronized void leave(InetAddress source) {
        count--;
        taken.computeIfPresent(source, (address, own) -> own == 1 ? null : own - 1);
    }

    /** How many sources have a place. */
    synchronized int sources() {
        return taken.size();
    }
}
