/* SPDX-License-Identifier: Apache-2.0 */
use std::process::{Child, Command, Stdio};

#[inline(never)]
fn user_starts(program: &str) -> Child {
    Command::new(program).stdout(Stdio::piped()).spawn().expect("start")
}

#[inline(never)]
fn user_job() -> i32 {
    user_starts("true").wait().expect("wait").code().unwrap_or(1)
}

fn main() {
    std::process::exit(user_job());
}
