#!/bin/sh -e
cd "$(dirname "$0")"
rustc -g -o case case.rs
