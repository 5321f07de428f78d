//! The binary: parse the command line, run it, exit with its code.

use std::process::ExitCode;

/// Figures are computed on all cores and dropped on others; the system's allocator then holds on to twice the memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    toancanh::cli::run()
}
