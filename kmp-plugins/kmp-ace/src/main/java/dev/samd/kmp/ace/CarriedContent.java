// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.sa.Content;
import dev.samd.sa.Form;
import java.util.Optional;

/** What the records of a pair carry and how a protected message looks, as one number of the profile (dr_content). */
enum CarriedContent {
    SAMD(0, Content.MESSAGE, Form.SAMD),
    DRAFT_EXACT(1, Content.MESSAGE, Form.DRAFT_EXACT),
    PAYLOAD(2, Content.PAYLOAD, Form.NONE),
    RAW(3, Content.RAW, Form.NONE);

    private final int number;
    private final Content content;
    private final Form form;

    CarriedContent(int number, Content content, Form form) {
        this.number = number;
        this.content = content;
        this.form = form;
    }

    static Optional<CarriedContent> of(int number) {
        return number >= 0 && number < values().length ? Optional.of(values()[number]) : Optional.empty();
    }

    static CarriedContent of(Content content, Form form) {
        return switch (content) {
            case MESSAGE -> form == Form.DRAFT_EXACT ? DRAFT_EXACT : SAMD;
            case PAYLOAD -> PAYLOAD;
            case RAW -> RAW;
        };
    }

    int number() {
        return number;
    }

    Content content() {
        return content;
    }

    Form form() {
        return form;
    }
}
