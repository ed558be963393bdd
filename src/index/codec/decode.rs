//! Reading the stored form of an article: damaged bytes give an error, never a panic.

use super::super::names::speaker_kind;
use super::super::varint;
use super::{
    Blob, Damaged, ENTITY_KINDS, QUOTE_KINDS, Read, SPEAKER_KINDS, STREAMS, Said, Stream, flag,
    usual_key,
};
use crate::article::{
    Entity, EntityKind, Gender, InnerSpeech, Mention, Metadata, Part, Quote, QuoteKind, Speaker,
    SpeakerKind,
};
use crate::text::{Span, Spans};

/// Reads what `encode` wrote, whatever has become of it.
pub struct Decoder<'a> {
    streams: [&'a [u8]; STREAMS],
    last: i64,
    strings: Vec<&'a str>,
}

/// What is known of an entity before its name is.
struct Draft<'a> {
    kind: EntityKind,
    gender: Option<Gender>,
    unusual: bool,
    role: Option<&'a str>,
    party: Option<&'a str>,
}

/// A quote as it is stored: most of those that are read are only passed over.
struct Stored<'a> {
    kind: QuoteKind,
    /// Its only part, or all of several.
    part: Option<Span>,
    parts: Spans,
    /// The only word that says that somebody speaks, or all of several.
    cue: Option<Span>,
    cues: Spans,
    source: Option<Span>,
    speaker: Option<(SpeakerKind, Option<&'a str>)>,
    rule: &'a str,
    echoes: Spans,
    inner: Vec<InnerSpeech>,
}

impl Stored<'_> {
    fn quote(self, said: Said) -> Quote {
        let (key, name) = said.by.unwrap_or_default();
        let speaker = |(kind, role): (SpeakerKind, Option<&str>)| Speaker {
            key,
            name,
            role: role.map(str::to_owned),
            kind,
        };
        Quote {
            kind: self.kind,
            content: self.part.into_iter().chain(self.parts).collect(),
            cue: self.cue.into_iter().chain(self.cues).collect(),
            source: self.source,
            speaker: self.speaker.map(speaker),
            rule: self.rule.to_owned().into(),
            confidence: said.confidence as f32 / 1000.0,
            echoes: self.echoes,
            inner: self.inner,
        }
    }
}

impl<'a> Decoder<'a> {
    /// Reads from these streams.
    pub fn new(streams: [&'a [u8]; STREAMS]) -> Self {
        Decoder { streams, last: 0, strings: Vec::new() }
    }

    /// Head, entities and quotes, and nothing behind them.
    pub fn whole(mut self, text: &str, mut said: impl FnMut(usize) -> Said) -> Read<Blob> {
        let mut blob = self.head()?;
        let drafts = self.drafts()?;
        let mut entities = drafts.iter().map(|draft| Entity {
            key: String::new(),
            name: String::new(),
            kind: draft.kind,
            role: draft.role.map(str::to_owned),
            party: draft.party.map(str::to_owned),
            gender: draft.gender,
            mentions: Vec::new(),
            roles: Vec::new(),
        });
        blob.annotation.entities = entities.by_ref().collect();
        self.mentions(&mut blob.annotation.entities)?;
        for (entity, draft) in blob.annotation.entities.iter_mut().zip(&drafts) {
            entity.name = self.name(entity, text)?;
            entity.key = match draft.unusual {
                true => self.string(Stream::Strings)?,
                false => usual_key(speaker_kind(entity.kind), &entity.name),
            };
        }
        let quotes = 0..self.quotes()?;
        let quotes = quotes.map(|nth| Ok(self.quote(&drafts)?.quote(said(nth))));
        blob.annotation.quotes = quotes.collect::<Read<_>>()?;
        if self.streams.iter().all(|rest| rest.is_empty()) { Ok(blob) } else { Err(Damaged) }
    }

    /// Head, and the quotes of these numbers, which ascend.
    pub fn with_quotes(
        mut self,
        wanted: &[usize],
        mut said: impl FnMut(usize) -> Said,
    ) -> Read<Blob> {
        let mut blob = self.head()?;
        let drafts = self.drafts()?;
        self.number(Stream::Counts)?;
        let quotes = self.quotes()?;
        let mut next = 0;
        for &nth in wanted {
            if nth < next || nth >= quotes {
                return Err(Damaged);
            }
            for _ in next..nth {
                self.quote(&drafts)?;
            }
            blob.annotation.quotes.push(self.quote(&drafts)?.quote(said(nth)));
            next = nth + 1;
        }
        Ok(blob)
    }

    fn take(&mut self, stream: Stream, length: usize) -> Read<&'a [u8]> {
        let bytes = &mut self.streams[stream as usize];
        let (taken, rest) = bytes.split_at_checked(length).ok_or(Damaged)?;
        *bytes = rest;
        Ok(taken)
    }

    fn byte(&mut self, stream: Stream) -> Read<u8> {
        Ok(self.take(stream, 1)?[0])
    }

    fn number(&mut self, stream: Stream) -> Read<u64> {
        varint::take(&mut self.streams[stream as usize]).ok_or(Damaged)
    }

