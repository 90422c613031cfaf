// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.samd.v1.Direction;
import dev.samd.v1.KmpServiceFailAcquireRequest;
import dev.samd.v1.KmpServiceRecallRequest;
import dev.samd.v1.KmpServiceRegisterRequest;
import dev.samd.v1.KmpServiceResolveRequest;
import dev.samd.v1.PolicyServiceAddRequest;
import dev.samd.v1.PolicyServiceDeleteRequest;
import dev.samd.v1.PolicyServiceGetRequest;
import dev.samd.v1.PolicyServiceUpdateRequest;
import dev.samd.v1.SaFilter;
import dev.samd.v1.SaParameters;
import dev.samd.v1.SaSelector;
import dev.samd.v1.SadbServiceAddRequest;
import dev.samd.v1.SadbServiceDeleteRequest;
import dev.samd.v1.SadbServiceDumpRequest;
import dev.samd.v1.SadbServiceFlushRequest;
import dev.samd.v1.SadbServiceGetRequest;
import dev.samd.v1.SadbServiceGetSpiRequest;
import dev.samd.v1.SadbServiceInstallPairRequest;
import dev.samd.v1.SadbServiceUpdateRequest;
import java.util.HexFormat;

/** What a call is about, in a few words of its own names: never its keys, claims or secrets. */
final class SubjectText {
    private static final int MAX_LENGTH = 200;

    private SubjectText() {}

    static String of(Message request) {
        String text = whole(request);
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }

    private static String whole(Message request) {
        if (request instanceof SadbServiceGetSpiRequest getSpi) {
            return "peer " + getSpi.getPeer() + acquire(getSpi.getAcquireSequence());
        }
        if (request instanceof SadbServiceAddRequest add) {
            return sa(add.getParameters()) + acquire(add.getAcquireSequence());
        }
        if (request instanceof SadbServiceUpdateRequest update) {
            return sa(update.getSa()) + acquire(update.getAcquireSequence());
        }
        if (request instanceof SadbServiceInstallPairRequest pair) {
            return "SPIs " + hex(pair.getInbound().getSpi()) + " in, "
                    + hex(pair.getOutbound().getSpi()) + " out, peer "
                    + pair.getOutbound().getPeer() + acquire(pair.getAcquireSequence());
        }
        if (request instanceof SadbServiceDeleteRequest delete) {
            return sa(delete.getSa()) + (delete.getPair() ? " and its pair" : "");
        }
        if (request instanceof SadbServiceGetRequest get) {
            return sa(get.getSa());
        }
        if (request instanceof SadbServiceFlushRequest flush) {
            return filter(flush.getFilter());
        }
        if (request instanceof SadbServiceDumpRequest dump) {
            return filter(dump.getFilter());
        }
        return ofKmp(request);
    }

    private static String ofKmp(Message request) {
        if (request instanceof KmpServiceRegisterRequest register) {
            return switch (register.getItemCase()) {
                case HELLO -> "hello " + register.getHello().getKmp();
                case ACCEPT -> "accept" + acquire(register.getAccept().getSequence());
                case DECLINE ->
                    "decline" + acquire(register.getDecline().getSequence()) + " "
                            + register.getDecline().getReason();
                case PROGRESS ->
                    "progress" + acquire(register.getProgress().getSequence()) + " "
                            + register.getProgress().getStep();
                case ITEM_NOT_SET -> "";
            };
        }
        if (request instanceof KmpServiceFailAcquireRequest fail) {
            return acquire(fail.getSequence()).strip() + " errno " + Integer.toUnsignedString(fail.getErrno()) + " "
                    + fail.getReason();
        }
        if (request instanceof KmpServiceRecallRequest recall) {
            return "KMP " + recall.getKmp();
        }
        if (request instanceof KmpServiceResolveRequest resolve) {
            return "a record of " + resolve.getPrincipal();
        }
        return ofPolicy(request);
    }

    private static String ofPolicy(Message request) {
        if (request instanceof PolicyServiceAddRequest add) {
            return add.getPolicy().getName();
        }
        if (request instanceof PolicyServiceUpdateRequest update) {
            return update.getPolicy().getName();
        }
        if (request instanceof PolicyServiceDeleteRequest delete) {
            return delete.getName();
        }
        return request instanceof PolicyServiceGetRequest get ? get.getName() : "";
    }

    private static String acquire(int sequence) {
        return sequence == 0 ? "" : " ACQUIRE " + Integer.toUnsignedString(sequence);
    }

    private static String sa(SaParameters parameters) {
        String direction = parameters.getDirection() == Direction.DIRECTION_INBOUND ? "inbound" : "outbound";
        return direction + " SPI " + hex(parameters.getSpi()) + ", peer " + parameters.getPeer();
    }

    private static String sa(SaSelector selector) {
        return switch (selector.getNameCase()) {
            case SA_ID -> "SA " + Long.toUnsignedString(selector.getSaId());
            case INBOUND_SPI -> "inbound SPI " + hex(selector.getInboundSpi());
            case OUTBOUND ->
                "outbound SPI " + hex(selector.getOutbound().getSpi()) + ", peer "
                        + selector.getOutbound().getPeer();
            case NAME_NOT_SET -> "";
        };
    }

    private static String filter(SaFilter filter) {
        return filter.getPeer().isEmpty() ? "all peers" : "peer " + filter.getPeer();
    }

    private static String hex(ByteString octets) {
        return HexFormat.of().formatHex(octets.toByteArray());
    }
}
