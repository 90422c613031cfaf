// SPDX-License-Identifier: Apache-2.0
/** The DTLS record layer and the protection of CoAP messages with it. */
module dev.samd.record.engine {
    requires static transitive org.jspecify;

    exports dev.samd.coap;
    exports dev.samd.engine;
    exports dev.samd.record;
    exports dev.samd.sa;
}
