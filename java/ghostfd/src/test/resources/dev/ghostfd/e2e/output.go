// SPDX-License-Identifier: Apache-2.0

// Runs N children the right way, several at a time, then holds for SECONDS.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

func main() {
	count, _ := strconv.Atoi(os.Args[1])
	seconds, _ := strconv.Atoi(os.Args[2])
	work := make(chan int)
	var workers sync.WaitGroup
	for i := 0; i < 4; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for range work {
				out, err := exec.Command("echo", "hi").Output()
				if err != nil || string(out) != "hi\n" {
					fmt.Fprintln(os.Stderr, "echo:", string(out), err)
					os.Exit(1)
				}
			}
		}()
	}
	for i := 0; i < count; i++ {
		work <- i
	}
	close(work)
	workers.Wait()
	fmt.Printf("READY pid=%d\n", os.Getpid())
	time.Sleep(time.Duration(seconds) * time.Second)
}
