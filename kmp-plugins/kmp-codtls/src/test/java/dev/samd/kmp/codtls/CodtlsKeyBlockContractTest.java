// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.codtls;

/** The same with the keys of the handshake itself. */
class CodtlsKeyBlockContractTest extends CodtlsPskContractTest {
    @Override
    String keys() {
        return "key-block";
    }
}
