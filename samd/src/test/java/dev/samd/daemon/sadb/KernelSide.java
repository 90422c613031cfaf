// SPDX-License-Identifier: Apache-2.0
package dev.samd.daemon.sadb;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kernel's side of the comparison: XFRM of a network namespace, driven and watched through {@code ip xfrm}. */
final class KernelSide implements ComparedSadb, AutoCloseable {
    /** How long a LARVAL SA lives in this namespace: {@code net.core.xfrm_acq_expires}. */
    private static final int LARVAL_SECONDS = 1;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern SPI = Pattern.compile("\\bspi 0x([0-9a-f]{8})\\b");
    private static final String ROUTE = "src 10.1.0.1 dst 10.1.0.2 proto esp";

    /** Of its own, because allocspi completes a LARVAL SA without an SPI wherever it finds one of its route. */
    private static final String FENCE_ROUTE = "src 10.9.0.1 dst 10.9.0.2 proto esp";

    /** SPIs from here on are ours: their DELETE tells that everything before it was told. */
    private static final long FIRST_FENCE = 0xffff_0000L;

    private final NetworkNamespace namespace;
    private final Process monitor;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private long nextFence = FIRST_FENCE;
    private int told;

    KernelSide(NetworkNamespace namespace) {
        this.namespace = namespace;
        sysctl("net.core.xfrm_acq_expires=" + LARVAL_SECONDS);
        monitor = namespace.start("ip", "xfrm", "monitor");
        Thread reader = new Thread(this::readMonitor, "samd-test-xfrm-monitor");
        reader.setDaemon(true);
        reader.start();
        // Until the monitor listens, what happens is told to nobody.
        await("the monitor").atMost(PATIENCE).until(this::fenceIsHeard);
        told = blocks().size();
    }

    @Override
    public Answer allocSpi(long min, long max) {
        return xfrm("state allocspi " + ROUTE + " min " + min + " max " + max);
    }

    @Override
    public Answer add(long spi, int key, Duration soft, Duration hard) {
        String limits = (soft.isZero() ? "" : " limit time-soft " + soft.toSeconds())
                + (hard.isZero() ? "" : " limit time-hard " + hard.toSeconds());
        return xfrm("state add " + named(spi) + keyed(key) + limits);
    }

    @Override
    public Answer update(long spi, int key) {
        return xfrm("state update " + named(spi) + keyed(key));
    }

    @Override
    public Answer get(long spi) {
        return xfrm("state get " + named(spi));
    }

    /** GET as it is printed, keys included: this kernel shows them to who may ask. */
    String shown(long spi) {
        return namespace.run(("ip xfrm state get " + named(spi)).split(" ")).out();
    }

    @Override
    public Answer delete(long spi) {
        return xfrm("state delete " + named(spi));
    }

    @Override
    public Answer flush() {
        return xfrm("state flush");
    }

    /** What {@code ip xfrm state count} says. */
    int count() {
        String out = namespace.run("ip", "xfrm", "state", "count").out();
        return Integer.parseInt(out.replaceAll("\\D", ""));
    }

    @Override
    public Map<Long, String> states() {
        Map<Long, String> states = new TreeMap<>();
        String out = namespace.run("ip", "xfrm", "state", "list").out();
        for (String block : blocks(List.of(out.split("\n")))) {
            Matcher spi = SPI.matcher(block);
            if (spi.find()) {
                // The tool does not print the state. An SA of state ACQ is the one without an algorithm.
                boolean keyed = block.contains(" aead ") || block.contains(" enc ") || block.contains("\taead ");
                states.put(Long.parseLong(spi.group(1), 16), keyed ? "MATURE" : "LARVAL");
            }
        }
        return states;
    }

    @Override
    public void passLarvalTime() {
        await("the end of LARVAL SAs").atMost(PATIENCE).until(() -> !states().containsValue("LARVAL"));
    }

    @Override
    public void passUntil(String event, Duration time) {
        await(event).atMost(PATIENCE).until(() -> untold().contains(event));
    }

