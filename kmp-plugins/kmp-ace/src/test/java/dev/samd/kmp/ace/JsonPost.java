// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

import dev.samd.kmp.ace.token.Tokens;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** What a client without CBOR posts. */
final class JsonPost {
    private JsonPost() {}

    static Octets of(Octets jwt, String nonce1, String cid, List<Integer> suites, boolean prove) {
        String before = "{\"access_token\":\"" + new String(jwt.toArray(), StandardCharsets.US_ASCII)
                + "\",\"nonce1\":\"" + nonce1 + "\",\"dr_client_cid\":\"" + cid + "\",\"dr_suites\":" + suites;
        if (!prove) {
            return Octets.of((before + "}").getBytes(StandardCharsets.US_ASCII));
        }
        String covered = before + ",\"dr_pop\":\"";
        try (KeyMaterial key = KeyMaterial.adopt(Tokens.POP_KEY.toArray())) {
            Octets tag = ProofOfPossession.over(key, covered.getBytes(StandardCharsets.US_ASCII));
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(tag.toArray());
            return Octets.of((covered + text + "\"}").getBytes(StandardCharsets.US_ASCII));
        }
    }
}
