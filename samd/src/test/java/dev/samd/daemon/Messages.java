// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import com.google.protobuf.ByteString;
import java.util.HexFormat;

/** CoAP messages as on UDP (RFC 7252 s3), written out. */
final class Messages {
    /** CON GET /a, message id 0x1234, token 0x77. */
    static final ByteString GET = hex("41011234" + "77" + "b161");

    /** ACK 2.05 "hi" to it. */
    static final ByteString CONTENT = hex("61451234" + "77" + "ff6869");

    private Messages() {}

    static ByteString hex(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }
}
