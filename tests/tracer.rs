//! Runs a program and does something nasty at its N-th system call that changes a file system, counted over all of its
//! threads and children. Linux on x86-64 only.

use std::collections::{HashMap, HashSet};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// What happens at the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Every process and thread is killed before it.
    Kill,
    /// A write is cut to its half, then everything is killed.
    Torn,
    /// A write is cut to its half, and the program goes on.
    Short,
    /// It fails with this number.
    Fail(i32),
    /// It fails, and so does every later one that needs space or a writable disk.
    Sticky(i32),
    /// This signal arrives.
    Signal(Signal),
}

/// How a traced run went.
#[derive(Debug)]
pub struct Traced {
    /// The calls that counted.
    pub calls: Vec<&'static str>,
    /// Whether there were enough of them.
    pub has_fired: bool,
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
}

/// The calls that change a file system, by number.
fn changing(nr: i64) -> Option<&'static str> {
    Some(match nr {
        libc::SYS_write => "write",
        libc::SYS_pwrite64 => "pwrite64",
        libc::SYS_writev => "writev",
        libc::SYS_sendfile => "sendfile",
        libc::SYS_copy_file_range => "copy_file_range",
        libc::SYS_ftruncate => "ftruncate",
        libc::SYS_truncate => "truncate",
        libc::SYS_fallocate => "fallocate",
        libc::SYS_open => "open",
        libc::SYS_openat => "openat",
        libc::SYS_rename => "rename",
        libc::SYS_renameat => "renameat",
        libc::SYS_renameat2 => "renameat2",
        libc::SYS_link => "link",
        libc::SYS_linkat => "linkat",
        libc::SYS_symlink => "symlink",
        libc::SYS_symlinkat => "symlinkat",
        libc::SYS_unlink => "unlink",
        libc::SYS_unlinkat => "unlinkat",
        libc::SYS_mkdir => "mkdir",
        libc::SYS_mkdirat => "mkdirat",
        libc::SYS_rmdir => "rmdir",
        libc::SYS_chmod => "chmod",
        libc::SYS_fchmod => "fchmod",
        libc::SYS_fchmodat => "fchmodat",
        libc::SYS_fchown => "fchown",
        libc::SYS_fsetxattr => "fsetxattr",
        libc::SYS_fsync => "fsync",
        libc::SYS_fdatasync => "fdatasync",
        libc::SYS_syncfs => "syncfs",
        libc::SYS_flock => "flock",
        _ => return None,
    })
}

fn is_write(nr: i64) -> bool {
    nr == libc::SYS_write || nr == libc::SYS_pwrite64
}

/// Whether a call on a full or read-only disk fails.
fn needs_space(name: &str) -> bool {
    !matches!(name, "unlink" | "unlinkat" | "rmdir" | "chmod" | "fchmod" | "fchmodat" | "fchown" | "flock")
}

/// The call at this stop, if it is one that counts.
fn classify(pid: Pid, nr: i64, args: &[u64; 6]) -> Option<&'static str> {
    let name = changing(nr)?;
    let creates = |flags: u64| flags & (libc::O_CREAT | libc::O_TRUNC) as u64 != 0;
    match nr {
        libc::SYS_open if !creates(args[1]) => None,
        libc::SYS_openat if !creates(args[2]) => None,
        libc::SYS_write | libc::SYS_pwrite64 | libc::SYS_writev => {
            let target = std::fs::read_link(format!("/proc/{pid}/fd/{}", args[0] as i32)).unwrap_or_default();
            let target = target.to_string_lossy();
            let is_file = !["pipe:", "socket:", "anon_inode:", "/dev/null", "/dev/tty", "/dev/pts"]
                .iter()
                .any(|other| target.starts_with(other));
            is_file.then_some(name)
        }
        _ => Some(name),
    }
}

