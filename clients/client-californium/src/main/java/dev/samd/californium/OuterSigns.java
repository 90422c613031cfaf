// SPDX-License-Identifier: Apache-2.0
package dev.samd.californium;

import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.option.MapBasedOptionRegistry;
import org.eclipse.californium.core.coap.option.OpaqueOptionDefinition;
import org.eclipse.californium.core.coap.option.OptionDefinition;
import org.eclipse.californium.core.coap.option.OptionRegistry;

/** What the outside of a message says about its protection (app-layer-sec s3, decision D1 of the wire format). */
final class OuterSigns {
    /** The critical marker of a protected message: 65025, always empty. A stock parser refuses it with 4.02. */
    static final OptionDefinition DTLS_RECORD = new OpaqueOptionDefinition(65025, "DTLS-Record", true, 0);

    /** Content-Format of a message that carries only its payload protected. */
    private static final int PROTECTED_PAYLOAD = 65001;

    private static final int APPLICATION_DATA = 23;
    private static final int TLS12_CID = 25;

    private OuterSigns() {}

    /** The options that a protected endpoint understands. */
    static OptionRegistry registry(OptionRegistry known) {
        return new MapBasedOptionRegistry(known, DTLS_RECORD);
    }

    /**
     * Whether the message says that it is protected: by the marker, by its Content-Format, or, for SAs in the exact form of
     * the draft, which has no marker, by a payload that begins like a DTLS 1.2 record.
     */
    static boolean areProtected(Message outer) {
        return claimProtection(outer) || beginsLikeRecord(outer.getPayload());
    }

    /** Whether the message says that it is protected in so many words: by the marker, or by its Content-Format. */
    static boolean claimProtection(Message outer) {
        OptionSet options = outer.getOptions();
        return options.hasOption(DTLS_RECORD) || options.getContentFormat() == PROTECTED_PAYLOAD;
    }

    /** Whether a hop has cut the protected message into blocks, of which this is one of several (RFC 7959). */
    static boolean inHopBlocks(Message outer) {
        return several(outer.getOptions().getBlock1())
                || several(outer.getOptions().getBlock2());
    }

    private static boolean several(BlockOption block) {
        return block != null && (block.isM() || block.getNum() > 0);
    }

    private static boolean beginsLikeRecord(byte[] payload) {
        return payload.length > 3
                && (payload[0] == APPLICATION_DATA || payload[0] == TLS12_CID)
                && payload[1] == (byte) 0xfe
                && payload[2] == (byte) 0xfd;
    }
}
