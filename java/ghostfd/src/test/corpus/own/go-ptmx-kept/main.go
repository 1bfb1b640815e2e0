// A terminal per job, as small pty libraries do it: /dev/ptmx, its other side for the child, and no Close of the master.
package main

import (
	"fmt"
	"leakcases/lib/lc"
	"os"
	"os/exec"
	"syscall"
	"unsafe"
)

var keep []*os.File

func ioctl(file *os.File, request uintptr, value *int32) {
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, file.Fd(), request, uintptr(unsafe.Pointer(value)))
	if errno != 0 {
		lc.Must(errno)
	}
}

func main() {
	lc.Init()
	for i := 0; i < lc.N; i++ {
		master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
		lc.Must(err)
		var locked, number int32
		ioctl(master, syscall.TIOCSPTLCK, &locked)
		ioctl(master, syscall.TIOCGPTN, &number)
		terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
		lc.Must(err)
		cmd := exec.Command("true")
		cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
		lc.Must(cmd.Start())
		lc.Must(terminal.Close())
		lc.Must(cmd.Wait())
		keep = append(keep, master)
		lc.Pace()
	}
	lc.Ready()
	lc.Hold()
	_ = keep[:0]
}
