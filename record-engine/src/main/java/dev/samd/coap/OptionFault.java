// SPDX-License-Identifier: Apache-2.0
package dev.samd.coap;

/** What is wrong with a sequence of options (RFC 7252 s3.1). */
enum OptionFault {
    RESERVED_NIBBLE("delta or length nibble 15, which is reserved for the payload marker"),
    TRUNCATED("option longer than the octets that are left"),
    NUMBER_TOO_HIGH("option number above " + CoapOption.MAX_NUMBER),
    EMPTY_PAYLOAD("payload marker without payload");

    private final String text;

    OptionFault(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
