//! The names of an article in the order of its text, as speech without marks asks for them: those in a
//! stretch of it, and the person named most so far. Work on all of it is linear.

use crate::annotate::cast::tokens_of;
use crate::annotate::scene::Scene;
use crate::article::{Entity, EntityKind, Part};
use crate::text::Span;

/// One mention.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    /// Where it stands.
    pub span: Span,
    /// Whom it names.
    pub entity: &'a Entity,
    /// Number of that entity.
    number: usize,
}

/// All mentions.
pub struct Names<'a> {
    /// The entities.
    pub entities: &'a [Entity],
    mentions: Vec<Named<'a>>,
}

impl<'a> Names<'a> {
    /// Puts the mentions in order.
    pub fn new(entities: &'a [Entity]) -> Self {
        let all = entities.iter().enumerate().flat_map(|(number, entity)| {
            entity.mentions.iter().map(move |m| Named { span: m.span, entity, number })
        });
        let mut mentions: Vec<Named> = all.collect();
        mentions.sort_by_key(|named| named.span);
        Names { entities, mentions }
    }

    /// The persons.
    pub fn persons(&self) -> impl Iterator<Item = &'a Entity> {
        self.entities.iter().filter(|e| e.kind == EntityKind::Person)
    }

    /// The mentions inside a stretch of the text, in order.
    pub fn within(&self, area: Span) -> impl Iterator<Item = Named<'a>> {
        let first = self.mentions.partition_point(|named| named.span.start() < area.start());
        let near = self.mentions[first..].iter();
        let near = near.take_while(move |named| named.span.start() < area.end());
        near.filter(move |named| area.contains(named.span)).copied()
    }
}

/// The person named most, as the text goes on.
pub struct Prominent<'n, 'a> {
    scene: &'n Scene<'n>,
    names: &'n Names<'a>,
    /// Mentions counted.
    counted: usize,
    /// Of each entity, how often it was named, and where first.
    times: Vec<(u32, Span)>,
    /// The persons named most, and those of them whose office the article tells.
    most: Vec<usize>,
    told: Vec<usize>,
}

impl<'n, 'a> Prominent<'n, 'a> {
    /// Nobody so far.
    pub fn new(scene: &'n Scene<'n>, names: &'n Names<'a>) -> Self {
        let times = vec![(0, Span::new(0, 0)); names.entities.len()];
        Prominent { scene, names, counted: 0, times, most: Vec::new(), told: Vec::new() }
    }

    /// The one person named most before a paragraph, by the first mention: who is asked, whose statement
    /// it is. Paragraphs must ascend.
    pub fn before(&mut self, paragraph: usize) -> Option<Span> {
        let limit = self.scene.paragraphs[paragraph].span.start();
        while let Some(named) = self.names.mentions.get(self.counted)
            && named.span.end() <= limit
        {
            self.counted += 1;
            self.count(named);
        }
        // Of two, the one whose office the article tells: the other asks.
        match (&self.most[..], &self.told[..]) {
            ([only], _) | (_, [only]) => Some(self.times[*only].1),
            _ => None,
        }
    }

    fn count(&mut self, named: &Named) {
        let p = self.scene.paragraph_of(tokens_of(self.scene, named.span).start);
        let body = self.scene.paragraphs.get(p).is_some_and(|p| p.part != Part::Byline);
        if named.entity.kind != EntityKind::Person || !body {
            return;
        }
        let most = self.most.first().map_or(0, |&person| self.times[person].0);
        let (times, first) = &mut self.times[named.number];
        if *times == 0 {
            *first = named.span;
        }
        *times += 1;
        if *times > most {
            self.most.clear();
            self.told.clear();
        }
        if *times >= most {
            self.most.push(named.number);
            self.told.extend(named.entity.role.is_some().then_some(named.number));
        }
    }
}
