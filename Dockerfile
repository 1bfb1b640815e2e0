# SPDX-License-Identifier: Apache-2.0
#
#   docker build -t ghostfd .
#   docker run --pid=host --cgroupns=host --read-only --network=host --security-opt seccomp=unconfined \
#       --cap-drop=ALL --cap-add=BPF --cap-add=PERFMON --cap-add=SYS_PTRACE --cap-add=DAC_READ_SEARCH \
#       --cap-add=CHECKPOINT_RESTORE -v /sys/kernel/tracing:/sys/kernel/tracing:ro -v /sys/fs/cgroup:/sys/fs/cgroup:ro \
#       ghostfd
#
# BUILD_BASE   any Debian that has openjdk-25-jdk-headless: 13 (trixie) or newer
# BASE         where it runs; the same Debian, without a JDK
# REVISION     what `ghostfd --version` names, where .git is not part of the build context
# Registries are Maven's usual ones; for others give a settings file: --secret id=maven-settings,src=FILE
ARG BUILD_BASE=docker.io/library/debian:trixie-slim
ARG BASE=docker.io/library/debian:trixie-slim

FROM ${BUILD_BASE} AS build
ARG REVISION=unknown
ENV DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
RUN apt-get update -q \
    && apt-get install -q -y --no-install-recommends openjdk-25-jdk-headless maven clang llvm libbpf-dev git
WORKDIR /src
COPY . .
RUN --mount=type=secret,id=maven-settings,required=false \
    settings=/run/secrets/maven-settings; \
    if [ -s "$settings" ]; then set -- --settings "$settings"; else set --; fi; \
    export JAVA_HOME="$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")"; \
    mvn -B -ntp "$@" -Dquick -Dmaven.test.skip=true -Dghostfd.revision.default="$REVISION" \
        -pl java/ghostfd -am package \
    && mkdir -p /image/etc \
    && scripts/install --root=/image --prefix=/usr --runtime

FROM ${BASE}
# libbpf traces; libdw names lines of code. The launcher is a bash script.
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends libbpf1 libelf1t64 libdw1t64 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log /var/cache/debconf \
        /usr/share/doc /usr/share/man /usr/share/locale
COPY --from=build /image/usr/ /usr/
# Only here are the paths those of the daemon, and the libraries are there.
RUN GHOSTFD_AOT=make /usr/bin/ghostfd
EXPOSE 10024
# Root inside, with few capabilities: see docs/security.md. It writes nothing; the files are root's and read-only.
USER 0
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/10024 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ^ok <&3"]
ENTRYPOINT ["/usr/bin/ghostfd"]
CMD ["daemon"]
