// The same burst, every child waited for with Wait.
package main

import (
	"leakcases/lib/lc"
	"os/exec"
	"time"
)

func main() {
	lc.Init()
	end := time.Now().Add(3 * time.Second)
	for i := 0; i < lc.N || time.Now().Before(end); i++ {
		cmd := exec.Command("true")
		_, err := cmd.StdinPipe()
		lc.Must(err)
		_, err = cmd.StdoutPipe()
		lc.Must(err)
		_, err = cmd.StderrPipe()
		lc.Must(err)
		lc.Must(cmd.Start())
		lc.Must(cmd.Wait())
		time.Sleep(5 * time.Millisecond)
	}
	lc.Ready()
	lc.Hold()
}