    @Override
    public List<String> events() {
        String fence = fence();
        await("the monitor").atMost(PATIENCE).until(() -> untold().contains(fence));
        List<String> words = untold().stream()
                .filter(word -> !word.isEmpty() && !isFence(word))
                .toList();
        told = blocks().size();
        return words;
    }

    /** Sends datagrams that a policy of this namespace wants protected. */
    void sendWhatNeedsAnSa(int datagrams) {
        sysctl("net.ipv4.conf.lo.disable_xfrm=0");
        for (String line : List.of(
                "ip link set lo up",
                "ip addr add 10.1.0.1/32 dev lo",
                "ip route add 10.1.0.2/32 dev lo",
                "ip xfrm policy add src 10.1.0.1 dst 10.1.0.2 dir out tmpl " + ROUTE + " mode transport")) {
            require(namespace.run(line.split(" ")));
        }
        String send = "for i in $(seq " + datagrams + "); do echo x > /dev/udp/10.1.0.2/5683; done";
        require(namespace.run("bash", "-c", send));
    }

    @Override
    public void close() {
        monitor.destroy();
    }

    private void readMonitor() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(monitor.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("the monitor ended: " + e.getMessage());
        }
    }

    private boolean fenceIsHeard() {
        fence();
        return untold().stream().anyMatch(KernelSide::isFence);
    }

    /** Makes an event that is ours, and gives its word. */
    private String fence() {
        long spi = nextFence++;
        require(xfrm("state allocspi " + FENCE_ROUTE + " min " + spi + " max " + spi));
        require(xfrm("state delete " + FENCE_ROUTE + " spi " + spi));
        return "DELETE " + Long.toHexString(spi);
    }

    private static boolean isFence(String word) {
        return word.startsWith("DELETE ffff");
    }

    private List<String> untold() {
        List<String> blocks = blocks();
        return blocks.subList(Math.min(told, blocks.size()), blocks.size()).stream()
                .map(KernelSide::word)
                .toList();
    }

    private List<String> blocks() {
        return blocks(lines);
    }

    /** One message each: a line that begins at the margin and what is indented behind it. */
    private static List<String> blocks(List<String> lines) {
        List<String> blocks = new ArrayList<>();
        for (String line : lines) {
            boolean begins = !line.isBlank() && !Character.isWhitespace(line.charAt(0));
            if (begins) {
                blocks.add(line);
            } else if (!blocks.isEmpty()) {
                int last = blocks.size() - 1;
                blocks.set(last, blocks.get(last) + "\n" + line);
            }
        }
        return blocks;
    }

    /** A message in our words; empty for one that is about no SA. */
    private static String word(String block) {
        if (block.startsWith("Flushed state")) {
            return "FLUSH";
        }
        if (block.startsWith("acquire")) {
            return "ACQUIRE";
        }
        Matcher found = SPI.matcher(block);
        if (!found.find()) {
            return "";
        }
        String spi = " " + Long.toHexString(Long.parseLong(found.group(1), 16));
        if (block.startsWith("Deleted")) {
            return "DELETE" + spi;
        }
        if (block.startsWith("Expired")) {
            return (block.contains("hard 1") ? "EXPIRE HARD" : "EXPIRE SOFT") + spi;
        }
        return (block.startsWith("Updated") ? "UPDATE" : "ADD") + spi;
    }

    private Answer xfrm(String arguments) {
        NetworkNamespace.Said said = namespace.run(("ip xfrm " + arguments).split(" "));
        return said.well() ? Answer.GRANTED : Answer.refused(said.errors().strip());
    }

    private void sysctl(String assignment) {
        require(namespace.run("sysctl", "-q", "-w", assignment));
    }

    private static void require(Answer answer) {
        if (!answer.granted()) {
            throw new IllegalStateException(answer.words());
        }
    }

    private static void require(NetworkNamespace.Said said) {
        if (!said.well()) {
            throw new IllegalStateException(said.errors().strip());
        }
    }

    private static String named(long spi) {
        return ROUTE + " spi " + spi;
    }

    private static String keyed(int key) {
        return String.format(" mode transport aead rfc4106(gcm(aes)) 0x%040x 128", key);
    }
}
