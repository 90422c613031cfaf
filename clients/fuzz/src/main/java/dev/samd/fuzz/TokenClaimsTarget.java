// SPDX-License-Identifier: Apache-2.0
package dev.samd.fuzz;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectEncrypter;
import dev.samd.kmp.ace.cose.CoseAead;
import dev.samd.kmp.ace.cose.CoseEncrypt0;
import dev.samd.kmp.ace.token.AccessToken;
import dev.samd.kmp.ace.token.TokenVerdict;
import dev.samd.kmp.ace.token.TokenVerifier;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tokens of an issuer that writes whatever it likes: the input is the claims, properly encrypted here. The first octet of the input
 * says how: 0 CBOR in a CWT, 1 JSON in a JWT.
 */
final class TokenClaimsTarget implements FuzzTarget {
    private static final Octets KID = Octets.of("gcm".getBytes(StandardCharsets.US_ASCII));
    private static final byte[] KEY = HexFormat.of().parseHex(TokenKeys.GCM_KEY);

    private final TokenVerifier verifier = TokenKeys.verifier();

    @Override
    public boolean run(byte[] input) throws JOSEException {
        if (input.length == 0 || input[0] < 0 || input[0] > 1) {
            return false;
        }
        byte[] claims = Arrays.copyOfRange(input, 1, input.length);
        Octets token = input[0] == 0 ? cwt(claims) : jwt(claims);
        if (!(verifier.verify(TokenKeys.NOW, token) instanceof TokenVerdict.Accepted accepted)) {
            return false;
        }
        try (AccessToken read = accepted.token()) {
            TokenKeys.check(read);
        }
        return true;
    }

    private static Octets cwt(byte[] claims) {
        try (KeyMaterial key = KeyMaterial.copyOf(KEY)) {
            Octets iv = Octets.of(new byte[CoseAead.A128GCM.nonceLength()]);
            return Octets.of(
                    CoseEncrypt0.seal(CoseAead.A128GCM, KID, key, iv, claims).EncodeToBytes());
        }
    }

    private static Octets jwt(byte[] claims) throws JOSEException {
        JWEHeader header = new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A128GCM)
                .keyID("gcm")
                .build();
        JWEObject jwe = new JWEObject(header, new Payload(claims));
        jwe.encrypt(new DirectEncrypter(KEY));
        return Octets.of(jwe.serialize().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public Map<String, byte[]> seeds() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        String times = "041a6b400000" + "051a6a000000" + "061a6a000000"; // from June 2026 to January 2027
        seeds.put(
                "cwt",
                hex("00a9" + "016a61732e6578616d706c65" + "02686465766963652d31" + "0363727331" + times + "07420a0b"
                        + "08a101a3010402426b312050" + "00".repeat(16) + "096472656164"));
        seeds.put(
                "cwt-exi",
                hex("00a5" + "0363727331" + "07420a0b" + "08a101a201042050" + "00".repeat(16) + "1828190e10"
                        + "3a0001117a489e7ca92223786340"));
        seeds.put(
                "cwt-decimal",
                hex("00a3" + "0363727331" + "04c4820519" + "7530" + "08a101a201042050" + "00".repeat(16)));
        String key = "\"cnf\":{\"jwk\":{\"kty\":\"oct\",\"kid\":\"k1\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAA\"}}";
        seeds.put(
                "jwt",
                json(
                        "{\"iss\":\"as.example\",\"sub\":\"device-1\",\"aud\":\"rs1\",\"exp\":1796000000,\"nbf\":1764000000,"
                                + "\"iat\":1764000000,\"jti\":\"0a0b\",\"scope\":\"read\",\"dr_salt\":\"nnypIiN4Y0A\","
                                + key + "}"));
        seeds.put("jwt-exi", json("{\"aud\":[\"rs1\"],\"jti\":\"0a0b\",\"exi\":3600," + key + "}"));
        return seeds;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] json(String text) {
        return ("\1" + text).getBytes(StandardCharsets.UTF_8);
    }
}
