// SPDX-License-Identifier: Apache-2.0
package dev.samd.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs sets of benchmarks round by round: all of them once, each in a fresh process, then all of them again. So what
 * disturbs the machine for a while disturbs both sides of a ratio.
 */
final class JmhRun {
    private final Plan plan;
    private final List<Cases> sets = new ArrayList<>();

    /** @param plan says how long, and how many rounds */
    JmhRun(Plan plan) {
        this.plan = plan;
    }

    /** The benchmarks of a class, with the values that their parameters take, on a number of threads. */
    private record Cases(Class<?> benchmark, int threads, Map<String, List<String>> parameters) {}

    /** Adds benchmarks. {@code parameters}: {@code name=value,value}; a parameter that is left out takes all its values. */
    JmhRun add(Class<?> benchmark, int threads, String... parameters) {
        Map<String, List<String>> values = new TreeMap<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            values.put(
                    parameter.substring(0, equals),
                    List.of(parameter.substring(equals + 1).split(",", -1)));
        }
        sets.add(new Cases(benchmark, threads, values));
        return this;
    }

    /** Runs everything that was added. */
    JmhResults run() {
        JmhResults results = new JmhResults();
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Cases cases : sets) {
                Progress.say(cases.benchmark.getSimpleName() + ", threads: " + cases.threads + ", round " + round
                        + " of " + plan.rounds());
                run(cases).forEach(results::add);
            }
        }
        return results;
    }

    private Collection<RunResult> run(Cases cases) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(Pattern.quote(cases.benchmark.getName()) + "\\..*")
                .threads(cases.threads)
                .forks(1)
                .warmupIterations(plan.quick() ? 1 : 4)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(plan.quick() ? 2 : 3)
                .measurementTime(plan.quick() ? TimeValue.milliseconds(500) : TimeValue.seconds(1))
                .jvmArgs(Plan.JVM_FLAGS.toArray(String[]::new))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        cases.parameters.forEach((name, values) -> options.param(name, values.toArray(String[]::new)));
        try {
            return new Runner(options.build()).run();
        } catch (RunnerException e) {
            throw new IllegalStateException(cases.benchmark.getSimpleName() + " failed", e);
        }
    }

    /** Nanoseconds of every measured second, and octets allocated, by benchmark. */
    static final class JmhResults {
        private final Map<String, List<Double>> nanoseconds = new TreeMap<>();
        private final Map<String, List<Double>> octets = new TreeMap<>();

        void add(RunResult result) {
            BenchmarkParams params = result.getParams();
            List<String> parameters = new ArrayList<>();
            params.getParamsKeys().forEach(key -> parameters.add(key + "=" + params.getParam(key)));
            String benchmark = params.getBenchmark();
            String key = key(
                    benchmark.substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1),
                    params.getThreads(),
                    parameters);
            result.getBenchmarkResults()
                    .forEach(fork -> fork.getIterationResults().forEach(second -> nanoseconds
                            .computeIfAbsent(key, k -> new ArrayList<>())
                            .add(second.getPrimaryResult().getScore())));
            result.getSecondaryResults().forEach((name, value) -> addAllocation(key, name, value));
        }

        private void addAllocation(String key, String name, Result<?> value) {
            if (name.endsWith("gc.alloc.rate.norm")) {
                octets.computeIfAbsent(key, k -> new ArrayList<>()).add(value.getScore());
            }
        }

        /** Nanoseconds per operation and thread. {@code parameters}: {@code name=value}. */
        Series nanoseconds(Class<?> benchmark, String method, int threads, String... parameters) {
            return found(nanoseconds, key(benchmark.getSimpleName() + "." + method, threads, List.of(parameters)));
        }

        /** Octets allocated per operation. */
        Series octets(Class<?> benchmark, String method, int threads, String... parameters) {
            return found(octets, key(benchmark.getSimpleName() + "." + method, threads, List.of(parameters)));
        }

        private static Series found(Map<String, List<Double>> values, String key) {
            List<Double> found = values.get(key);
            if (found == null) {
                throw new IllegalArgumentException("\"" + key + "\" was not measured, but " + values.keySet());
            }
            return new Series(found);
        }

        private static String key(String method, int threads, Collection<String> parameters) {
            String[] sorted = parameters.toArray(String[]::new);
            Arrays.sort(sorted);
            return method + " on " + threads + " " + String.join(" ", sorted);
        }
    }
}