/// Runs a command; at the N-th call that counts, from 1, the fault strikes. With 0 all calls are only counted.
pub fn run(mut command: Command, at: usize, fault: Fault) -> Traced {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // SAFETY: between fork and exec the child makes one system call and nothing else.
    unsafe { command.pre_exec(|| ptrace::traceme().map_err(std::io::Error::from)) };
    #[expect(clippy::zombie_processes, reason = "the loop below waits, for every thread and child")]
    let child = command.spawn().expect("the program starts");
    let main = Pid::from_raw(child.id() as i32);
    let mut traced = Traced { calls: Vec::new(), has_fired: false, code: None };
    let mut alive = HashSet::from([main]);
    let mut pending: HashMap<Pid, Option<i32>> = HashMap::new();
    let mut is_sticky = false;
    // Only this thread's own children: other tests have theirs.
    let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
    loop {
        let status = match waitpid(None, Some(flags)) {
            Ok(status) => status,
            Err(Errno::ECHILD) => return traced,
            Err(e) => panic!("waitpid: {e}"),
        };
        match status {
            WaitStatus::Exited(pid, code) => {
                alive.remove(&pid);
                if pid == main {
                    traced.code = Some(code);
                }
            }
            WaitStatus::Signaled(pid, ..) => drop(alive.remove(&pid)),
            WaitStatus::Stopped(pid, Signal::SIGTRAP) if traced.calls.is_empty() && pid == main => {
                // The exec. From here on every call is looked at.
                let options = Options::PTRACE_O_TRACESYSGOOD
                    | Options::PTRACE_O_TRACECLONE
                    | Options::PTRACE_O_TRACEFORK
                    | Options::PTRACE_O_TRACEVFORK
                    | Options::PTRACE_O_EXITKILL;
                let _ = ptrace::setoptions(pid, options);
                let _ = ptrace::syscall(pid, None);
            }
            WaitStatus::Stopped(pid, signal) => {
                // A new thread begins with a stop of its own, which is not for it to see.
                let is_new = alive.insert(pid);
                let passed = if is_new && signal == Signal::SIGSTOP { None } else { Some(signal) };
                let _ = ptrace::syscall(pid, passed);
            }
            WaitStatus::PtraceEvent(pid, ..) => {
                alive.insert(pid);
                let _ = ptrace::syscall(pid, None);
            }
            WaitStatus::PtraceSyscall(pid) => {
                alive.insert(pid);
                let kill = step(pid, at, fault, &mut traced, &mut pending, &mut is_sticky);
                if kill {
                    for pid in &alive {
                        let _ = nix::sys::signal::kill(*pid, Signal::SIGKILL);
                    }
                } else {
                    let _ = ptrace::syscall(pid, None);
                }
            }
            _ => {}
        }
    }
}

/// What the stopped thread is about to do, or has done. (`nix` does not tell the kernel how large the answer may be.)
fn syscall_info(pid: Pid) -> Option<libc::ptrace_syscall_info> {
    let mut info = std::mem::MaybeUninit::<libc::ptrace_syscall_info>::zeroed();
    let size = size_of::<libc::ptrace_syscall_info>();
    // SAFETY: the kernel writes at most `size` bytes, and zeroes are a valid value of every field.
    let written = unsafe { libc::ptrace(libc::PTRACE_GET_SYSCALL_INFO, pid.as_raw(), size, info.as_mut_ptr()) };
    // SAFETY: as above.
    (written > 0).then(|| unsafe { info.assume_init() })
}

/// One stop at the entry or the exit of a call; tells whether everything is to be killed.
fn step(
    pid: Pid,
    at: usize,
    fault: Fault,
    traced: &mut Traced,
    pending: &mut HashMap<Pid, Option<i32>>,
    is_sticky: &mut bool,
) -> bool {
    let Some(info) = syscall_info(pid) else { return false };
    if info.op == libc::PTRACE_SYSCALL_INFO_EXIT {
        return match pending.remove(&pid) {
            None => false,
            Some(None) => true,
            Some(Some(code)) => {
                if let Ok(mut regs) = ptrace::getregs(pid) {
                    regs.rax = (-i64::from(code)) as u64;
                    let _ = ptrace::setregs(pid, regs);
                }
                false
            }
        };
    }
    if info.op != libc::PTRACE_SYSCALL_INFO_ENTRY {
        return false;
    }
    // SAFETY: at an entry this is the part of the union that is filled.
    let entry = unsafe { info.u.entry };
    let nr = entry.nr as i64;
    let Some(name) = classify(pid, nr, &entry.args) else { return false };
    if matches!(fault, Fault::Torn | Fault::Short) && !(is_write(nr) && entry.args[2] > 1) {
        return false;
    }
    traced.calls.push(name);
    let is_it = traced.calls.len() == at;
    traced.has_fired |= is_it;
    let fails = match fault {
        Fault::Fail(code) if is_it => Some(code),
        Fault::Sticky(code) if is_it || *is_sticky && needs_space(name) => {
            *is_sticky = true;
            Some(code)
        }
        _ => None,
    };
    if let (Some(code), Ok(mut regs)) = (fails, ptrace::getregs(pid)) {
        // No such call: the kernel does nothing, and the exit says what we want.
        regs.orig_rax = u64::MAX;
        let _ = ptrace::setregs(pid, regs);
        pending.insert(pid, Some(code));
    }
    match fault {
        Fault::Kill => is_it,
        Fault::Torn | Fault::Short if is_it => {
            if let Ok(mut regs) = ptrace::getregs(pid) {
                regs.rdx /= 2;
                let _ = ptrace::setregs(pid, regs);
            }
            if fault == Fault::Torn {
                pending.insert(pid, None);
            }
            false
        }
        Fault::Signal(signal) if is_it => {
            let _ = nix::sys::signal::kill(pid, signal);
            false
        }
        _ => false,
    }
}
