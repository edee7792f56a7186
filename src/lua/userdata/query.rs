//! What a search looks for and where, and going over the files that could have it.

use std::sync::{Arc, Mutex, PoisonError};

use crate::core::Result;
use crate::core::ast::{Found, Lang, Matcher, Order, Rewritten, Source, Template, Visit, rewrite, search};
use crate::core::cancel::Cancel;
use crate::core::repo::{FileQuery, Repo, RepoFile};
use crate::lua::context::Context;

/// What is looked for, and where.
#[derive(Debug)]
pub struct Query {
    /// The repository.
    pub repo: Repo,
    /// Which files.
    pub files: FileQuery,
    /// One compiled pattern a language.
    pub matchers: Vec<Matcher>,
    /// Leave out matches inside matches.
    pub outermost: bool,
    /// Stop after so many.
    pub limit: Option<usize>,
    /// Files that could match but are not UTF-8.
    pub skipped: Mutex<Vec<String>>,
}

impl Query {
    fn matcher(&self, lang: Lang) -> Option<&Matcher> {
        self.matchers.iter().find(|matcher| matcher.lang() == lang)
    }

    fn list(&self, cancel: &Cancel) -> Result<Vec<RepoFile>> {
        self.repo.files(&self.files, cancel)
    }

    /// Parses of a file that could match what is needed to find the matches.
    fn open(&self, visit: Visit<'_>) -> Option<(&Matcher, Source)> {
        let matcher = self.matcher(visit.file.lang?)?;
        if !matcher.prefilter().accepts(visit.bytes) {
            return None;
        }
        let path = &visit.file.path;
        let Some(text) = visit.into_text() else {
            self.skipped.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
            return None;
        };
        let source = matcher.parse_islands(path, text)?;
        Some((matcher, source))
    }

    /// Tells of the files that were left out.
    pub fn tell_skipped(&self, cx: &Context) -> Result<()> {
        let mut skipped = std::mem::take(&mut *self.skipped.lock().unwrap_or_else(PoisonError::into_inner));
        skipped.sort();
        let Some(first) = skipped.first() else { return Ok(()) };
        let more = if skipped.len() > 1 { format!(" and {} more", skipped.len() - 1) } else { String::new() };
        let warning = format!("left out: {first}{more}, not UTF-8 or too large");
        cx.ui.note(&format!("warning: {warning}"))?;
        cx.host.warn(warning);
        Ok(())
    }

    /// Every match, file by file in order, until `sink` says stop. Without `is_cut` the limit is not looked at.
    pub fn each(&self, cancel: &Cancel, is_cut: bool, mut sink: impl FnMut(Vec<Found>) -> bool) -> Result<()> {
        let mut left = self.limit.filter(|_| is_cut).unwrap_or(usize::MAX);
        let visit = |visit: Visit<'_>| {
            let (matcher, source) = self.open(visit)?;
            let found = Arc::new(source).find_all(matcher, self.outermost);
            (!found.is_empty()).then_some(found)
        };
        search(self.repo.root(), &self.list(cancel)?, cancel, Order::Listed, visit, |mut found| {
            found.truncate(left);
            left -= found.len();
            sink(found) && left > 0
        })
    }

    /// What becomes of each file with matches when they are replaced, in order.
    pub fn rewrite(
        &self,
        cancel: &Cancel,
        text: &str,
        mut sink: impl FnMut(&str, &str, Rewritten) -> Result<()>,
    ) -> Result<()> {
        let langs = self.matchers.iter().map(Matcher::lang);
        let templates = langs.map(|lang| Template::new(text, lang)).collect::<Result<Vec<_>>>()?;
        let visit = |visit: Visit<'_>| {
            let (matcher, source) = self.open(visit)?;
            let template = templates.iter().find(|template| template.lang() == matcher.lang())?;
            let source = Arc::new(source);
            match rewrite(&source, &source.find_all(matcher, false), template) {
                Ok(done) if done.places == 0 && done.refused.is_empty() => None,
                Ok(done) => Some(Ok((source.path.clone(), source.digest().to_owned(), done))),
                Err(error) => Some(Err(error)),
            }
        };
        let mut failed = None;
        search(self.repo.root(), &self.list(cancel)?, cancel, Order::LargestFirst, visit, |answer| {
            let taken = answer.and_then(|(path, base, done)| sink(&path, &base, done));
            failed = taken.err();
            failed.is_none()
        })?;
        failed.map_or(Ok(()), Err)
    }

    /// What is written for each file with matches, and how many matches it is, in order.
    pub fn render(
        &self,
        cancel: &Cancel,
        print: impl Fn(&Source, &[std::ops::Range<usize>]) -> String + Sync,
        mut sink: impl FnMut(&str, usize) -> bool,
    ) -> Result<()> {
        let mut left = self.limit.unwrap_or(usize::MAX);
        let limit = left;
        let visit = |visit: Visit<'_>| {
            let (matcher, source) = self.open(visit)?;
            let mut ranges = Vec::new();
            matcher.each(source.root(), &source.root().root(), self.outermost, |found| {
                ranges.push(found.range());
                ranges.len() < limit
            });
            if ranges.is_empty() {
                return None;
            }
            let text = print(&source, &ranges);
            // With a limit the file may have to be cut, so its parts are kept.
            let parts = (limit != usize::MAX).then_some((source, ranges.clone()));
            Some((text, ranges.len(), parts))
        };
        let order = if limit == usize::MAX { Order::LargestFirst } else { Order::Listed };
        search(self.repo.root(), &self.list(cancel)?, cancel, order, visit, |(mut text, mut count, parts)| {
            if count > left
                && let Some((source, ranges)) = parts
            {
                count = left;
                text = print(&source, &ranges[..left]);
            }
            left -= count;
            sink(&text, count) && left > 0
        })
    }
}
