// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.store.model;

/**
 * A CoAP process that was lent the key.
 *
 * @param generation the generation of the daemon that granted the lease
 * @param lease which of that daemon's leases it is
 * @param returned whether it has returned the lease: it uses no number any more, but the message may arrive once more
 */
record Lessee(int generation, int lease, Numbers numbers, boolean returned) {
    Lessee with(Numbers changed) {
        return new Lessee(generation, lease, changed, returned);
    }

    Lessee leave() {
        return new Lessee(generation, lease, numbers, true);
    }

    boolean isOf(Holder holder) {
        return holder.leased() && holder.generation() == generation && holder.leases() == lease;
    }

    @Override
    public String toString() {
        return "lessee " + generation + "." + lease;
    }

    long pack() {
        return 1 | generation << 1 | lease << 4 | (returned ? 1 : 0) << 6 | numbers.pack() << 7;
    }

    static Lessee unpack(long bits) {
        return new Lessee((int) bits >> 1 & 7, (int) bits >> 4 & 3, Numbers.unpack(bits >> 7), (bits >> 6 & 1) != 0);
    }
}
