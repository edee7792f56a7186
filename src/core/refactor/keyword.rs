//! Keyword arguments that a function of Python takes as they come, and may hand on: to `setattr`, to a class.

use std::sync::Arc;

use super::doubt::Doubt;
use super::modules::Modules;
use super::names::{Place, Taken};
use super::project::{FileNames, Project, names_of};

/// The arguments of a name that are passed to functions with `**` and without a parameter of that name.
pub fn taken_as_they_come(
    project: &mut Project<'_>,
    modules: &Modules,
    files: &[Arc<FileNames>],
    name: &str,
) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for file in files.iter().filter(|file| file.names.is_some()) {
        let members = names_of(file).members.iter().filter(|member| member.name == name);
        for (called, member) in members.filter_map(|member| Some((member.called.as_deref()?, member))) {
            if takes_any(project, modules, file, called, name) {
                let place = Place { path: file.path.clone(), span: member.span.clone() };
                doubts
                    .push(Doubt { place, reason: "an argument that its function takes by any name, and may hand on" });
            }
        }
    }
    doubts
}

/// Whether what is called so in a file is a function that takes arguments by any name.
fn takes_any(project: &mut Project<'_>, modules: &Modules, file: &FileNames, called: &str, name: &str) -> bool {
    let names = names_of(file);
    let taken = names.imports.iter().find_map(|import| match &import.what {
        Taken::Name { name: there, .. } if names.symbols[import.symbol?].name == called => {
            Some((modules.find(file, &import.from)?, there.clone()))
        }
        _ => None,
    });
    match taken {
        Some((module, there)) => project.file(&module).is_some_and(|module| is_open(&module, &there, name)),
        None => is_open(file, called, name),
    }
}

/// Whether a file declares a function with `**`, and no parameter of a name.
fn is_open(file: &FileNames, function: &str, name: &str) -> bool {
    let Some(names) = &file.names else { return false };
    let is_function =
        |symbol: usize| names.symbols[symbol].kind == "function" && names.symbols[symbol].name == function;
    (0..names.symbols.len()).filter(|symbol| is_function(*symbol)).any(|function| {
        let own = (0..names.symbols.len()).filter(|symbol| names.symbols[*symbol].owner == Some(function));
        let parameters: Vec<usize> = own.filter(|symbol| names.symbols[*symbol].kind == "parameter").collect();
        let takes_all = parameters
            .iter()
            .flat_map(|symbol| names.mentions_of(*symbol))
            .any(|mention| mention.is_declaration && file.text[..mention.span.start].ends_with("**"));
        takes_all && !parameters.iter().any(|symbol| names.symbols[*symbol].name == name)
    })
}
