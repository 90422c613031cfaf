// SPDX-License-Identifier: Apache-2.0
package dev.samd.wire;

import static dev.samd.wire.FieldWire.octets;

import com.google.protobuf.ByteString;
import dev.samd.sa.CipherSuite;
import dev.samd.sa.Content;
import dev.samd.sa.Direction;
import dev.samd.sa.DiscardReason;
import dev.samd.sa.Endpoint;
import dev.samd.sa.ExpireCause;
import dev.samd.sa.Form;
import dev.samd.sa.History;
import dev.samd.sa.Identity;
import dev.samd.sa.IdentityPattern;
import dev.samd.sa.IdentityType;
import dev.samd.sa.KeyMaterial;
import dev.samd.sa.Lifetime;
import dev.samd.sa.Limits;
import dev.samd.sa.PairRole;
import dev.samd.sa.RecordVersion;
import dev.samd.sa.Rights;
import dev.samd.sa.SaError;
import dev.samd.sa.SaException;
import dev.samd.sa.SaParameters;
import dev.samd.sa.SaState;
import dev.samd.sa.TrafficKeys;
import dev.samd.sa.Usage;
import dev.samd.v1.Fresh;
import dev.samd.v1.Keys;
import dev.samd.v1.ResumeAccepting;
import dev.samd.v1.ResumeSending;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;

/** Security associations: sa.proto and the vocabulary of {@code dev.samd.sa}. */
public final class SaWire {
    /** Required wherever it stands in parameters. */
    public static final WireEnum<Direction, dev.samd.v1.Direction> DIRECTION =
            new WireEnum<>(Direction.class, dev.samd.v1.Direction.class, "DIRECTION_", null);

    /** Absent: MESSAGE. */
    public static final WireEnum<Content, dev.samd.v1.Content> CONTENT =
            new WireEnum<>(Content.class, dev.samd.v1.Content.class, "CONTENT_", null);

    /** Absent: NONE, or SAMD where the content is MESSAGE. */
    public static final WireEnum<Form, dev.samd.v1.Form> FORM =
            new WireEnum<>(Form.class, dev.samd.v1.Form.class, "FORM_", Form.NONE);

    /** Absent: MANUAL. */
    public static final WireEnum<IdentityType, dev.samd.v1.IdentityType> IDENTITY_TYPE =
            new WireEnum<>(IdentityType.class, dev.samd.v1.IdentityType.class, "IDENTITY_TYPE_", null);

    /** Absent: the pair has no role. */
    public static final WireEnum<PairRole, dev.samd.v1.PairRole> PAIR_ROLE =
            new WireEnum<>(PairRole.class, dev.samd.v1.PairRole.class, "PAIR_ROLE_", null);

    /** The states of an SA. */
    public static final WireEnum<SaState, dev.samd.v1.SaState> STATE =
            new WireEnum<>(SaState.class, dev.samd.v1.SaState.class, "SA_STATE_", null);

    /** Which limit was met. */
    public static final WireEnum<ExpireCause, dev.samd.v1.ExpireCause> EXPIRE_CAUSE =
            new WireEnum<>(ExpireCause.class, dev.samd.v1.ExpireCause.class, "EXPIRE_CAUSE_", null);

    /** Why a record or a message was not accepted. */
    public static final WireEnum<DiscardReason, dev.samd.v1.DiscardReason> DISCARD_REASON =
            new WireEnum<>(DiscardReason.class, dev.samd.v1.DiscardReason.class, "DISCARD_REASON_", null);

    /** Bits of the largest replay window, in octets: a longer bitmap says nothing more. */
    private static final int MAX_BITMAP = 4096 / 8;

    private SaWire() {}

