// SPDX-License-Identifier: Apache-2.0
package dev.samd.e2e;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The walls of the house, where Maven cannot see them. Plain tests, so that no engine can skip them. */
class ArchitectureTest {
    private static final String[] PURE = {
        "dev.samd.sa",
        "dev.samd.aead",
        "dev.samd.record",
        "dev.samd.coap",
        "dev.samd.engine",
        "dev.samd.daemon.sadb",
        "dev.samd.daemon.access"
    };

    /** Where protocols are state machines; what runs them is beside them. */
    private static final String[] PROTOCOLS = {
        "dev.samd.kmp",
        "dev.samd.kmp.kdf",
        "dev.samd.kmp.kit",
        "dev.samd.kmp.ace",
        "dev.samd.kmp.ace.cose",
        "dev.samd.kmp.less",
        "dev.samd.kmp.kerberos"
    };

    private static JavaClasses house;

    @BeforeAll
    static void readAllClasses() {
        house = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.samd");
    }

    @Test
    void allRoomsAreRead() {
        for (String room : new String[] {
            "dev.samd.sa",
            "dev.samd.aead",
            "dev.samd.record",
            "dev.samd.coap",
            "dev.samd.engine",
            "dev.samd.wire",
            "dev.samd.daemon",
            "dev.samd.daemon.sadb",
            "dev.samd.daemon.store",
            "dev.samd.daemon.access",
            "dev.samd.daemon.events",
            "dev.samd.daemon.observe",
            "dev.samd.audit",
            "dev.samd.daemon.grpc",
            "dev.samd.client",
            "dev.samd.californium",
            "dev.samd.samctl",
            "dev.samd.kmp",
            "dev.samd.kmp.drive",
            "dev.samd.kmp.kdf",
            "dev.samd.kmp.kit",
            "dev.samd.kmp.ace",
            "dev.samd.kmp.less",
            "dev.samd.kmp.codtls",
            "dev.samd.kmp.kerberos",
            "dev.samd.kmp.host"
        }) {
            assertThat(house.stream().filter(type -> type.getPackageName().equals(room)))
                    .as(room)
                    .isNotEmpty();
        }
    }

    @Test
    void messagesAndRecordsDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("dev.samd.coap..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.samd.record..")
                .check(house);
        noClasses()
                .that()
                .resideInAPackage("dev.samd.record..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.samd.coap..")
                .check(house);
    }

    @Test
    void algorithmsAreReachedFromRecordsAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.samd.aead..", "dev.samd.record..", "dev.samd.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.samd.aead..")
                .check(house);
    }

    @Test
    void vocabularyKnowsNobody() {
        classes()
                .that()
                .resideInAPackage("dev.samd.sa..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.samd.sa..", "java..", "org.jspecify.annotations..")
                .check(house);
    }

    @Test
    void engineKnowsTheJdkAlone() {
        classes()
                .that()
                .resideInAnyPackage("dev.samd.aead..", "dev.samd.record..", "dev.samd.coap..", "dev.samd.engine..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.samd.sa..",
                        "dev.samd.aead..",
                        "dev.samd.record..",
                        "dev.samd.coap..",
                        "dev.samd.engine..",
                        "java..",
                        "javax.crypto..",
                        "org.jspecify.annotations..")
                .check(house);
    }

    @Test
    void pureRoomsLogNothingAndStartNothing() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "org.slf4j..",
                                "java.net..",
                                "java.nio.channels..",
                                "java.util.logging..",
                                "java.time.chrono..")
                        .or(named(
                                "java.lang.Thread",
                                "java.util.concurrent.ExecutorService",
                                "java.util.concurrent.Executor",
                                "java.util.concurrent.Executors",
                                "java.util.concurrent.CompletableFuture",
                                "java.util.Timer",
                                "java.time.Clock")))
                .check(house);
    }

    @Test
    void protocolsKnowNeitherNetworkNorDaemonNorThreads() {
        noClasses()
                .that()
                .resideInAnyPackage(PROTOCOLS)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "org.slf4j..",
                                "java.nio.channels..",
                                "java.util.logging..",
                                "dev.samd.client..",
                                "dev.samd.daemon..",
                                "dev.samd.engine..",
                                "dev.samd.kmp.drive..",
                                "dev.samd.kmp.host..")
                        .or(named(
                                "java.lang.Thread",
                                "java.net.DatagramSocket",
                                "java.net.Socket",
                                "java.util.concurrent.ExecutorService",
                                "java.util.concurrent.Executor",
                                "java.util.concurrent.Executors",
                                "java.util.concurrent.CompletableFuture",
                                "java.util.Timer",
                                "java.time.Clock")))
                .check(house);
    }

    @Test
    void driverOfProtocolsKnowsNeitherNetworkNorDaemon() {
        noClasses()
                .that()
                .resideInAPackage("dev.samd.kmp.drive..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.samd.client..", "dev.samd.daemon..", "dev.samd.kmp.host..", "dev.samd.kmp.ace..")
                .check(house);
    }

    @Test
    void pureRoomsReadNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .callMethodWhere(target(owner(named("java.lang.System")))
                        .and(target(name("nanoTime")).or(target(name("currentTimeMillis")))))
                .orShould()
                .callMethodWhere(target(owner(named("java.time.Instant"))).and(target(name("now"))))
                .check(house);
    }

    @Test
    void grpcStaysBehindItsDoors() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.samd.daemon.grpc..",
                        "dev.samd.wire..",
                        "dev.samd.client..",
                        "dev.samd.v1..",
                        "dev.samd.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "io.netty..")
                .check(house);
    }

    @Test
    void californiumStaysBehindItsDoor() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.samd.californium..",
                        "dev.samd.kmp.host..",
                        "dev.samd.kmp.ace.as..",
                        "dev.samd.kmp.codtls..",
                        "dev.samd.e2e..",
                        "dev.samd.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.californium..")
                .check(house);
        // It borrows the handshake, and carries its messages by itself.
        noClasses()
                .that()
                .resideInAPackage("dev.samd.kmp.codtls..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.californium.core..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.eclipse.californium.scandium.DTLSConnector")
                .check(house);
    }

    @Test
    void daemonAndClientsDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("dev.samd.daemon..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.samd.client..", "dev.samd.californium..", "dev.samd.samctl..")
                .check(house);
        noClasses()
                .that()
                .resideInAnyPackage("dev.samd.client..", "dev.samd.californium..", "dev.samd.samctl..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.samd.daemon..", "dev.samd.engine..")
                .check(house);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("dev.samd.(*)..").should().beFreeOfCycles().check(house);
        slices().matching("dev.samd.daemon.(*)..").should().beFreeOfCycles().check(house);
        slices().matching("dev.samd.kmp.(*)..").should().beFreeOfCycles().check(house);
    }

    @Test
    void secretsAreNeverComparedByArraysEquals() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.samd.aead..",
                        "dev.samd.record..",
                        "dev.samd.engine..",
                        "dev.samd.daemon..",
                        "dev.samd.kmp..")
                .should()
                .callMethodWhere(target(owner(named("java.util.Arrays"))).and(target(name("equals"))))
                .check(house);
    }

    @Test
    void nothingThatChangesIsStatic() {
        fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackages("dev.samd.v1..", "dev.samd.bench..")
                .and(DescribedPredicate.<JavaField>describe(
                        "are written by hand", field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC)))
                .should()
                .beFinal()
                .check(house);
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        return DescribedPredicate.describe(
                "named " + Arrays.toString(names), type -> Arrays.asList(names).contains(type.getName()));
    }
}
