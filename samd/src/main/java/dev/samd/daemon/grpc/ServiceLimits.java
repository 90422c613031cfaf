// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.grpc;

/** The bounds of the interface, in octets unless said otherwise. */
final class ServiceLimits {
    /** One CoAP message. */
    static final int COAP_MESSAGE = 65_535;

    /** Plaintext of one record: 2^14 (RFC 6347 s4.1). */
    static final int RECORD_PLAINTEXT = 1 << 14;

    /** One item of a stream, all its fields. */
    static final int ITEM = 66 * 1024;

    /** Items of one batch. */
    static final int BATCH_ITEMS = 256;

    /** One batch. */
    static final int BATCH = 1 << 20;

    /** One message of gRPC that is read: a batch and its frame. Above it, a refusal with a reason. */
    static final int MESSAGE = BATCH + (1 << 16);

    /** One message that the transport takes. Above it, the transport itself ends the call. */
    static final int TRANSPORT = 4 << 20;

    /** Items of one stream without an answer. */
    static final int OUTSTANDING_ITEMS = 1024;

    /** What a call takes of the heap besides its messages, more or less. */
    static final int CALL = 4 * 1024;

    /** The same of one that has a stream of answers. */
    static final int STREAM = 16 * 1024;

    /** What an entry of a listing takes while nobody has read it. */
    static final int LISTED_ENTRY = 16;

    /** Calls at a time on one connection. */
    static final int CALLS_PER_CONNECTION = 64;

    /** Connections: one that is idle costs some kilobytes and no thread. */
    static final int CONNECTIONS = 16_384;

    private ServiceLimits() {}
}
