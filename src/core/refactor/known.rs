//! Names of members that a language or its library knows by themselves.

use super::modules::Modules;

/// Methods that Go's own interfaces ask for.
const GO: &str = "Add As At Close ColorModel Convert Debug Done Err Error Flush Format GoString Header Is IsBoolFlag Len Less Lock \
    MarshalBinary MarshalJSON MarshalText MarshalXML Open Pop Push Read ReadAt ReadByte ReadFrom ReadRune RoundTrip Scan Seek \
    ServeHTTP Set Stat String Swap Temporary Timeout Unlock UnmarshalBinary UnmarshalJSON UnmarshalText UnmarshalXML Unwrap Value Write WriteAt \
    WriteHeader WriteString WriteTo";
/// Members that JavaScript asks values for.
const JAVASCRIPT: &str = "next return then throw toJSON toString valueOf";

/// Whether a member of this name means something to the language, so that nothing else may be called so, or, with
/// `is_new`, get the name.
pub fn is_taken(modules: &Modules, name: &str, is_new: bool) -> bool {
    match modules {
        // With two underscores at its beginning it belongs to one class alone.
        Modules::Python(_) => name.starts_with("__") && (name.ends_with("__") || is_new),
        Modules::Js(_) => matches!(name, "constructor" | "__proto__" | "prototype"),
        Modules::Go(_) => false,
    }
}

/// Whether the language or its library may ask a value for a member of this name.
pub fn is_asked_for(modules: &Modules, name: &str) -> bool {
    let words = match modules {
        Modules::Python(_) => "",
        Modules::Js(_) => JAVASCRIPT,
        Modules::Go(_) => GO,
    };
    words.split_whitespace().any(|word| word == name)
}
