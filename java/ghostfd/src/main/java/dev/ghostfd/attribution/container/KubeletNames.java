/* SPDX-License-Identifier: Apache-2.0 */
package dev.ghostfd.attribution.container;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link PodNames} from the kubelet. A thread of its own asks it, and only after somebody has asked for a container that is
 * not known: no more often than every few seconds, and less often while that fails. What was learnt is kept past the pod's
 * deletion, within bounds. Thread-safe.
 */
public final class KubeletNames implements PodNames, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubeletNames.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(5);
    private static final int REMEMBERED = 8192;

    /** The kubelet lists a container some seconds after its first process ran; a pod's sandbox it never lists. */
    private static final Duration PENDING = Duration.ofSeconds(30);

    private final KubeletClient client;
    private final Duration interval;
    private final Thread thread = Thread.ofPlatform().name("kubelet").daemon().unstarted(this::run);
    private final Map<String, Pod> podsByUid = bounded();
    private final Map<String, Pod> podsByContainer = bounded();
    private final Map<String, Long> missedSince = bounded();
    private boolean wanted;
    private boolean failing;
    private boolean closed;

    /** Starts the thread, which sleeps until there is something to ask for. */
    public KubeletNames(KubeletOptions options) {
        this(options, INTERVAL);
    }

    KubeletNames(KubeletOptions options, Duration interval) {
        this.client = new KubeletClient(options);
        this.interval = interval;
        thread.start();
    }

    /** Forgets what was asked for longest ago. */
    private static <V> Map<String, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    @Override
    public synchronized Answer of(ContainerPath path) {
        for (String id : path.ids()) {
            Pod pod = podsByContainer.get(id);
            if (pod != null) {
                Pod.Named named = pod.containers().get(id);
                /* The runtime of an outer container says nothing of the one it runs. */
                Optional<ContainerRuntime> runtime = id.equals(path.id()) ? named.runtime() : Optional.empty();
                return answer(pod, Optional.of(named.name()), runtime, false);
            }
        }
        if (path.podUid().isEmpty()) {
            return Answer.NOTHING;
        }
        boolean pending = miss(path.id());
        Pod pod = podsByUid.get(path.podUid().get());
        return pod == null
                ? new Answer(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        pending)
                : answer(pod, Optional.empty(), Optional.empty(), pending);
    }

    private static Answer answer(
            Pod pod, Optional<String> container, Optional<ContainerRuntime> runtime, boolean pending) {
        return new Answer(
                container,
                runtime,
                Optional.of(pod.name()),
                Optional.of(pod.namespace()),
                Optional.of(pod.uid()),
                pending);
    }

    /** Has the kubelet asked, for a while; whether that may still bring something. */
    private boolean miss(String id) {
        long now = System.nanoTime();
        Long since = missedSince.putIfAbsent(id, now);
        boolean young = since == null || now - since < PENDING.toNanos();
        if ((young || failing) && !wanted) {
            wanted = true;
            notifyAll();
        }
        return young && !failing;
    }

    private void run() {
        Duration pause = interval;
        try (client) {
            while (awaitDemand()) {
                boolean succeeded = ask();
                pause = succeeded ? interval : longer(pause);
                rest(pause);
            }
        } catch (InterruptedException closing) {
            /* The only one who interrupts is close(). */
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_INTERVAL) < 0 ? twice : LONGEST_INTERVAL;
    }

    private synchronized boolean awaitDemand() throws InterruptedException {
        while (!wanted && !closed) {
            wait();
        }
        wanted = false;
        return !closed;
    }

    private synchronized void rest(Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
            /* wait(0) would be for ever. */
            wait(Math.max(1, left / 1_000_000));
        }
    }

    private boolean ask() throws InterruptedException {
        try {
            client.read(this::learn);
            told(false);
            return true;
        } catch (IOException | RuntimeException failed) {
            if (told(true)) {
                LOG.warn("names of pods are not looked up for now: {}", failed.getMessage());
            }
            return false;
        }
    }

    private synchronized void learn(Pod pod) {
        pod.uids().forEach(uid -> podsByUid.put(uid, pod));
        pod.containers().keySet().forEach(id -> {
            podsByContainer.put(id, pod);
            missedSince.remove(id);
        });
    }

    /** Notes how the last request went; whether that is new. */
    private synchronized boolean told(boolean nowFailing) {
        boolean changed = failing != nowFailing;
        failing = nowFailing;
        if (changed && !nowFailing) {
            LOG.info("names of pods are looked up again");
        }
        return changed;
    }

    /** Ends the thread. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.interrupt();
    }
}
