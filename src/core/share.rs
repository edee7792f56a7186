//! Work over a list, shared by all processors. Must not know what the work is.

/// Reading deeply nested code is recursive; the stack is only address space until it is used.
pub const STACK: usize = 256 << 20;

/// How many threads work on a repository.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).min(16)
}

/// Calls `work` for each item, several at the same time, and gives the answers in order. Where no thread
/// can be had, this one does it all.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let work = &work;
    let all = move |part: &[T]| -> Vec<R> { part.iter().map(work).collect() };
    let share = items.len().div_ceil(threads()).max(1);
    std::thread::scope(|scope| {
        let start = |part| (part, std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || all(part)));
        let parts: Vec<_> = items.chunks(share).map(start).collect();
        let join = |(part, thread): (_, std::io::Result<std::thread::ScopedJoinHandle<'_, Vec<R>>>)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => all(part),
        };
        parts.into_iter().flat_map(join).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_keep_the_order_of_the_items() {
        for count in [0, 1, 2, 3, 1000] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(map(&items, |n| n * 2), items.iter().map(|n| n * 2).collect::<Vec<_>>());
        }
    }
}
