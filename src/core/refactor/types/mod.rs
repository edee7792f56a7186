//! What values are, as far as the code says it plainly: the types that declare members, and to which of them an access
//! belongs.

mod clue;
mod family;
mod infer;
mod library;
mod member;
mod offer;

pub use clue::{Clue, MemberDecl, TypeDecl};
pub use family::{Family, Verdict};
pub use infer::Infer;
