// SPDX-License-Identifier: Apache-2.0
package dev.samd.sa;

/**
 * Everything about an SA that may be known: the SA, LIFETIME, ADDRESS and IDENTITY extensions of RFC 2367 s2.3 in the
 * terms of DTLS records. Never holds a key.
 *
 * @param direction the direction as this daemon sees it
 * @param spi inbound: chosen here; outbound: chosen by the peer
 * @param peer the other side's name
 * @param local the endpoint of this host that may use the SA, or {@link Endpoint#HOST_WIDE}
 * @param identity whom the SA authenticates
 * @param suite the cipher suite
 * @param version the record version
 * @param epoch 1..2^16-1: epoch 0 is unprotected (RFC 6347 s4.1)
 * @param content what the records carry
 * @param form how a protected message looks; {@link Form#NONE} unless {@code content} is MESSAGE
 * @param connectionId whether records carry the SPI as connection ID; false only for RAW and DRAFT_EXACT
 * @param window size of the replay window in records, 64..4096 in steps of 64
 * @param lifetime soft and hard limits, already within those of the algorithm
 * @param history what the key was used for before
 * @param rights what the peer's credential allows, {@link Rights#NONE} without one
 * @param reqid the installer's mark that ties the SA to a policy, 0 for none
 */
public record SaParameters(
        Direction direction,
        Spi spi,
        Endpoint peer,
        Endpoint local,
        Identity identity,
        CipherSuite suite,
        RecordVersion version,
        int epoch,
        Content content,
        Form form,
        boolean connectionId,
        int window,
        Lifetime lifetime,
        History history,
        Rights rights,
        int reqid) {
    /** Size of the replay window where nobody says another. */
    public static final int DEFAULT_WINDOW = 128;

    private static final int MAX_EPOCH = 0xffff;

    public SaParameters {
        if (peer.isHostWide()) {
            throw new SaException(SaError.MALFORMED_ENDPOINT, "", "an SA without a peer");
        }
        if (epoch < 1 || epoch > MAX_EPOCH) {
            throw new SaException(
                    SaError.INVALID_SEQUENCE, Integer.toString(epoch), "epoch " + epoch + "; 1..65535 expected");
        }
        if (window < 64 || window > 4096 || window % 64 != 0) {
            throw new SaException(
                    SaError.INVALID_WINDOW,
                    Integer.toString(window),
                    "replay window of " + window + " records; 64..4096 in steps of 64 expected");
        }
        if ((content == Content.MESSAGE) == (form == Form.NONE)) {
            throw new SaException(
                    SaError.WRONG_CONTENT, form.name(), "content " + content + " does not go with form " + form);
        }
        if (!connectionId && content != Content.RAW && form != Form.DRAFT_EXACT) {
            throw new SaException(
                    SaError.WRONG_CONTENT,
                    content + "/" + form,
                    "records without connection ID are for content RAW and form DRAFT_EXACT only");
        }
        boolean historyFits =
                switch (direction) {
                    case INBOUND -> !(history instanceof History.ResumeSending);
                    case OUTBOUND -> !(history instanceof History.ResumeAccepting);
                };
        if (!historyFits) {
            throw new SaException(
                    SaError.INVALID_SEQUENCE,
                    direction.name(),
                    "history " + history + " does not go with direction " + direction);
        }
        lifetime = lifetime.within(suite.aead());
    }

    /** An SA without a credential and without a mark. */
    public SaParameters(
            Direction direction,
            Spi spi,
            Endpoint peer,
            Endpoint local,
            Identity identity,
            CipherSuite suite,
            RecordVersion version,
            int epoch,
            Content content,
            Form form,
            boolean connectionId,
            int window,
            Lifetime lifetime,
            History history) {
        this(
                direction,
                spi,
                peer,
                local,
                identity,
                suite,
                version,
                epoch,
                content,
                form,
                connectionId,
                window,
                lifetime,
                history,
                Rights.NONE,
                0);
    }

    /** The same SA with other limits: the one thing that may change (RFC 2367 s3.1.2). */
    public SaParameters withLifetime(Lifetime other) {
        return new SaParameters(
                direction,
                spi,
                peer,
                local,
                identity,
                suite,
                version,
                epoch,
                content,
                form,
                connectionId,
                window,
                other,
                history,
                rights,
                reqid);
    }
}
