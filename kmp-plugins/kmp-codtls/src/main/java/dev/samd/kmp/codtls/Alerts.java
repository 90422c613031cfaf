// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

import dev.samd.sa.Octets;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.ContentType;
import org.eclipse.californium.scandium.dtls.HandshakeException;

/** Fatal alerts in clear (RFC 5246 s7.2): they tell the peer why a handshake came to nothing, and nobody has to believe them. */
final class Alerts {
    private static final int LENGTH = 15;
    /** Above all that a handshake sends in clear: a peer takes no number twice. */
    private static final byte[] NUMBER = {0, 0, 0, 1, 0, 0};

    private Alerts() {}

    /** A record of epoch 0 with a fatal alert. */
    static Octets fatal(AlertDescription description) {
        return Octets.of(ByteBuffer.allocate(LENGTH)
                .put((byte) ContentType.ALERT.getCode())
                .putShort((short) 0xfefd)
                .putShort((short) 0)
                .put(NUMBER)
                .putShort((short) 2)
                .put(AlertLevel.FATAL.getCode())
                .put(description.getCode())
                .array());
    }

    /** The name of a fatal alert in clear; empty for anything else. */
    static Optional<String> in(Octets octets) {
        byte[] record = octets.toArray();
        if (record.length != LENGTH
                || record[0] != ContentType.ALERT.getCode()
                || record[3] != 0
                || record[4] != 0
                || record[13] != AlertLevel.FATAL.getCode()) {
            return Optional.empty();
        }
        AlertDescription description = AlertDescription.getDescriptionByCode(record[14]);
        return Optional.of(description == null ? "alert " + (record[14] & 0xff) : description.name());
    }

    /** What ends a handshake of this side. */
    static HandshakeException refused(AlertDescription description, String why) {
        return new HandshakeException(why, new AlertMessage(AlertLevel.FATAL, description));
    }

    /** The fault that an exception of the engine comes to. */
    static HandshakeFault fault(Throwable cause) {
        AlertDescription description = AlertDescription.INTERNAL_ERROR;
        if (cause instanceof HandshakeException refused) {
            AlertMessage alert = refused.getAlert();
            description = alert == null ? AlertDescription.HANDSHAKE_FAILURE : alert.getDescription();
        }
        return new HandshakeFault(String.valueOf(cause.getMessage()), fatal(description));
    }
}
