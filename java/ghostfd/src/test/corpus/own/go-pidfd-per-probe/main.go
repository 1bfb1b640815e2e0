// A pidfd for every probe of a child, none released: what os.FindProcess does without Release in newer releases of Go.
package main

import (
	"leakcases/lib/lc"
	"os/exec"
	"syscall"
)

const pidfdOpen = 434

func main() {
	lc.Init()
	for i := 0; i < lc.N; i++ {
		cmd := exec.Command("sleep", "0.05")
		lc.Must(cmd.Start())
		_, _, errno := syscall.Syscall(pidfdOpen, uintptr(cmd.Process.Pid), 0, 0)
		if errno != 0 {
			lc.Must(errno)
		}
		lc.Must(cmd.Wait())
		lc.Pace()
	}
	lc.Ready()
	lc.Hold()
}
