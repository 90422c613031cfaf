// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.samd.v1.RecordServiceGrpc;
import dev.samd.v1.RecordServiceProtectRequest;
import dev.samd.v1.RecordServiceProtectResponse;
import dev.samd.v1.RecordServiceStreamRequest;
import dev.samd.v1.RecordServiceStreamResponse;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the load programs call. Requests are octets made beforehand and answers are hardly looked at, so that a client costs
 * the same whatever answers it.
 *
 * @param unary the unary method
 * @param stream the bidirectional method
 * @param requests for the unary method, taken in turn
 * @param batches for the stream, {@link #BATCH} items each, taken in turn
 * @param checkUnary throws for an answer that is not one
 * @param checkStream likewise for an answer on the stream
 */
record GrpcTarget(
        MethodDescriptor<byte[], byte[]> unary,
        MethodDescriptor<byte[], byte[]> stream,
        List<byte[]> requests,
        List<byte[]> batches,
        Consumer<byte[]> checkUnary,
        Consumer<byte[]> checkStream) {
    /** Items in one message of the stream. */
    static final int BATCH = 32;
    /** As many SAs share the work, since each may seal a limited number of records. */
    static final int SAS = 256;

    private static final String ECHO_SERVICE = "samd.bench.Echo";
    private static final int PAYLOAD = 64;

    /** The echo, with the same octets as the daemon gets. */
    static GrpcTarget echo() {
        return new GrpcTarget(
                method(ECHO_SERVICE, "Unary", MethodDescriptor.MethodType.UNARY),
                method(ECHO_SERVICE, "Stream", MethodDescriptor.MethodType.BIDI_STREAMING),
                protectRequests(),
                protectBatches(),
                answer -> {},
                answer -> {});
    }

    /** The daemon's RecordService, protecting requests to the peers of {@link #spec}. */
    static GrpcTarget daemon() {
        return new GrpcTarget(
                method(RecordServiceGrpc.SERVICE_NAME, "Protect", MethodDescriptor.MethodType.UNARY),
                method(RecordServiceGrpc.SERVICE_NAME, "Stream", MethodDescriptor.MethodType.BIDI_STREAMING),
                protectRequests(),
                protectBatches(),
                GrpcTarget::requireProtected,
                GrpcTarget::requireAllProtected);
    }

    /** The outbound SA of requests and batches with that number. */
    static SaSpec spec(int number) {
        return SaSpec.messages(number);
    }

    private static MethodDescriptor<byte[], byte[]> method(
            String service, String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .setRequestMarshaller(new Octets())
                .setResponseMarshaller(new Octets())
                .build();
    }

    private static RecordServiceProtectRequest protectRequest(int number) {
        byte[] coap = Requests.put(spec(number).host(), PAYLOAD);
        return RecordServiceProtectRequest.newBuilder()
                .setCoap(ByteString.copyFrom(coap))
                .build();
    }

    private static List<byte[]> protectRequests() {
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < SAS; i++) {
            requests.add(protectRequest(i).toByteArray());
        }
        return requests;
    }

    /** Ids differ from batch to batch, because an id that waits for its answer must not be used again. */
    private static List<byte[]> protectBatches() {
        List<byte[]> batches = new ArrayList<>();
        for (int i = 0; i < SAS; i++) {
            RecordServiceStreamRequest.Builder batch = RecordServiceStreamRequest.newBuilder();
            for (int item = 0; item < BATCH; item++) {
                batch.addItemsBuilder().setId((long) i * BATCH + item).setProtect(protectRequest(i));
            }
            batches.add(batch.build().toByteArray());
        }
        return batches;
    }

    private static void requireProtected(byte[] answer) {
        try {
            if (RecordServiceProtectResponse.parseFrom(answer).getCoap().isEmpty()) {
                throw new IllegalStateException("an answer without a message");
            }
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireAllProtected(byte[] answer) {
        try {
            for (RecordServiceStreamResponse.Item item :
                    RecordServiceStreamResponse.parseFrom(answer).getItemsList()) {
                if (!item.hasProtect()) {
                    throw new IllegalStateException("item " + item.getId() + " is refused: "
                            + item.getRefused().getMessage());
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many items a message of the stream has, in either direction. */
    static int items(byte[] message) {
        CodedInputStream in = CodedInputStream.newInstance(message);
        int items = 0;
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                in.skipField(tag);
                items++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return items;
    }

    /** Octets as they are. */
    static final class Octets implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
