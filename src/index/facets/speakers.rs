//! Who is quoted, and how often.

use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

use super::super::error::IndexError;
use super::super::reader::Index;
use super::super::types::{Filters, NameList};
use super::merged::{Group, Names, each_group};
use super::stretches::Stretch;
use super::top::Top;
use super::{first_of, line, listed};

/// Quotes of a speaker and their articles.
#[derive(Clone, Copy, Default)]
struct Count {
    articles: u64,
    count: u64,
    /// The last article that was counted: the quotes of one stand together.
    last: Option<DocId>,
}

/// The counts of one segment by the numbers of its names.
struct Counts {
    speaker: Option<StrColumn>,
    by_number: Vec<Count>,
}

impl Counts {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let speaker = segment.fast_fields().str("speaker")?;
        let names = speaker.as_ref().map_or(0, |column| column.dictionary().num_terms());
        Ok(Counts { speaker, by_number: vec![Count::default(); names] })
    }

    fn add(&mut self, doc: DocId, article: DocId) {
        let number = self.speaker.as_ref().and_then(|column| column.ords().first(doc));
        let count = number.and_then(|number| self.by_number.get_mut(number as usize));
        let Some(count) = count else { return };
        count.count += 1;
        if count.last != Some(article) {
            count.last = Some(article);
            count.articles += 1;
        }
    }

    fn of(&self, number: u64) -> Option<Count> {
        self.by_number.get(number as usize).copied().filter(|count| count.count > 0)
    }

    /// The names that have a count, in a stretch.
    fn names(&self, stretch: &Stretch) -> tantivy::Result<Names<'_, Count>> {
        let Some(column) = &self.speaker else { return Ok(Box::new(|_| None)) };
        let mut range = column.dictionary().range().ge(&stretch.from);
        if let Some(to) = &stretch.to {
            range = range.lt(to);
        }
        let mut names = range.into_stream()?;
        Ok(Box::new(move |value| {
            while names.advance() {
                if let Some(count) = self.of(names.term_ord()) {
                    value.clear();
                    value.extend_from_slice(names.key());
                    return Some(count);
                }
            }
            None
        }))
    }

    /// Those of these numbers, which ascend.
    fn numbered(&self, numbers: &[u64]) -> tantivy::Result<Names<'_, Count>> {
        let (mut found, mut left) = (Vec::with_capacity(numbers.len()), numbers.iter());
        if let Some(column) = &self.speaker {
            column.dictionary().sorted_ords_to_term_cb(numbers, |value| {
                let count = left.next().and_then(|&number| self.of(number));
                found.extend(count.map(|count| (value.to_vec(), count)));
            })?;
        }
        Ok(listed(found))
    }
}

/// Takes the names of a speaker.
fn take_speaker(group: &Group<Count>, top: &mut Top) {
    let of = |entries: &[(usize, Count)]| -> [u64; 2] {
        let counts = entries.iter().map(|(_, count)| count);
        counts.fold([0; 2], |[all, articles], one| [all + one.count, articles + one.articles])
    };
    let figures = of(group.entries());
    if top.wants(figures[0]) {
        let names: Vec<_> = group.names().map(|(name, entries)| (name, of(entries)[1])).collect();
        top.push(figures, line(group.key(), &names, figures[1], figures[0]));
    } else {
        top.pass();
    }
}

impl Index {
    /// Speakers with their articles and quotes, most quotes first: `most` of them, or all.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn speakers(
        &self,
        filters: &Filters,
        name: Option<&str>,
        most: Option<usize>,
    ) -> Result<NameList, IndexError> {
        let open = |_: u32, segment: &SegmentReader| Counts::open(segment);
        let counts = self.on_quotes(filters, open, |counts, answers| {
            answers.iter().for_each(|answer| counts.add(answer.quote.doc, answer.quote.article));
        })?;
        let take = |lists: Vec<Names<'_, Count>>, top: &mut Top| {
            each_group(lists, |group| {
                take_speaker(group, top);
                Ok(())
            })
        };
        if let Some(name) = name {
            let fits = self.speakers_meant(name);
            let mut lists = Vec::with_capacity(counts.len());
            for (counts, (_, segment)) in counts.iter().zip(self.segments()) {
                let fitting = (0..).zip(fits.of(segment)?).filter(|(_, fit)| fit.is_some());
                let numbers: Vec<u64> = fitting.map(|(number, _)| number).collect();
                lists.push(counts.numbered(&numbers)?);
            }
            let mut top = Top::new(most);
            take(lists, &mut top)?;
            return Ok(top.into_list());
        }
        let columns = counts.iter().filter_map(|counts| counts.speaker.as_ref());
        let largest = columns.map(StrColumn::dictionary).max_by_key(|names| names.num_terms());
        let Some(largest) = largest else { return Ok(NameList::default()) };
        let at = |number, name: &mut Vec<u8>| {
            name.clear();
            largest.ord_to_term(number, name)
        };
        let stretches = Stretch::of(None).cut(largest.num_terms(), at)?;
        Ok(first_of(&stretches, most, |stretch, top| {
            let lists = counts.iter().map(|counts| counts.names(stretch));
            take(lists.collect::<tantivy::Result<_>>()?, top)
        })?)
    }
}
