//! The allocator of syntax trees. Parsing is mostly small allocations; with mimalloc it takes a tenth
//! less time than with the system's. Everything else stays with the system, which needs less memory.

use libmimalloc_sys::{mi_calloc, mi_collect, mi_free, mi_malloc, mi_option_set, mi_option_t, mi_realloc};
use tree_sitter::Allocator;

/// `mi_option_arena_eager_commit`, which the binding does not name. Without it memory is committed as
/// it is used: a fifth less for the same speed. Its number belongs to the version that is pinned.
const ARENA_EAGER_COMMIT: mi_option_t = 4;

/// Gives the parsers their allocator. To be called once, before any thread and any parser exists.
pub fn install() {
    let allocator = Allocator { malloc: mi_malloc, calloc: mi_calloc, realloc: mi_realloc, free: mi_free };
    // SAFETY: options may be set before the first allocation, and no other thread runs.
    unsafe { mi_option_set(ARENA_EAGER_COMMIT, 0) };
    // SAFETY: the four functions belong to one allocator and keep C's contract; the caller promises
    // that nothing has been allocated for a tree yet and that no other thread runs.
    unsafe { tree_sitter::set_allocator(Some(allocator)) };
}

/// Gives back what the trees of this thread no longer need. For after a large one.
pub fn collect() {
    // SAFETY: it only releases pages that nothing lies in.
    unsafe { mi_collect(true) };
}
