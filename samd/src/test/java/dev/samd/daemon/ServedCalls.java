// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import io.grpc.Channel;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** All calls that a daemon serves, as it describes them itself: nothing is left out by whoever writes a test. */
final class ServedCalls {
    private static final String PACKAGE = "samd.v1.";

    private ServedCalls() {}

    /** Service and call, {@code SadbService/Add}; the package stands in front where it is not ours. */
    static Set<String> of(Channel channel) throws Exception {
        BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answers.add(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answers.add(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        Set<String> calls = new TreeSet<>();
        for (ServiceResponse service : next(answers).getListServicesResponse().getServiceList()) {
            requests.onNext(ServerReflectionRequest.newBuilder()
                    .setFileContainingSymbol(service.getName())
                    .build());
            for (ByteString file : next(answers).getFileDescriptorResponse().getFileDescriptorProtoList()) {
                add(calls, FileDescriptorProto.parseFrom(file), service.getName());
            }
        }
        requests.onCompleted();
        return calls;
    }

    private static ServerReflectionResponse next(BlockingQueue<Object> answers) throws InterruptedException {
        Object next = answers.poll(20, TimeUnit.SECONDS);
        if (next instanceof RuntimeException failure) {
            throw failure;
        }
        return (ServerReflectionResponse) next;
    }

    private static void add(Set<String> calls, FileDescriptorProto file, String wanted) {
        for (ServiceDescriptorProto service : file.getServiceList()) {
            String name = file.getPackage() + "." + service.getName();
            if (name.equals(wanted)) {
                String shown = name.startsWith(PACKAGE) ? name.substring(PACKAGE.length()) : name;
                for (MethodDescriptorProto method : service.getMethodList()) {
                    calls.add(shown + "/" + method.getName());
                }
            }
        }
    }
}
