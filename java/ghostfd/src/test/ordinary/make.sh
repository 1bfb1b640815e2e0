#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds a C project of five folders by a recursive make with four jobs, whose makes share a jobserver.

# shellcheck source=rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"

cat >Makefile <<'MAKE'
parts := one two three four five
all: program
program: $(parts)
	$(CC) -o $@ main.c $(addsuffix /part.a,$(parts))
$(parts):
	+$(MAKE) -C $@
clean:
	+for part in $(parts); do $(MAKE) -C $$part clean || exit; done
	rm -f program
.PHONY: all clean $(parts)
MAKE
echo 'int main(void) { return 0; }' >main.c
for part in one two three four five; do
    mkdir -p "$part"
    cat >"$part/Makefile" <<'MAKE'
objects := $(patsubst %.c,%.o,$(wildcard *.c))
stamp := $(shell date +%s | sort | cut -c1-4)
part.a: $(objects)
	$(AR) rcs $@ $^
%.o: %.c
	$(CC) -DSTAMP=$(stamp) -O1 -MMD -pipe -c -o $@ $<
clean:
	rm -f *.o *.d part.a
.PHONY: clean
MAKE
    for n in {1..8}; do
        printf '#include <stdio.h>\nint %s_%d(int n) { return printf("%%d", n + STAMP); }\n' "$part" "$n" >"$part/$n.c"
    done
done

round() {
    make clean
    make -j4 --output-sync=target
    make -j4 -C one | cat
}

work
