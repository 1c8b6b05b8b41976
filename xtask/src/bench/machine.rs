//! The machine: what it is, without its name, and how programs are bound to its processors.

use crate::{
    failure::{Failure, Outcome},
    paths,
    process::command,
    tools::apt,
};
use serde_json::{Value, json};
use std::{fs, path::Path, process::Command, thread};

/// File descriptors for 9,000 connections and some.
const DESCRIPTORS: u64 = 9_200;

/// What measuring needs.
pub(super) fn check() -> Outcome {
    apt::ensure("taskset", "--version", "util-linux")?;
    let processors = thread::available_parallelism().map_or(1, usize::from);
    if processors < 2 {
        return Err(Failure::new("bench wants two processors: one serves, one loads"));
    }
    if descriptors() < DESCRIPTORS {
        return Err(Failure::new(format!(
            "bench wants {DESCRIPTORS} file descriptors: ulimit -Hn"
        )));
    }
    Ok(())
}

/// The most file descriptors that a process may have here.
fn descriptors() -> u64 {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files"));
    let hard = line.and_then(|line| line.split_whitespace().nth(4));
    hard.and_then(|hard| hard.parse().ok()).unwrap_or_default()
}

/// The same command on these processors. Both programs in front replace themselves by it: the process stays one.
pub(super) fn pinned(line: &Command, processors: &str) -> Command {
    let most = format!("--nofile={}", descriptors());
    let mut pinned = command("prlimit", [most.as_str(), "taskset", "--cpu-list", processors]);
    pinned.arg(line.get_program()).args(line.get_args());
    for (name, value) in line.get_envs() {
        if let Some(value) = value {
            pinned.env(name, value);
        }
    }
    pinned
}

/// What a reader has to know of it.
pub(super) fn describe() -> Outcome<Value> {
    let processor = paths::read(Path::new("/proc/cpuinfo"))?;
    let model = field(&processor, "model name").unwrap_or("unknown");
    let virtual_machine = processor.contains(" hypervisor");
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let congestion = fs::read_to_string("/proc/sys/net/ipv4/tcp_congestion_control");
    let memory = paths::read(Path::new("/proc/meminfo"))?;
    let kilobytes: u64 = field(&memory, "MemTotal")
        .and_then(|total| total.trim_end_matches(" kB").parse().ok())
        .unwrap_or_default();
    Ok(json!({
        "processor": model,
        "family": field(&processor, "cpu family"),
        "processors": thread::available_parallelism().map_or(1, usize::from),
        "virtual machine": virtual_machine,
        "memory GiB": (kilobytes + (1 << 19)) >> 20,
        // Behind the dash stands who built it.
        "kernel": kernel.trim().split('-').next(),
        "congestion control": congestion.unwrap_or_default().trim(),
    }))
}

/// `name   : value`
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim())
}
