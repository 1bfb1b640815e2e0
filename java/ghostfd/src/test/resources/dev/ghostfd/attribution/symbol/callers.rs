// SPDX-License-Identifier: Apache-2.0

// As callers.c: who calls whom, in Rust. Edition 2021.
use std::io::{Read, Write};
use std::os::raw::{c_int, c_void};

extern "C" {
    fn backtrace(addresses: *mut *mut c_void, size: c_int) -> c_int;
}

mod jobs {
    pub struct Worker {
        pub stack: Vec<usize>,
    }

    pub trait Job {
        fn run(&mut self);
    }

    impl Job for Worker {
        #[inline(never)]
        fn run(&mut self) {
            self.stack = take(); // line: run
        }
    }

    #[inline(always)]
    fn take() -> Vec<usize> {
        super::walk() // line: take
    }
}

#[inline(never)]
fn walk() -> Vec<usize> {
    let mut stack = [std::ptr::null_mut(); 32];
    let depth = unsafe { backtrace(stack.as_mut_ptr(), 32) }; // line: walk
    stack[..depth as usize].iter().map(|address| *address as usize).collect()
}

#[inline(never)]
fn generic<T: jobs::Job>(job: &mut T) {
    job.run(); // line: generic
    unsafe { std::ptr::read_volatile(&0) }; // else the call above would be a jump
}

fn tell(name: &str, addresses: &[usize]) {
    print!("{}", name);
    for address in addresses {
        print!(" 0x{:x}", address);
    }
    println!();
}

fn main() {
    let mut worker = jobs::Worker { stack: Vec::new() };
    generic(&mut worker); // line: main
    tell("job", &worker.stack);

    let mut closed = Vec::new();
    Some(1).map(|_| closed = walk()); // line: closure
    tell("closure", &closed);

    println!("ready");
    std::io::stdout().flush().unwrap();
    let mut rest = Vec::new();
    let _ = std::io::stdin().read_to_end(&mut rest);
}
