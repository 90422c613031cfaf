// SPDX-License-Identifier: Apache-2.0
package dev.samd.kmp.ace;

/** Numbers and names of the profile {@code x_dtls_record}; those of RFC 9200 s8 and RFC 9203 s9 keep theirs. */
public final class ProfileLabels {
    /** Where tokens are posted (RFC 9200 s5.10.1). */
    public static final String AUTHZ_INFO = "/authz-info";
    /** Where a live pair is re-keyed. */
    public static final String REKEY = "/.well-known/samd/rekey";

    /** Content-Format application/ace+cbor. */
    public static final int ACE_CBOR = 19;
    /** Content-Format application/json. */
    public static final int JSON = 50;

    /** The token itself. */
    public static final int ACCESS_TOKEN = 1;
    /** Seconds that a token lives. */
    public static final int EXPIRES_IN = 2;
    /** Whom a token is to be for. */
    public static final int AUDIENCE = 5;
    /** The key that a token confirms. */
    public static final int CNF = 8;
    /** The key that a token is wanted for (RFC 9201 s3.1). */
    public static final int REQ_CNF = 4;
    /** What a token allows. */
    public static final int SCOPE = 9;
    /** Who asks for a token. */
    public static final int CLIENT_ID = 24;
    /** Why there is no token. */
    public static final int ERROR = 30;
    /** How a token is asked for. */
    public static final int GRANT_TYPE = 33;
    /** The profile that a token is for. */
    public static final int ACE_PROFILE = 38;
    /** The initiator's nonce. */
    public static final int NONCE1 = 40;
    /** The responder's nonce. */
    public static final int NONCE2 = 42;

    /** SPI of the initiator's inbound SA: ID1. */
    public static final int CLIENT_CID = -70001;
    /** SPI of the responder's inbound SA: ID2. */
    public static final int SERVER_CID = -70002;
    /** The suites on offer, or the one chosen. */
    public static final int SUITES = -70003;
    /** The record version. */
    public static final int VERSION = -70004;
    /** What the records carry. */
    public static final int CONTENT = -70005;
    /** The proof of possession. */
    public static final int PROOF = -70006;
    /** This profile, as a value of {@link #ACE_PROFILE}. */
    public static final int PROFILE = -70010;
    /** Salt of the key derivation, beside {@link #CNF} and in the token. */
    public static final int SALT = -70011;

    /** A grant by the client's own credentials. */
    public static final int CLIENT_CREDENTIALS = 2;
    /** In {@link #CNF}: a COSE_Key. */
    public static final int CNF_COSE_KEY = 1;
    /** In {@link #REQ_CNF}: the name of a key that was issued before. */
    public static final int CNF_KID = 3;

    /** Shortest nonce. */
    static final int MIN_NONCE = 8;
    /** Longest nonce. */
    static final int MAX_NONCE = 64;

    private ProfileLabels() {}
}