    /**
     * Everything about an SA that may be known. History is required: there is no default.
     *
     * @throws SaException naming the field and the value that cannot be
     */
    public static SaParameters fromWire(dev.samd.v1.SaParameters wire) {
        Direction direction = DIRECTION.fromWire("direction", wire.getDirectionValue());
        Endpoint peer = FieldWire.peer("peer", wire.getPeer());
        Content content = CONTENT.fromWire("content", wire.getContentValue(), Content.MESSAGE);
        return new SaParameters(
                direction,
                FieldWire.spi("spi", wire.getSpi()),
                peer,
                FieldWire.endpoint("local", wire.getLocal()),
                wire.hasPeerIdentity() ? identity(wire.getPeerIdentity(), peer) : Identity.manual(peer.uri()),
                suite(wire.getSuite()),
                wire.getVersion() == 0 ? RecordVersion.DTLS12 : RecordVersion.ofWire(wire.getVersion()),
                epoch(wire.getEpoch()),
                content,
                form(wire.getFormValue(), content),
                !wire.getNoConnectionId(),
                window(wire.getWindow()),
                fromWire(wire.getLifetime()),
                history(wire),
                wire.hasRights() ? fromWire(wire.getRights()) : Rights.NONE,
                wire.getReqid());
    }

    /** The same as a message. */
    public static dev.samd.v1.SaParameters toWire(SaParameters parameters) {
        dev.samd.v1.SaParameters.Builder wire = dev.samd.v1.SaParameters.newBuilder()
                .setDirection(DIRECTION.toWire(parameters.direction()))
                .setSpi(octets(parameters.spi().octets()))
                .setPeer(parameters.peer().uri())
                .setLocal(parameters.local().uri())
                .setPeerIdentity(toWire(parameters.identity()))
                .setSuite(parameters.suite().code())
                .setVersion(parameters.version().wire())
                .setEpoch(parameters.epoch())
                .setContent(CONTENT.toWire(parameters.content()))
                .setForm(FORM.toWire(parameters.form()))
                .setNoConnectionId(!parameters.connectionId())
                .setWindow(parameters.window())
                .setLifetime(toWire(parameters.lifetime()))
                .setReqid(parameters.reqid());
        if (!parameters.rights().equals(Rights.NONE)) {
            wire.setRights(toWire(parameters.rights()));
        }
        History history = parameters.history();
        if (history instanceof History.ResumeSending sending) {
            wire.setResumeSending(ResumeSending.newBuilder().setNextSequence(sending.nextSequence()));
        } else if (history instanceof History.ResumeAccepting accepting) {
            wire.setResumeAccepting(
                    ResumeAccepting.newBuilder().setEdge(accepting.edge()).setBitmap(octets(accepting.bitmap())));
        } else {
            wire.setFresh(Fresh.getDefaultInstance());
        }
        return wire.build();
    }

    /**
     * The keys of one direction, owned by the caller from now on.
     *
     * @throws SaException {@link SaError#INVALID_KEY}, naming lengths and never octets, if they are not of the lengths of the
     *     suite; nothing is kept then
     */
    public static TrafficKeys fromWire(Keys wire, CipherSuite suite) {
        TrafficKeys keys = new TrafficKeys(
                KeyMaterial.adopt(wire.getKey().toByteArray()),
                KeyMaterial.adopt(wire.getIv().toByteArray()));
        try {
            keys.requireFor(suite);
        } catch (SaException e) {
            keys.close();
            throw e;
        }
        return keys;
    }

    /**
     * The keys as a message, for the daemon alone. The copy inside the message cannot be wiped: keep it short.
     *
     * @throws IllegalStateException if the keys are closed
     */
    public static Keys toWire(TrafficKeys keys) {
        return Keys.newBuilder()
                .setKey(toWire(keys.key()))
                .setIv(toWire(keys.iv()))
                .build();
    }

    /**
     * Secret octets as a field, for the daemon alone. The copy inside the message cannot be wiped: keep it short.
     *
     * @throws IllegalStateException if they are closed
     */
    public static ByteString toWire(KeyMaterial material) {
        byte[] octets = material.borrow();
        if (octets == null) {
            throw new IllegalStateException("the keys are closed");
        }
        try {
            return ByteString.copyFrom(octets);
        } finally {
            material.giveBack();
        }
    }

