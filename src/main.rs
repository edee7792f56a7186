//! Process entry: run, and map the outcome to an exit code.

fn main() {
    std::process::exit(helmstack::cli::main(std::env::args_os()));
}
