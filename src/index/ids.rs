//! By what name an article is shown and asked for: its id, and before it the label of its folder where
//! another folder has an article of the same id.

use super::codec::Blob;
use super::error::IndexError;
use super::reader::{At, Found, Index, NAME_END, owner_key};
use super::schema::Kind;
use super::types::Occurrence;
use crate::text::Span;

/// A name that starts with the label of the folder.
pub(super) fn labelled(label: &str, name: &str) -> String {
    format!("{label}/{name}")
}

/// What is shown of an article, and where it is.
type Named = (String, At);

impl Index {
    /// Whether another folder has an article of this id, too.
    fn is_shared(&self, label: &str, id: &str) -> tantivy::Result<bool> {
        for other in self.roots().iter().filter(|root| root.label != label) {
            if self.article_at(owner_key(&other.label, id))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How names of the article of this id in a folder, its id or its path, are shown.
    fn shown<const N: usize>(
        &self,
        label: &str,
        id: &str,
        names: [&str; N],
    ) -> tantivy::Result<[String; N]> {
        let shared = self.is_shared(label, id)?;
        Ok(names.map(|name| if shared { labelled(label, name) } else { name.to_owned() }))
    }

    /// By what the article of this id in a folder is shown.
    pub(super) fn shown_id(&self, label: &str, id: &str) -> tantivy::Result<String> {
        self.shown(label, id, [id]).map(|[shown]| shown)
    }

    /// Where something stands, as the article tells it.
    pub(super) fn occurrence(&self, blob: &Blob, span: Span) -> tantivy::Result<Occurrence> {
        let [article, path] = self.shown(&blob.root, &blob.id, [&blob.id, &blob.path])?;
        let meta = blob.meta.clone();
        Ok(Occurrence { article, path, meta, start: span.start(), end: span.end() })
    }

    /// The article of this id or path, or the only one whose id ends so; a label may stand before it.
    /// More than one: their ids.
    pub fn article(&self, name: &str) -> Result<Found, IndexError> {
        let mut found = Vec::new();
        for root in self.roots() {
            let at = self.article_at(owner_key(&root.label, name))?;
            found.extend(at.map(|at| (labelled(&root.label, name), at)));
        }
        if found.is_empty() {
            found = self.articles_like(name)?;
        }
        found.sort();
        match found.as_slice() {
            [] => Ok(Found::None),
            [(_, at)] => {
                let mut stored = self.stored_article(*at)?;
                let article = &mut stored.article;
                let names = [article.id.as_str(), &article.path];
                [article.id, article.path] = self.shown(&stored.root, &article.id, names)?;
                Ok(Found::One(Box::new(stored)))
            }
            many => Ok(Found::Many(many.iter().map(|(id, _)| id.clone()).collect())),
        }
    }

    /// The articles with this path, or else those whose id ends so.
    fn articles_like(&self, name: &str) -> Result<Vec<Named>, IndexError> {
        let is_it = |id: &str, name: &str| {
            id == name || id.rsplit_once('#').is_some_and(|(file, _)| file == name)
        };
        let (mut exact, mut ends) = (Vec::new(), Vec::new());
        for (ord, segment) in self.segments() {
            self.each_name(segment, self.of_kind(segment, Kind::Article)?, |doc, full| {
                let (label, id) = full.split_once(NAME_END).unwrap_or(("", full));
                let behind = name.strip_prefix(label).and_then(|rest| rest.strip_prefix('/'));
                let found = || (label.to_owned(), id.to_owned(), (ord, doc));
                if is_it(id, name) || behind.is_some_and(|behind| is_it(id, behind)) {
                    exact.push(found());
                } else if id.ends_with(name) && !name.is_empty() {
                    ends.push(found());
                }
            })?;
        }
        let found = if exact.is_empty() { ends } else { exact };
        let named = |(label, id, at): (String, String, At)| Ok((self.shown_id(&label, &id)?, at));
        found.into_iter().map(named).collect()
    }
}
