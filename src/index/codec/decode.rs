//! Reading the stored form of an article: damaged bytes give an error, never a panic.

use super::{
    Blob, Damaged, ENTITY_KINDS, QUOTE_KINDS, Read, SPEAKER_KINDS, flag, speaker_of, usual_key,
};
use crate::article::{
    Annotation, Entity, Gender, InnerSpeech, Mention, Metadata, Part, Quote, Speaker, SpeakerKind,
};
use crate::text::Span;

/// Reads what `encode` wrote, whatever has become of it.
pub struct Decoder<'a> {
    bytes: &'a [u8],
    last: i64,
    speakers: Vec<Speaker>,
    strings: Vec<String>,
}

impl<'a> Decoder<'a> {
    /// Reads from these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Decoder { bytes, last: 0, speakers: Vec::new(), strings: Vec::new() }
    }

    /// Head and annotation, and nothing behind them.
    pub fn whole(mut self) -> Read<Blob> {
        let mut blob = self.head()?;
        blob.annotation.entities = self.list(Self::entity)?;
        self.speakers = blob.annotation.entities.iter().map(speaker_of).collect();
        blob.annotation.quotes = self.list(Self::quote)?;
        if self.bytes.is_empty() { Ok(blob) } else { Err(Damaged) }
    }

    fn take(&mut self, length: usize) -> Read<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or(Damaged)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Read<u8> {
        Ok(self.take(1)?[0])
    }

    fn number(&mut self) -> Read<u64> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(Damaged)
    }

    fn text(&mut self) -> Read<String> {
        let length = self.number()? as usize;
        let bytes = self.take(length)?;
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Damaged)
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let length = self.number()? as usize;
        // Every item takes a byte at least: no damage can ask for more memory than it has bytes.
        if length > self.bytes.len() {
            return Err(Damaged);
        }
        (0..length).map(|_| read(self)).collect()
    }

    fn option<T>(&mut self, read: impl Fn(&mut Self) -> Read<T>) -> Read<Option<T>> {
        match self.byte()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(Damaged),
        }
    }

    /// Reads where a flag is set.
    fn given<T>(&mut self, given: bool, read: impl Fn(&mut Self) -> Read<T>) -> Read<Option<T>> {
        given.then(|| read(self)).transpose()
    }

    fn step(&mut self) -> Read<i64> {
        let step = self.number()?;
        let start = self.last.wrapping_add((step >> 1) as i64 ^ -((step & 1) as i64));
        self.last = start;
        Ok(start)
    }

    fn span_from(start: i64, length: u64) -> Read<Span> {
        let end = i64::try_from(length).ok().and_then(|length| start.checked_add(length));
        let end = end.filter(|&end| start >= 0 && end <= i64::from(u32::MAX)).ok_or(Damaged)?;
        Ok(Span::new(start as usize, end as usize))
    }

    fn span(&mut self) -> Read<Span> {
        let start = self.step()?;
        Self::span_from(start, self.number()?)
    }

    fn spans(&mut self) -> Read<Vec<Span>> {
        self.list(Self::span)
    }

    fn known_text(&mut self) -> Read<String> {
        match self.number()?.checked_sub(1) {
            Some(at) => self.strings.get(at as usize).cloned().ok_or(Damaged),
            None => {
                let text = self.text()?;
                self.strings.push(text.clone());
                Ok(text)
            }
        }
    }

    fn fixed<const N: usize>(&mut self) -> Read<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| Damaged)
    }

    /// All but the annotation.
    pub fn head(&mut self) -> Read<Blob> {
        const PARTS: [Part; 5] =
            [Part::Title, Part::Byline, Part::Dateline, Part::Body, Part::Credit];
        let mut next = 0;
        Ok(Blob {
            root: self.text()?,
            id: self.text()?,
            path: self.text()?,
            file: self.text()?,
            meta: self.meta()?,
            text_hash: u64::from_le_bytes(self.fixed()?),
            parts: self.list(|from| choice(&PARTS, from.number()?))?,
            lengths: self.list(Self::number)?,
            order: self.list(|from| {
                let back = u32::try_from(from.number()?).map_err(|_| Damaged)?;
                let number: u32 = u32::checked_sub(next, back).ok_or(Damaged)?;
                next = next.max(number + 1);
                Ok(number)
            })?,
            annotation: Annotation::default(),
        })
    }

    fn meta(&mut self) -> Read<Metadata> {
        Ok(Metadata {
            title: self.option(Self::text)?,
            authors: self.list(Self::text)?,
            outlet: self.option(Self::text)?,
            date: self.option(|from| from.text()?.parse().map_err(|_| Damaged))?,
            url: self.option(Self::text)?,
            language: self.option(Self::text)?,
        })
    }

    fn identity(&mut self) -> Read<(SpeakerKind, String, String)> {
        let bits = self.number()?;
        let kind = choice(&SPEAKER_KINDS, bits >> 1)?;
        let name = self.text()?;
        let key = if bits & 1 == 0 { usual_key(kind, &name) } else { self.text()? };
        Ok((kind, name, key))
    }

    fn entity(&mut self) -> Read<Entity> {
        let (kind, name, key) = self.identity()?;
        let kind = choice(&ENTITY_KINDS, kind as u64)?;
        let role = self.option(Self::text)?;
        let party = self.option(Self::text)?;
        let gender = match self.number()?.checked_sub(1) {
            None => None,
            Some(gender) => Some(choice(&[Gender::Female, Gender::Male], gender)?),
        };
        self.last = 0;
        let mentions = self.list(|from| {
            let start = from.step()?;
            let bits = from.number()?;
            let span = Self::span_from(start, bits >> 1)?;
            let other = from.given(bits & 1 == 1, |from| choice(&ENTITY_KINDS, from.number()?))?;
            Ok(Mention { span, kind: other.unwrap_or(kind) })
        })?;
        Ok(Entity { key, name, kind, role, party, gender, mentions, roles: Vec::new() })
    }

    fn speaker(&mut self) -> Read<Speaker> {
        let mut speaker = match self.number()?.checked_sub(1) {
            Some(at) => self.speakers.get(at as usize).cloned().ok_or(Damaged)?,
            None => {
                let (kind, name, key) = self.identity()?;
                let speaker = Speaker { key, name, role: None, kind };
                self.speakers.push(speaker.clone());
                speaker
            }
        };
        match self.byte()? {
            0 => {}
            1 => speaker.role = None,
            2 => speaker.role = Some(self.known_text()?),
            _ => return Err(Damaged),
        }
        Ok(speaker)
    }

    fn quote(&mut self) -> Read<Quote> {
        let flags = self.byte()?;
        let has = |bit: u8| flags & bit != 0;
        let one = |from: &mut Self| Ok(vec![from.span()?]);
        let kind = choice(&QUOTE_KINDS, u64::from(flags & 3))?;
        let content = if has(flag::ONE_PART) { one(self)? } else { self.spans()? };
        let mut cue = if has(flag::ONE_CUE) { one(self)? } else { Vec::new() };
        let source = self.given(has(flag::SOURCE), Self::span)?;
        let speaker = self.given(has(flag::SPEAKER), Self::speaker)?;
        let rule = self.known_text()?;
        let confidence = self.number()? as f32 / 1000.0;
        let (mut echoes, mut inner) = (Vec::new(), Vec::new());
        if has(flag::MORE) {
            cue.extend(self.spans()?);
            echoes = self.spans()?;
            inner = self.list(|from| {
                Ok(InnerSpeech {
                    content: from.span()?,
                    source: from.option(Self::span)?,
                    speaker: from.option(Self::speaker)?,
                })
            })?;
        }
        Ok(Quote { kind, content, cue, source, speaker, rule, confidence, echoes, inner })
    }
}

/// One of a list of choices, by its place.
fn choice<T: Copy>(choices: &[T], at: u64) -> Read<T> {
    choices.get(at as usize).copied().ok_or(Damaged)
}
