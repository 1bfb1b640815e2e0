/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sweeps over one count, and what was said of it. Times in seconds. */
final class GrowthRun {
    static final double WINDOW = 300;
    static final double SWEEP = 5;
    private static final String KEY = "the count";

    private final GrowthWatch<String> watch;
    private final Course course;
    private final double sweep;
    private final List<Double> begun = new ArrayList<>();
    private final List<Double> ended = new ArrayList<>();
    private Optional<Growth> growth = Optional.empty();
    private long limit = 1 << 20;
    private double now;
    private double standing;

    GrowthRun(Course course) {
        this(course, WINDOW, SWEEP);
    }

    GrowthRun(Course course, double window, double sweep) {
        this.course = course;
        this.sweep = sweep;
        watch = new GrowthWatch<>(nanos(window), 16);
    }

    static GrowthRun over(double seconds, Course course) {
        return new GrowthRun(course).until(seconds);
    }

    GrowthRun limit(long softLimit) {
        limit = softLimit;
        return this;
    }

    /** Sweeps until this time, the first sweep a little after the start of the course. */
    GrowthRun until(double seconds) {
        if (now == 0) {
            now = sweep * 0.3;
        }
        for (; now <= seconds; now += sweep) {
            sweep();
        }
        return this;
    }

    private void sweep() {
        final boolean before = growth.isPresent();
        int count = course.at(now);
        growth = count == 0 ? Optional.empty() : watch.observe(KEY, nanos(now), count, limit - count);
        watch.endSweep(nanos(now));
        standing += growth.isPresent() ? sweep : 0;
        if (growth.isPresent() != before) {
            (before ? ended : begun).add(now);
        }
    }

    /** When growth was reported, each time anew. */
    List<Double> begun() {
        return begun;
    }

    /** When it was resolved. */
    List<Double> ended() {
        return ended;
    }

    /** What stands after the last sweep. */
    Optional<Growth> growth() {
        return growth;
    }

    /** For how long in all growth was reported. */
    double standing() {
        return standing;
    }

    /** The process execs. */
    void exec() {
        watch.forget(KEY::equals);
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }
}
