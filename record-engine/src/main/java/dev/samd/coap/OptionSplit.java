// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

import org.jspecify.annotations.Nullable;

/**
 * Parts the options of a message into those inside of the record and those in front of it, in one walk. Confined to one
 * message.
 */
final class OptionSplit {
    /**
     * What is written beyond the options of the message.
     *
     * @param binding inside: the request of a response
     * @param stale outside: Max-Age 0, so that no cache answers with a record bound to another request
     * @param marked outside: the marker of a record
     */
    record Additions(@Nullable RecBind binding, boolean stale, boolean marked) {}

    private final OptionNumbers numbers;
    private final OptionWriter inner;
    private final OptionWriter outer;

    OptionSplit(OptionNumbers numbers, OptionWriter inner, OptionWriter outer) {
        this.numbers = numbers;
        this.inner = inner;
        this.outer = outer;
    }

    /** Writes both sequences; the message has no Proxy-Uri with a path, and nothing that is refused. */
    void write(CoapMessage message, Additions additions) {
        RecBind bindingDue = additions.binding;
        boolean staleDue = additions.stale;
        OptionCursor option = message.cursor();
        while (option.advance()) {
            int number = option.number();
            if (staleDue && number > CoapOption.MAX_AGE) {
                outer.putEmpty(CoapOption.MAX_AGE);
                staleDue = false;
            }
            if (bindingDue != null && number > numbers.recBind()) {
                inner.put(numbers.recBind(), bindingDue.toOctets());
                bindingDue = null;
            }
            place(option, message);
        }
        if (staleDue) {
            outer.putEmpty(CoapOption.MAX_AGE);
        }
        if (bindingDue != null) {
            inner.put(numbers.recBind(), bindingDue.toOctets());
        }
        if (additions.marked) {
            outer.putEmpty(numbers.record()); // no option that goes outside has a higher number
        }
    }

    private void place(OptionCursor option, CoapMessage message) {
        switch (OptionRules.of(option.number())) {
            case INNER -> copy(option, message, inner);
            case OUTER -> copy(option, message, outer);
            case OBSERVE -> {
                copy(option, message, outer);
                if (message.isResponse()) {
                    inner.putEmpty(CoapOption.OBSERVE);
                } else {
                    copy(option, message, inner);
                }
            }
            case NO_RESPONSE -> {
                copy(option, message, inner);
                if (option.uint() == OptionRules.NO_RESPONSE_AT_ALL) {
                    copy(option, message, outer);
                }
            }
            case REFUSED -> throw new IllegalStateException("option " + option.number() + " was to be refused before");
        }
    }

    private static void copy(OptionCursor option, CoapMessage message, OptionWriter target) {
        target.put(option.number(), message.lent(), option.valueOffset(), option.valueLength());
    }
}
