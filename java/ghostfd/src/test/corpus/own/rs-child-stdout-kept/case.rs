// A Child that is waited for, its stdout kept: dropping it would have closed the read end.
use std::process::{ChildStdout, Command, Stdio};
use std::{env, process, thread, time::Duration};

fn main() {
    let number = |at: usize| env::args().nth(at).and_then(|text| text.parse::<u64>().ok()).expect("usage: case N SECONDS");
    let (n, seconds) = (number(1), number(2));
    let pace: u64 = env::var("INTERVAL_MS").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut kept: Vec<ChildStdout> = Vec::new();
    for _ in 0..n {
        let mut child = Command::new("true").stdout(Stdio::piped()).spawn().expect("spawn");
        kept.push(child.stdout.take().expect("piped"));
        child.wait().expect("wait");
        thread::sleep(Duration::from_millis(pace));
    }
    println!("READY pid={}", process::id());
    thread::sleep(Duration::from_secs(seconds));
    drop(kept);
}
