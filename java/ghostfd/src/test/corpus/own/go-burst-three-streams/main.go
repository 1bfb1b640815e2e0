// Hundreds of short-lived children per second with all three streams redirected. Those of N are waited for without their
// streams being closed: os/exec closes them in Wait, Process.Wait does not.
package main

import (
	"leakcases/lib/lc"
	"os/exec"
	"sync/atomic"
	"time"
)

var keep []*exec.Cmd

func spawn(leak bool) {
	cmd := exec.Command("true")
	_, err := cmd.StdinPipe()
	lc.Must(err)
	_, err = cmd.StdoutPipe()
	lc.Must(err)
	_, err = cmd.StderrPipe()
	lc.Must(err)
	lc.Must(cmd.Start())
	if leak {
		_, err = cmd.Process.Wait()
		lc.Must(err)
		keep = append(keep, cmd)
	} else {
		lc.Must(cmd.Wait())
	}
}

func main() {
	lc.Init()
	var stop atomic.Value
	stop.Store(false)
	done := make(chan bool)
	go func() {
		for !stop.Load().(bool) {
			spawn(false)
			time.Sleep(5 * time.Millisecond)
		}
		done <- true
	}()
	for i := 0; i < lc.N; i++ {
		spawn(true)
		lc.Pace()
	}
	time.Sleep(3 * time.Second)
	stop.Store(true)
	<-done
	lc.Ready()
	lc.Hold()
	_ = keep[:0]
}
