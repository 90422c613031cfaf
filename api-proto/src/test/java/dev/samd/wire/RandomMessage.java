// SPDX-License-Identifier: Apache-2.0
package dev.samd.wire;

import com.google.protobuf.ByteString;
import dev.samd.v1.Fresh;
import dev.samd.v1.Identity;
import dev.samd.v1.Lifetime;
import dev.samd.v1.Limits;
import dev.samd.v1.ResumeAccepting;
import dev.samd.v1.ResumeSending;
import dev.samd.v1.SaParameters;
import java.util.Random;

/** Messages whose fields hold anything: what a hostile or broken caller can send. */
final class RandomMessage {
    private static final String[] NAMES = {
        "", "coap://a", "coap://A:5683/", "http://a", "coap://a/path", "coap://", "nonsense", "coaps+tcp://[::1]:7"
    };

    private final Random random;

    RandomMessage(Random random) {
        this.random = random;
    }

    SaParameters parameters() {
        SaParameters.Builder wire = SaParameters.newBuilder()
                .setDirectionValue(small())
                .setSpi(octets(22))
                .setPeer(NAMES[random.nextInt(NAMES.length)])
                .setLocal(NAMES[random.nextInt(NAMES.length)])
                .setSuite(random.nextBoolean() ? 0xc0a8 : number32())
                .setVersion(random.nextBoolean() ? 0 : number32())
                .setEpoch(random.nextBoolean() ? 1 : number32())
                .setContentValue(small())
                .setFormValue(small())
                .setNoConnectionId(random.nextBoolean())
                .setWindow(random.nextBoolean() ? 0 : number32())
                .setLifetime(Lifetime.newBuilder().setSoft(limits()).setHard(limits()));
        if (random.nextBoolean()) {
            wire.setPeerIdentity(Identity.newBuilder()
                    .setKmp(random.nextBoolean() ? "" : "k")
                    .setTypeValue(small())
                    .setIssuer("i".repeat(random.nextInt(1200)))
                    .setValue(random.nextBoolean() ? "" : "v"));
        }
        switch (random.nextInt(4)) {
            case 0 -> wire.setFresh(Fresh.getDefaultInstance());
            case 1 -> wire.setResumeSending(ResumeSending.newBuilder().setNextSequence(number64()));
            case 2 ->
                wire.setResumeAccepting(
                        ResumeAccepting.newBuilder().setEdge(number64()).setBitmap(octets(600)));
            default -> wire.clearHistory();
        }
        return wire.build();
    }

    private Limits limits() {
        if (random.nextBoolean()) {
            return Limits.getDefaultInstance();
        }
        return Limits.newBuilder()
                .setAddTime(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(number64())
                        .setNanos(number32()))
                .setRecords(number64())
                .setOctets(number64())
                .setFailedOpenings(number64())
                .build();
    }

    private int small() {
        return random.nextInt(6) - 1;
    }

    private int number32() {
        return random.nextInt() >> random.nextInt(32);
    }

    private long number64() {
        return random.nextLong() >> random.nextInt(64);
    }

    private ByteString octets(int bound) {
        byte[] octets = new byte[random.nextInt(bound)];
        random.nextBytes(octets);
        return ByteString.copyFrom(octets);
    }
}