    /** An identity; an absent type stands for MANUAL. */
    public static Identity fromWire(dev.samd.v1.Identity wire) {
        IdentityType type = IDENTITY_TYPE.fromWire("identity type", wire.getTypeValue(), IdentityType.MANUAL);
        return new Identity(wire.getKmp(), type, wire.getIssuer(), wire.getValue());
    }

    /** An identity that is often the peer's name: one string then, not two. */
    private static Identity identity(dev.samd.v1.Identity wire, Endpoint peer) {
        Identity identity = fromWire(wire);
        return identity.value().equals(peer.uri())
                ? new Identity(identity.kmp(), identity.type(), identity.issuer(), peer.uri())
                : identity;
    }

    /** An identity as a message. */
    public static dev.samd.v1.Identity toWire(Identity identity) {
        return dev.samd.v1.Identity.newBuilder()
                .setKmp(identity.kmp())
                .setType(IDENTITY_TYPE.toWire(identity.type()))
                .setIssuer(identity.issuer())
                .setValue(identity.value())
                .build();
    }

    /** Which identities are meant; an absent type stands for every type. */
    public static IdentityPattern fromWire(dev.samd.v1.IdentityPattern wire) {
        Optional<IdentityType> type = wire.getTypeValue() == 0
                ? Optional.empty()
                : Optional.of(IDENTITY_TYPE.fromWire("identity type", wire.getTypeValue()));
        return new IdentityPattern(wire.getKmp(), type, wire.getIssuer(), wire.getValue());
    }

    /** Which identities are meant, as a message. */
    public static dev.samd.v1.IdentityPattern toWire(IdentityPattern pattern) {
        dev.samd.v1.IdentityPattern.Builder wire = dev.samd.v1.IdentityPattern.newBuilder()
                .setKmp(pattern.kmp())
                .setIssuer(pattern.issuer())
                .setValue(pattern.value());
        pattern.type().ifPresent(type -> wire.setType(IDENTITY_TYPE.toWire(type)));
        return wire.build();
    }

    /** What a credential allows. */
    public static Rights fromWire(dev.samd.v1.Rights wire) {
        return new Rights(
                wire.getIssuer(),
                wire.getSubject(),
                wire.getScope(),
                octets(wire.getCredential()),
                wire.hasExpires() ? Optional.of(FieldWire.instant("expires", wire.getExpires())) : Optional.empty());
    }

    /** What a credential allows, as a message. */
    public static dev.samd.v1.Rights toWire(Rights rights) {
        dev.samd.v1.Rights.Builder wire = dev.samd.v1.Rights.newBuilder()
                .setIssuer(rights.issuer())
                .setSubject(rights.subject())
                .setScope(rights.scope())
                .setCredential(octets(rights.credential()));
        rights.expires().ifPresent(expires -> wire.setExpires(FieldWire.timestamp(expires)));
        return wire.build();
    }

    /** A lifetime; what is absent has no limit. */
    public static Lifetime fromWire(dev.samd.v1.Lifetime wire) {
        return new Lifetime(limits("soft", wire.getSoft()), limits("hard", wire.getHard()));
    }

    /** A lifetime as a message. */
    public static dev.samd.v1.Lifetime toWire(Lifetime lifetime) {
        return dev.samd.v1.Lifetime.newBuilder()
                .setSoft(toWire(lifetime.soft()))
                .setHard(toWire(lifetime.hard()))
                .build();
    }

