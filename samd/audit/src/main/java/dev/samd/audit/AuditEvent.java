// SPDX-License-Identifier: Apache-2.0
package dev.samd.audit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a line of the audit log says, without its time and its place in the chain. Never with keys. Immutable.
 *
 * @param kind what it is about
 * @param outcome what became of it
 * @param actor who asked for it
 * @param sas the SAs concerned, as far as they are known
 * @param details further fields by name, texts and numbers, in order
 * @param reason why it was refused, or empty
 */
public record AuditEvent(
        AuditKind kind,
        AuditOutcome outcome,
        AuditActor actor,
        List<AuditSa> sas,
        Map<String, Object> details,
        String reason) {
    public AuditEvent {
        sas = List.copyOf(sas);
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** Something that somebody asks for, before it is tried. */
    public static AuditEvent intended(AuditKind kind, AuditActor actor) {
        return new AuditEvent(kind, AuditOutcome.INTENDED, actor, List.of(), Map.of(), "");
    }

    /** Something that the daemon did of its own accord. */
    public static AuditEvent byDaemon(AuditKind kind) {
        return new AuditEvent(kind, AuditOutcome.DONE, AuditActor.DAEMON, List.of(), Map.of(), "");
    }

    /** A call that the caller may not make. */
    public static AuditEvent denied(AuditActor actor, String call, String reason) {
        return intended(AuditKind.DENIED, actor).with("call", call).refused(reason);
    }

    /**
     * A caller who did not prove who he is.
     *
     * @param claimed whom he says to be, as far as he said it
     */
    public static AuditEvent authenticationFailed(String claimed, String from, String reason) {
        return intended(AuditKind.AUTHENTICATION_FAILED, AuditActor.named(claimed))
                .with("from", from)
                .refused(reason);
    }

    /** The same with one more field, a text. */
    public AuditEvent with(String name, String value) {
        return value.isEmpty() ? this : withField(name, value);
    }

    /** The same with one more field, a number. */
    public AuditEvent with(String name, long value) {
        return withField(name, value);
    }

    private AuditEvent withField(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(details);
        more.put(name, value);
        return new AuditEvent(kind, outcome, actor, sas, more, reason);
    }

    /** The same about these SAs. */
    public AuditEvent about(List<AuditSa> concerned) {
        return new AuditEvent(kind, outcome, actor, concerned, details, reason);
    }

    /** The same, and it happened. */
    public AuditEvent done() {
        return new AuditEvent(kind, AuditOutcome.DONE, actor, sas, details, reason);
    }

    /** The same, and it was refused. */
    public AuditEvent refused(String why) {
        return new AuditEvent(kind, AuditOutcome.REFUSED, actor, sas, details, why);
    }

    /** The same, and nobody can say what became of it. */
    public AuditEvent unknown(String why) {
        return new AuditEvent(kind, AuditOutcome.UNKNOWN, actor, sas, details, why);
    }
}
