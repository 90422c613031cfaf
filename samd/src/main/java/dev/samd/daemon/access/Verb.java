// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.access;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every call that is served, which roles may make it, and at which doors. A call that is not here is denied to everybody.
 *
 * <p>Which SAs a call may be about, {@link Rights} says.
 */
public enum Verb {
    /** Has a message protected. */
    PROTECT("samd.v1.RecordService/Protect", Kind.USE, Role.APP),
    /** Has a message unprotected. */
    UNPROTECT("samd.v1.RecordService/Unprotect", Kind.USE, Role.APP),
    /** Has octets sealed. */
    SEAL("samd.v1.RecordService/Seal", Kind.USE, Role.APP),
    /** Has a record opened. */
    OPEN("samd.v1.RecordService/Open", Kind.USE, Role.APP),
    /** All of these, item by item. */
    STREAM("samd.v1.RecordService/Stream", Kind.USE, Role.APP),

    /** Reserves an SPI. */
    GET_SPI("samd.v1.SadbService/GetSpi", Kind.INSTALL, Role.KMP),
    /** Installs one SA. */
    ADD("samd.v1.SadbService/Add", Kind.INSTALL, Role.KMP),
    /** Completes a LARVAL SA, or changes limits. */
    UPDATE("samd.v1.SadbService/Update", Kind.INSTALL, Role.KMP),
    /** Installs both SAs of a pair. */
    INSTALL_PAIR("samd.v1.SadbService/InstallPair", Kind.INSTALL, Role.KMP),
    /** Ends an SA. */
    DELETE("samd.v1.SadbService/Delete", Kind.INSTALL, Role.KMP, Role.OPERATOR),
    /** Shows an SA. */
    GET("samd.v1.SadbService/Get", Kind.LOOK, Role.KMP, Role.APP, Role.OPERATOR, Role.AUDITOR),
    /** Lists SAs. */
    DUMP("samd.v1.SadbService/Dump", Kind.LOOK, Role.KMP, Role.APP, Role.OPERATOR, Role.AUDITOR),
    /** Ends all SAs that fit. */
    FLUSH("samd.v1.SadbService/Flush", Kind.ADMIN_CHANGE, Role.OPERATOR),

    /** Tells of changes. */
    WATCH("samd.v1.WatchService/Watch", Kind.ADMIN_LOOK, Role.KMP, Role.APP, Role.OPERATOR, Role.AUDITOR),

    /** Registers a KMP. */
    REGISTER("samd.v1.KmpService/Register", Kind.INSTALL, Role.KMP),
    /** Says that an ACQUIRE failed. */
    FAIL_ACQUIRE("samd.v1.KmpService/FailAcquire", Kind.INSTALL, Role.KMP),
    /** Gives a KMP its pairs back. */
    RECALL("samd.v1.KmpService/Recall", Kind.INSTALL, Role.KMP),
    /** Tells a KMP under which SA a program opened a record. */
    RESOLVE("samd.v1.KmpService/Resolve", Kind.INSTALL, Role.KMP),

    /** Enters a policy. */
    POLICY_ADD("samd.v1.PolicyService/Add", Kind.ADMIN_CHANGE, Role.OPERATOR),
    /** Replaces a policy. */
    POLICY_UPDATE("samd.v1.PolicyService/Update", Kind.ADMIN_CHANGE, Role.OPERATOR),
    /** Takes a policy out. */
    POLICY_DELETE("samd.v1.PolicyService/Delete", Kind.ADMIN_CHANGE, Role.OPERATOR),
    /** Takes all policies out. */
    POLICY_FLUSH("samd.v1.PolicyService/Flush", Kind.ADMIN_CHANGE, Role.OPERATOR),
    /** Shows a policy. */
    POLICY_GET("samd.v1.PolicyService/Get", Kind.ADMIN_LOOK, Role.OPERATOR, Role.AUDITOR),
    /** Lists policies. */
    POLICY_LIST("samd.v1.PolicyService/List", Kind.ADMIN_LOOK, Role.OPERATOR, Role.AUDITOR),