    /**
     * What an SA has been used for, as a message.
     *
     * @param wallTime the wall time of a monotonic one, in nanoseconds as in {@link Usage}
     */
    public static dev.samd.v1.Usage toWire(Usage usage, LongFunction<Instant> wallTime) {
        dev.samd.v1.Usage.Builder wire = dev.samd.v1.Usage.newBuilder()
                .setRecords(usage.records())
                .setOctets(usage.octets())
                .setFailedOpenings(usage.failedOpenings())
                .setNextSequence(usage.nextSequence());
        usage.discarded().forEach((reason, count) -> wire.putDiscarded(reason.name(), count));
        if (usage.used()) {
            wire.setFirstUsed(FieldWire.timestamp(wallTime.apply(usage.firstUsedNanos())));
            wire.setLastUsed(FieldWire.timestamp(wallTime.apply(usage.lastUsedNanos())));
        }
        return wire.build();
    }

    private static CipherSuite suite(int code) {
        if (code == 0) {
            throw new SaException(SaError.UNSUPPORTED_SUITE, "0", "suite is missing");
        }
        return CipherSuite.ofCode(code);
    }

    private static int epoch(int epoch) {
        // Beyond 2^31 the value of a uint32 is negative here, and the refusal would name another number.
        if (epoch < 0) {
            String value = Integer.toUnsignedString(epoch);
            throw new SaException(SaError.INVALID_SEQUENCE, value, "epoch " + value + "; 1..65535 expected");
        }
        return epoch;
    }

    private static int window(int window) {
        if (window < 0) {
            String value = Integer.toUnsignedString(window);
            throw new SaException(
                    SaError.INVALID_WINDOW,
                    value,
                    "replay window of " + value + " records; 64..4096 in steps of 64 expected");
        }
        return window == 0 ? SaParameters.DEFAULT_WINDOW : window;
    }

    private static Form form(int number, Content content) {
        Form form = FORM.fromWire("form", number);
        return form == Form.NONE && content == Content.MESSAGE ? Form.SAMD : form;
    }

    private static History history(dev.samd.v1.SaParameters wire) {
        return switch (wire.getHistoryCase()) {
            case FRESH -> History.FRESH;
            case RESUME_SENDING ->
                new History.ResumeSending(
                        sequence("next_sequence", wire.getResumeSending().getNextSequence()));
            case RESUME_ACCEPTING -> resumeAccepting(wire.getResumeAccepting());
            case HISTORY_NOT_SET ->
                throw new SaException(
                        SaError.MALFORMED,
                        "history",
                        "history is missing: say fresh, resume_sending or resume_accepting; there is no default");
        };
    }

    private static History resumeAccepting(ResumeAccepting wire) {
        if (wire.getBitmap().size() > MAX_BITMAP) {
            throw new SaException(
                    SaError.MALFORMED,
                    wire.getBitmap().size() + " octets",
                    "bitmap of " + wire.getBitmap().size() + " octets; at most " + MAX_BITMAP + " expected");
        }
        return new History.ResumeAccepting(sequence("edge", wire.getEdge()), octets(wire.getBitmap()));
    }

    private static long sequence(String field, long number) {
        return FieldWire.unsigned(SaError.INVALID_SEQUENCE, field, number);
    }

    private static Limits limits(String which, dev.samd.v1.Limits wire) {
        return new Limits(
                FieldWire.duration(which + ".add_time", wire.getAddTime()),
                FieldWire.duration(which + ".use_time", wire.getUseTime()),
                FieldWire.unsigned(SaError.INVALID_LIFETIME, which + ".records", wire.getRecords()),
                FieldWire.unsigned(SaError.INVALID_LIFETIME, which + ".octets", wire.getOctets()),
                FieldWire.unsigned(SaError.INVALID_LIFETIME, which + ".failed_openings", wire.getFailedOpenings()));
    }

    private static dev.samd.v1.Limits toWire(Limits limits) {
        return dev.samd.v1.Limits.newBuilder()
                .setAddTime(FieldWire.duration(limits.addTime()))
                .setUseTime(FieldWire.duration(limits.useTime()))
                .setRecords(limits.records())
                .setOctets(limits.octets())
                .setFailedOpenings(limits.failedOpenings())
                .build();
    }
}