    fn signed(&mut self, stream: Stream) -> Read<i64> {
        let n = self.number(stream)?;
        Ok((n >> 1) as i64 ^ -((n & 1) as i64))
    }

    fn text(&mut self, stream: Stream) -> Read<&'a str> {
        let length = self.number(stream)? as usize;
        let bytes = self.take(stream, length)?;
        std::str::from_utf8(bytes).map_err(|_| Damaged)
    }

    fn string(&mut self, stream: Stream) -> Read<String> {
        self.text(stream).map(str::to_owned)
    }

    /// How many values there are, each of which takes a byte of a stream at least: no damage can ask
    /// for more memory than there are bytes.
    fn count(&mut self, of: Stream, in_stream: Stream) -> Read<usize> {
        let count = self.number(of)? as usize;
        let most = self.streams[in_stream as usize].len();
        if count <= most { Ok(count) } else { Err(Damaged) }
    }

    fn flag(&mut self, stream: Stream) -> Read<bool> {
        match self.byte(stream)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Damaged),
        }
    }

    /// Reads where a flag is set.
    fn given<T>(&mut self, given: bool, read: impl Fn(&mut Self) -> Read<T>) -> Read<Option<T>> {
        given.then(|| read(self)).transpose()
    }

    fn option(&mut self, stream: Stream) -> Read<Option<String>> {
        let given = self.flag(stream)?;
        self.given(given, |from| from.string(stream))
    }

    fn span(&mut self, step: Stream, length: Stream) -> Read<Span> {
        let start = self.last.wrapping_add(self.signed(step)?);
        self.last = start;
        span_from(start, self.number(length)?)
    }

    fn spans(&mut self) -> Read<Spans> {
        let count = self.count(Stream::More, Stream::More)?;
        (0..count).map(|_| self.span(Stream::More, Stream::More)).collect()
    }

    fn known_text(&mut self, stream: Stream) -> Read<&'a str> {
        match self.number(stream)?.checked_sub(1) {
            Some(at) => self.strings.get(at as usize).copied().ok_or(Damaged),
            None => {
                let text = self.text(stream)?;
                self.strings.push(text);
                Ok(text)
            }
        }
    }

    /// All but the annotation.
    pub fn head(&mut self) -> Read<Blob> {
        const PARTS: [Part; 5] =
            [Part::Title, Part::Byline, Part::Dateline, Part::Body, Part::Credit];
        let mut blob = Blob {
            root: self.string(Stream::Names)?,
            id: self.string(Stream::Names)?,
            path: self.string(Stream::Names)?,
            file: self.string(Stream::Names)?,
            meta: self.meta()?,
            ..Blob::default()
        };
        for _ in 0..self.count(Stream::Counts, Stream::Parts)? {
            let part = self.byte(Stream::Parts)?;
            blob.parts.push(choice(&PARTS, part)?);
        }
        let mut next = 0;
        for _ in 0..self.count(Stream::Counts, Stream::Lengths)? {
            blob.lengths.push(self.number(Stream::Lengths)?);
            let back = u32::try_from(self.number(Stream::Order)?).map_err(|_| Damaged)?;
            let number = u32::checked_sub(next, back).ok_or(Damaged)?;
            next = next.max(number + 1);
            blob.order.push(number);
        }
        Ok(blob)
    }

    fn meta(&mut self) -> Read<Metadata> {
        let title = self.option(Stream::Title)?;
        let authors = self.count(Stream::Meta, Stream::Meta)?;
        let authors = (0..authors).map(|_| self.string(Stream::Meta)).collect::<Read<_>>()?;
        let outlet = self.option(Stream::Meta)?;
        let date = self.option(Stream::Meta)?.map(|date| date.parse().map_err(|_| Damaged));
        let (date, url) = (date.transpose()?, self.option(Stream::Url)?);
        Ok(Metadata { title, authors, outlet, date, url, language: self.option(Stream::Meta)? })
    }

    fn drafts(&mut self) -> Read<Vec<Draft<'a>>> {
        let entities = self.count(Stream::Counts, Stream::Entity)?;
        (0..entities).map(|_| self.draft()).collect()
    }

    fn draft(&mut self) -> Read<Draft<'a>> {
        let bits = self.byte(Stream::Entity)?;
        let gender = match (bits & 3).checked_sub(1) {
            None => None,
            Some(gender) => Some(choice(&[Gender::Female, Gender::Male], gender)?),
        };
        let role = self.given(bits & 32 != 0, |from| from.text(Stream::Roles))?;
        let party = self.given(bits & 16 != 0, |from| from.text(Stream::Roles))?;
        let kind = choice(&ENTITY_KINDS, bits >> 2 & 3)?;
        if bits < 128 {
            Ok(Draft { kind, gender, unusual: bits & 64 != 0, role, party })
        } else {
            Err(Damaged)
        }
    }

    fn mentions(&mut self, entities: &mut [Entity]) -> Read<()> {
        let count = self.count(Stream::Counts, Stream::MentionStep)?;
        let (mut start, mut next) = (0i64, 0i64);
        for _ in 0..count {
            let step = i64::try_from(self.number(Stream::MentionStep)?).map_err(|_| Damaged)?;
            start = start.checked_add(step).ok_or(Damaged)?;
            let bits = self.number(Stream::MentionLength)?;
            let span = span_from(start, bits >> 1)?;
            let other = self.given(bits & 1 == 1, |from| from.byte(Stream::MentionLength))?;
            let number = next.checked_sub(self.signed(Stream::Mentioned)?).ok_or(Damaged)?;
            let entity = usize::try_from(number).ok().and_then(|number| entities.get_mut(number));
            let entity = entity.ok_or(Damaged)?;
            next = next.max(number + 1);
            let kind = other.map(|kind| choice(&ENTITY_KINDS, kind)).transpose()?;
            entity.mentions.push(Mention { span, kind: kind.unwrap_or(entity.kind) });
        }
        Ok(())
    }

    /// The name of an entity whose mentions are known.
    fn name(&mut self, entity: &Entity, text: &str) -> Read<String> {
        match self.number(Stream::Printed)?.checked_sub(1) {
            None => self.string(Stream::Strings),
            Some(mention) => {
                let span = entity.mentions.get(mention as usize).ok_or(Damaged)?.span;
                let printed = text.get(span.start()..span.end());
                printed.map(str::to_owned).ok_or(Damaged)
            }
        }
    }

    fn speaker(&mut self, drafts: &[Draft<'a>]) -> Read<(SpeakerKind, Option<&'a str>)> {
        let (kind, usual) = match self.number(Stream::Speaker)?.checked_sub(1) {
            Some(number) => {
                let draft = drafts.get(number as usize).ok_or(Damaged)?;
                (speaker_kind(draft.kind), draft.role)
            }
            None => (choice(&SPEAKER_KINDS, self.byte(Stream::Speaker)?)?, None),
        };
        let role = match self.byte(Stream::SpeakerRole)? {
            0 => usual,
            1 => None,
            2 => Some(self.known_text(Stream::SpeakerRole)?),
            _ => return Err(Damaged),
        };
        Ok((kind, role))
    }

    fn inner_speaker(&mut self) -> Read<Speaker> {
        let kind: SpeakerKind = choice(&SPEAKER_KINDS, self.byte(Stream::More)?)?;
        let (name, key) = (self.string(Stream::More)?, self.option(Stream::More)?);
        let key = key.unwrap_or_else(|| usual_key(kind, &name));
        Ok(Speaker { key, name, role: self.option(Stream::More)?, kind })
    }

    /// How many quotes there are.
    fn quotes(&mut self) -> Read<usize> {
        self.count(Stream::Counts, Stream::QuoteFlags)
    }

    fn quote(&mut self, drafts: &[Draft<'a>]) -> Read<Stored<'a>> {
        let flags = self.byte(Stream::QuoteFlags)?;
        let has = |bit: u8| flags & bit != 0;
        let kind = choice(&QUOTE_KINDS, flags & 3)?;
        let part = |from: &mut Self| from.span(Stream::QuoteStep, Stream::QuoteLength);
        let part = self.given(has(flag::ONE_PART), part)?;
        let parts = if part.is_none() { self.spans()? } else { Spans::new() };
        let cue = |from: &mut Self| from.span(Stream::CueStep, Stream::CueLength);
        let cue = self.given(has(flag::ONE_CUE), cue)?;
        let source = |from: &mut Self| from.span(Stream::SourceStep, Stream::SourceLength);
        let source = self.given(has(flag::SOURCE), source)?;
        let speaker = self.given(has(flag::SPEAKER), |from| from.speaker(drafts))?;
        let rule = self.known_text(Stream::Rule)?;
        let (mut cues, mut echoes, mut inner) = (Spans::new(), Spans::new(), Vec::new());
        if has(flag::MORE) {
            (cues, echoes) = (self.spans()?, self.spans()?);
            let count = self.count(Stream::More, Stream::More)?;
            inner = (0..count).map(|_| self.inner()).collect::<Read<_>>()?;
        }
        Ok(Stored { kind, part, parts, cue, cues, source, speaker, rule, echoes, inner })
    }

    fn inner(&mut self) -> Read<InnerSpeech> {
        let content = self.span(Stream::More, Stream::More)?;
        let sourced = self.flag(Stream::More)?;
        let source = self.given(sourced, |from| from.span(Stream::More, Stream::More))?;
        let spoken = self.flag(Stream::More)?;
        Ok(InnerSpeech { content, source, speaker: self.given(spoken, Self::inner_speaker)? })
    }
}

fn span_from(start: i64, length: u64) -> Read<Span> {
    let end = i64::try_from(length).ok().and_then(|length| start.checked_add(length));
    let end = end.filter(|&end| start >= 0 && end <= i64::from(u32::MAX)).ok_or(Damaged)?;
    Ok(Span::new(start as usize, end as usize))
}

/// One of a list of choices, by its place.
fn choice<T: Copy>(choices: &[T], at: u8) -> Read<T> {
    choices.get(usize::from(at)).copied().ok_or(Damaged)
}
