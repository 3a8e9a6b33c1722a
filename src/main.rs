//! The `breach` program: starts, runs, ends.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run(std::env::args_os())
}
