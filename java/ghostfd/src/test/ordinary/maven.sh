#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds a small Maven project with tests, which run in a JVM of their own. GHOSTFD_ROOT is the repository: from its parent
# the project has the versions of its plugins, which the repository's own build has fetched already.

# Maven has its settings and what it has fetched there.
home=$HOME
# shellcheck source=rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"

version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' "$GHOSTFD_ROOT/pom.xml" | head -n 1)
mkdir -p src/main/java/work src/test/java/work
cat >pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>dev.ghostfd</groupId>
    <artifactId>ghostfd-parent</artifactId>
    <version>$version</version>
    <relativePath>$(realpath --relative-to=. "$GHOSTFD_ROOT")/pom.xml</relativePath>
  </parent>
  <artifactId>ordinary</artifactId>
  <dependencies>
    <dependency>
      <groupId>org.junit.jupiter</groupId>
      <artifactId>junit-jupiter</artifactId>
      <scope>test</scope>
    </dependency>
  </dependencies>
</project>
POM
for n in {1..20}; do
    cat >"src/main/java/work/Part$n.java" <<JAVA
package work;

public final class Part$n {
    public static int twice(int of) {
        return 2 * of + $n - $n;
    }
}
JAVA
    cat >"src/test/java/work/Part${n}Test.java" <<JAVA
package work;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class Part${n}Test {
    @Test
    void doubles() throws Exception {
        assertEquals(4, Part$n.twice(2));
        assertEquals(0, new ProcessBuilder("true").inheritIO().start().waitFor());
    }
}
JAVA
done

round() {
    HOME=$home mvn -o -B -ntp -Dquick clean package
}

work