    /** The daemon about itself. */
    INFO("samd.v1.AdminService/Info", Kind.LOOK, Role.KMP, Role.APP, Role.OPERATOR, Role.AUDITOR),
    /** The daemon about the caller. */
    WHO_AM_I("samd.v1.AdminService/WhoAmI", Kind.OPEN_TO_ALL),
    /** Says what would happen to a message. */
    EXPLAIN("samd.v1.AdminService/Explain", Kind.LOOK, Role.APP, Role.OPERATOR, Role.AUDITOR),
    /** Says who may do what. */
    EXPLAIN_ACCESS("samd.v1.AdminService/ExplainAccess", Kind.ADMIN_LOOK, Role.OPERATOR, Role.AUDITOR),

    /** Copies the database. */
    BACKUP("samd.v1.AdminService/Backup", Kind.ADMIN_CHANGE, Role.OPERATOR),
    /** Seals the database under another key. */
    ROTATE_KEY("samd.v1.AdminService/RotateKey", Kind.ADMIN_CHANGE, Role.OPERATOR),

    /** Whether the daemon serves. */
    HEALTH_CHECK("grpc.health.v1.Health/Check", Kind.OPEN_TO_ALL),
    /** The same, whenever it changes. */
    HEALTH_WATCH("grpc.health.v1.Health/Watch", Kind.OPEN_TO_ALL),
    /** Describes the calls. */
    REFLECTION(
            "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            Kind.LOOK,
            Role.KMP,
            Role.APP,
            Role.OPERATOR,
            Role.AUDITOR);

    private static final Map<String, Verb> BY_METHOD = new HashMap<>();
    private static final String PACKAGE = "samd.v1.";

    static {
        for (Verb verb : values()) {
            BY_METHOD.put(verb.method, verb);
        }
    }

    private final String method;
    private final Kind kind;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of makes immutable ones
    private final Set<Role> roles;

    Verb(String method, Kind kind, Role... roles) {
        this.method = method;
        this.kind = kind;
        this.roles = Set.of(roles);
    }

    /** The verb of a call by its full name, {@code samd.v1.SadbService/Add}. */
    public static Optional<Verb> ofMethod(String fullMethodName) {
        return Optional.ofNullable(BY_METHOD.get(fullMethodName));
    }

    /**
     * The verb that a person means: the full name, {@code SadbService/Add}, or {@code add} where one service alone has such
     * a call. Case and dashes do not count.
     */
    public static Optional<Verb> meant(String text) {
        String wanted = plain(text);
        Set<Verb> found = EnumSet.noneOf(Verb.class);
        for (Verb verb : values()) {
            if (plain(verb.method).equals(wanted) || plain(verb.shortName()).equals(wanted)) {
                return Optional.of(verb);
            }
            if (plain(verb.call()).equals(wanted)) {
                found.add(verb);
            }
        }
        return found.size() == 1 ? found.stream().findFirst() : Optional.empty();
    }

    private static String plain(String text) {
        return text.replace("-", "").toLowerCase(Locale.ROOT);
    }

    private String call() {
        return method.substring(method.indexOf('/') + 1);
    }

    /** Service and call, without the package where it is ours: {@code SadbService/Add}. */
    public String shortName() {
        return method.startsWith(PACKAGE) ? method.substring(PACKAGE.length()) : method;
    }

    /** The full name of the call. */
    public String method() {
        return method;
    }

    /** Who may make the call; empty where everybody may. */
    public Set<Role> roles() {
        return roles;
    }

    /** Whether everybody may who can connect. */
    public boolean isOpenToAll() {
        return kind == Kind.OPEN_TO_ALL;
    }

    /** Whether it changes something that outlives the call. */
    public boolean changes() {
        return kind == Kind.INSTALL || kind == Kind.ADMIN_CHANGE;
    }

    /** Whether it is offered at a door. */
    public boolean isServedAt(Door door) {
        return switch (kind) {
            case LOOK, INSTALL, OPEN_TO_ALL -> true;
            case USE -> door != Door.ADMIN;
            case ADMIN_LOOK, ADMIN_CHANGE -> door != Door.APP;
        };
    }

    /** What calls have in common. */
    private enum Kind {
        /** Uses SAs: not for administration. */
        USE,
        /** Makes and ends SAs: what KMPs do, and who administers. */
        INSTALL,
        /** Looks. */
        LOOK,
        /** Looks, for administration alone. */
        ADMIN_LOOK,
        /** Changes, for administration alone. */
        ADMIN_CHANGE,
        /** For everybody. */
        OPEN_TO_ALL
    }
}
