// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.cose.AlgorithmID;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.oscore.CoapOSException;
import org.eclipse.californium.oscore.HashMapCtxDB;
import org.eclipse.californium.oscore.OSCoreCtx;
import org.eclipse.californium.oscore.OSException;
import org.eclipse.californium.oscore.ObjectSecurityLayer;
import org.eclipse.californium.oscore.OscoreOptionDecoder;

/** OSCORE (RFC 8613) by cf-oscore, with Californium's own parser and serializer around it. */
final class OscoreMessages implements MessageSubject {
    private static final byte[] SENDER = {1};
    private static final byte[] RECEIVER = {2};
    private static final int REPLAY_WINDOW = 32;
    private static final int MAX_UNFRAGMENTED = 4096;

    private final UdpDataParser parser = new UdpDataParser();
    private final UdpDataSerializer serializer = new UdpDataSerializer();
    private final EndpointContext source =
            new AddressEndpointContext(new InetSocketAddress(InetAddress.getLoopbackAddress(), 5683));
    private final HashMapCtxDB senderContexts = new HashMapCtxDB();
    private final HashMapCtxDB receiverContexts = new HashMapCtxDB();
    private final OSCoreCtx sender;
    private final OSCoreCtx receiver;

    /** @param host of the requests */
    OscoreMessages(String host) {
        try {
            sender = context(SENDER, RECEIVER);
            receiver = context(RECEIVER, SENDER);
            senderContexts.addContext("coap://" + host, sender);
            receiverContexts.addContext(receiver);
        } catch (OSException e) {
            throw new IllegalStateException("no OSCORE context", e);
        }
    }

    private static OSCoreCtx context(byte[] senderId, byte[] recipientId) throws OSException {
        return new OSCoreCtx(
                new byte[16],
                true,
                AlgorithmID.AES_CCM_16_64_128,
                senderId,
                recipientId,
                AlgorithmID.HKDF_HMAC_SHA_256,
                REPLAY_WINDOW,
                null,
                null,
                MAX_UNFRAGMENTED);
    }

    @Override
    public byte[] protect(byte[] octets) {
        Request request = (Request) parser.parseMessage(octets);
        try {
            return serializer.getByteArray(ObjectSecurityLayer.prepareSend(senderContexts, request));
        } catch (OSException e) {
            throw new IllegalStateException("protecting failed", e);
        }
    }

    @Override
    public byte[] unprotect(byte[] octets) {
        Request request = (Request) parser.parseMessage(octets);
        request.setSourceContext(source);
        try {
            OscoreOptionDecoder option =
                    new OscoreOptionDecoder(request.getOptions().getOscore());
            OSCoreCtx context = receiverContexts.getContext(option.getKid(), option.getIdContext());
            Request opened = ObjectSecurityLayer.prepareReceive(receiverContexts, request, context);
            opened.getOptions().removeOscore();
            return serializer.getByteArray(opened);
        } catch (CoapOSException e) {
            throw new IllegalStateException("message does not verify", e);
        }
    }

    @Override
    public void restart() {
        sender.setSenderSeq(0);
        receiver.setRecipientSeq(0);
        receiver.setRecipientReplayWindow(0);
    }
}
