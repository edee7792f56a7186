//! What values are, as far as the code says it plainly: the types that declare members, and to which of them an access
//! belongs.

mod call;
mod clue;
mod family;
mod infer;
mod library;
mod member;
mod narrow;
mod parameter;
mod ty;

pub use clue::{Clue, MemberDecl, NEW, STATIC, Tag, TypeDecl};
pub use family::{Declared, Family, Verdict};
pub use infer::Infer;
