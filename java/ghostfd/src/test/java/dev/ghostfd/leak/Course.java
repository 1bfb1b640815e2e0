/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.leak;

import java.util.Random;

/** How the number of descriptors of one kind and site goes, over time in seconds; asked in the order of time. */
@FunctionalInterface
interface Course {
    int at(double seconds);

    /** Even and endless. */
    static Course leak(double perSecond) {
        return seconds -> (int) Math.floor(seconds * perSecond);
    }

    /** Each at a time of its own, as requests come. */
    static Course randomLeak(double perSecond, Random random) {
        double[] next = {exponential(random) / perSecond};
        int[] count = {0};
        return seconds -> {
            for (; next[0] <= seconds; next[0] += exponential(random) / perSecond) {
                count[0]++;
            }
            return count[0];
        };
    }

    /** So many at a time, as a job that runs every so often leaks them. */
    static Course leakingJob(int each, double period) {
        return seconds -> each * (int) (seconds / period);
    }

    static Course steady(int count) {
        return _ -> count;
    }

    /** As many connections as are in use, of so many on the mean. */
    static Course load(double mean, double lifetime, Random random) {
        return rampingLoad(mean, mean, 1, lifetime, random);
    }

    /** Arrivals at random, random lifetimes; the mean moves from one to the other in this time, then stays. */
    static Course rampingLoad(double from, double to, double rampSeconds, double lifetime, Random random) {
        double[] state = {from, 0};
        return seconds -> {
            double step = lifetime / 50;
            for (; state[1] < seconds; state[1] += step) {
                double mean = from + (to - from) * Math.min(1, state[1] / rampSeconds);
                state[0] += (mean - state[0]) * step / lifetime
                        + random.nextGaussian() * Math.sqrt((mean + Math.max(state[0], 0)) * step / lifetime);
            }
            return (int) Math.max(0, state[0]);
        };
    }

    /** A random walk that is drawn back to its mean. */
    static Course wandering(double mean, double deviation, double memory, Random random) {
        double[] state = {mean + deviation * random.nextGaussian(), 0};
        return seconds -> {
            double kept = Math.exp(-(seconds - state[1]) / memory);
            state[0] = mean + (state[0] - mean) * kept + deviation * Math.sqrt(1 - kept * kept) * random.nextGaussian();
            state[1] = seconds;
            return (int) Math.max(0, state[0]);
        };
    }

    /** Bursts at random times that drain again. */
    static Course bursts(int height, double every, double drain, Random random) {
        double[] state = {0, 0, exponential(random) * every};
        return seconds -> {
            while (state[2] <= seconds) {
                state[0] = state[0] * Math.exp(-(state[2] - state[1]) / drain) + height * (0.5 + random.nextDouble());
                state[1] = state[2];
                state[2] += exponential(random) * every;
            }
            return (int) (state[0] * Math.exp(-(seconds - state[1]) / drain));
        };
    }

    /** Filled at an even rate, then full. */
    static Course pool(int size, double fillSeconds) {
        return seconds -> (int) Math.min(size, size * seconds / fillSeconds);
    }

    /** Filled the slower the fuller it is: a new one is only made when all others happen to be in use. */
    static Course fillingPool(int size, double time) {
        return seconds -> (int) Math.round(size * (1 - Math.exp(-seconds / time)));
    }

    /** Doubles every so often until it is big enough. */
    static Course doublingPool(int first, int size, double every) {
        return seconds -> Math.min(size, first << Math.min(20, (int) (seconds / every)));
    }

    /** Climbs evenly and drops at once. */
    static Course sawTooth(int low, int high, double period) {
        return seconds -> low + (int) ((high - low) * (seconds / period % 1));
    }

    /** Dropped without being closed, and closed by the collector, now and then, all but a few. */
    static Course collected(double perSecond, double every, Random random) {
        double[] state = {0, 0, every * (0.5 + random.nextDouble())};
        return seconds -> {
            while (state[2] <= seconds) {
                state[1] = state[2];
                state[0] = random.nextInt(5);
                state[2] += every * (0.5 + random.nextDouble());
            }
            return (int) (state[0] + (seconds - state[1]) * perSecond);
        };
    }

    /** This from then on, and the first count until then. */
    default Course after(double start) {
        int[] first = {-1};
        return seconds -> {
            if (first[0] < 0) {
                first[0] = at(0);
            }
            return seconds < start ? first[0] : at(seconds - start);
        };
    }

    /** Levels off. */
    default Course until(double end) {
        return seconds -> at(Math.min(seconds, end));
    }

    default Course plus(Course other) {
        return seconds -> at(seconds) + other.at(seconds);
    }

    private static double exponential(Random random) {
        return -Math.log(1 - random.nextDouble());
    }
}
