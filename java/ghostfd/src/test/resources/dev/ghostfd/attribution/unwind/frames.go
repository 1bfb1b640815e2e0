// SPDX-License-Identifier: Apache-2.0
package main

import (
	"os/exec"
)

//go:noinline
func userStarts(name string) error {
	command := exec.Command(name)
	if _, err := command.StdoutPipe(); err != nil {
		return err
	}
	return command.Run()
}

//go:noinline
func userJob() error {
	return userStarts("true")
}

func main() {
	done := make(chan error)
	go func() { done <- userJob() }()
	if err := <-done; err != nil {
		panic(err)
	}
}
