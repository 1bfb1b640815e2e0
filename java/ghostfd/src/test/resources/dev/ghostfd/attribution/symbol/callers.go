// SPDX-License-Identifier: Apache-2.0

// As callers.c: who calls whom, in Go.
package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"sort"
)

var stack [32]uintptr

type worker struct{ depth int }

func (w *worker) take() {
	w.depth = runtime.Callers(0, stack[:]) // line: take
}

//go:noinline
func runJob(w *worker) {
	w.take() // line: runJob
}

func main() {
	w := &worker{}
	runJob(w) // line: main
	tell("job", stack[:w.depth])

	sort.Slice([]int{2, 1}, func(i, j int) bool { // line: sorted
		w.depth = runtime.Callers(3, stack[:]) // from sort.Slice on
		return i < j
	})
	tell("std", stack[:w.depth])

	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func tell(name string, addresses []uintptr) {
	fmt.Print(name)
	for _, address := range addresses {
		fmt.Printf(" 0x%x", address)
	}
	fmt.Println()
}
