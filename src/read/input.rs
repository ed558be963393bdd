//! The bytes of one file: opened, unpacked, guarded against compression bombs, and brought to
//! UTF-8 where they are UTF-16. Knows nothing of records or formats.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE};
use twox_hash::XxHash3_128;

use super::walk::NO_PERMISSION;
use super::{Source, display_name};
use crate::report::{Problem, ProblemKind};

/// How much is looked at to tell what a file is, and read at a time from then on.
pub const HEAD: usize = 64 << 10;

/// No text is packed tighter than this; what is, is a bomb.
const MAX_RATIO: u64 = 250;

/// Below this many unpacked bytes a high ratio does no harm.
const RATIO_FREE: u64 = 64 << 20;

/// A file that is being read.
pub struct Input {
    /// What stands at its beginning: all of it, or at least `HEAD` bytes.
    pub head: Vec<u8>,
    /// What follows the head.
    pub rest: Bytes,
    /// Hash of the bytes on disk.
    pub hash: ContentHash,
}

impl Input {
    /// Opens a file and reads its head. What cannot even be begun is a problem.
    pub fn open(source: &Source) -> Result<Input, Problem> {
        let fail = |error: io::Error| io_problem(source, &error);
        if !fs::metadata(&source.path).map_err(fail)?.is_file() {
            let path = display_name(&source.path);
            let reason = "not a file any more".to_string();
            return Err(Problem { path, place: None, kind: ProblemKind::NotAFile, reason });
        }
        let hash = ContentHash::default();
        let raw = Box::new(Tap::open(&source.path, &hash).map_err(fail)?);
        let (head, rest) = read_head(raw, source.size).map_err(fail)?;
        let Some(packing) = Packing::of(&head) else {
            return Input { head, rest, hash }.decode_utf16().map_err(fail);
        };
        let packed = hash.clone();
        let whole = io::Cursor::new(head).chain(rest);
        let unpacked = packing.unpack(Box::new(whole)).map_err(fail)?;
        let guarded = Guard { unpacked, packed, bytes: 0, begun: false };
        let (head, rest) = read_head(Box::new(guarded), HEAD as u64).map_err(fail)?;
        Input { head, rest, hash }.decode_utf16().map_err(fail)
    }

    /// Takes a UTF-8 byte order mark off, and turns UTF-16 into UTF-8.
    fn decode_utf16(mut self) -> io::Result<Input> {
        if self.head.starts_with(b"\xEF\xBB\xBF") {
            self.head.drain(..3);
        }
        let Some(encoding) = utf16(&self.head) else { return Ok(self) };
        let whole = io::Cursor::new(self.head).chain(self.rest);
        let decoder = encoding.new_decoder_with_bom_removal();
        let text = Utf16 {
            bytes: Box::new(whole),
            decoder,
            raw: Vec::new(),
            text: io::Cursor::default(),
            ended: false,
        };
        let (head, rest) = read_head(Box::new(text), HEAD as u64)?;
        Ok(Input { head, rest, hash: self.hash })
    }
}

type Bytes = Box<dyn Read + Send>;

/// Reads until `HEAD` bytes are there or the end; a small file takes one call and one probe. An
/// error behind the first bytes comes again when the rest is read.
fn read_head(mut reader: Bytes, size: u64) -> io::Result<(Vec<u8>, Bytes)> {
    let mut head = Vec::with_capacity((size + 1).clamp(64, HEAD as u64) as usize);
    match (&mut reader).take(HEAD as u64).read_to_end(&mut head) {
        Ok(_) => Ok((head, reader)),
        Err(error) if head.is_empty() => Err(error),
        Err(error) => Ok((head, Box::new(Failed(Some(error))))),
    }
}

/// A reader that has failed already.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// The compressions that are read.
#[derive(Clone, Copy)]
enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    fn of(head: &[u8]) -> Option<Packing> {
        match head {
            [0x1F, 0x8B, 8, ..] => Some(Packing::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => {
                Some(Packing::Zstd)
            }
            _ => None,
        }
    }

    /// All members of a gzip file, all frames of a zstd file, one after the other.
    fn unpack(self, packed: Bytes) -> io::Result<Bytes> {
        Ok(match self {
            Packing::Gzip => {
                let buffered = BufReader::with_capacity(HEAD, packed);
                Box::new(flate2::bufread::MultiGzDecoder::new(buffered))
            }
            Packing::Zstd => Box::new(zstd::Decoder::new(packed)?),
        })
    }
}

/// Whether bytes are UTF-16: by their mark, or by the zero bytes that Latin text has in it.
fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, 0, 0, ..] => return None,
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let pairs = &head[..head.len().min(1024) & !1];
    let zeros = |at: usize| pairs.iter().skip(at).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let mostly = pairs.len() / 2 - pairs.len() / 16;
    match () {
        () if pairs.len() < 16 => None,
        () if even == 0 && odd >= mostly => Some(UTF_16LE),
        () if odd == 0 && even >= mostly => Some(UTF_16BE),
        () => None,
    }
}

/// A hash of what was read from disk, shared with whoever reads.
#[derive(Clone, Default)]
pub struct ContentHash(Arc<Mutex<Hashed>>);

#[derive(Default)]
struct Hashed {
    state: XxHash3_128,
    bytes: u64,
    whole: bool,
    changed: bool,
}

impl ContentHash {
    /// The hash of the whole file, once it has been read to its end.
    pub fn whole(&self) -> Option<u128> {
        self.with(|hashed| hashed.whole.then(|| hashed.state.finish_128()))
    }

    /// Whether somebody wrote to the file while it was read: what was read of it may be of two
    /// minds. To be asked at its end.
    pub fn changed(&self) -> bool {
        self.with(|hashed| hashed.changed)
    }

    fn bytes(&self) -> u64 {
        self.with(|hashed| hashed.bytes)
    }

    fn with<T>(&self, f: impl FnOnce(&mut Hashed) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The bytes of a file just as `ContentHash` hashes them while they are read.
pub fn content_hash(path: &Path) -> io::Result<u128> {
    let hash = ContentHash::default();
    let mut raw = Tap::open(path, &hash)?;
    let mut buffer = vec![0; 1 << 20];
    while raw.read(&mut buffer)? > 0 {}
    hash.whole().ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// Hashes and counts what is read.
struct Tap {
    file: File,
    hash: ContentHash,
    /// As the file was when it was opened.
    opened: State,
}

/// Size and time of the last change, where the file system tells it.
type State = (u64, Option<SystemTime>);

fn state(file: &File) -> io::Result<State> {
    file.metadata().map(|meta| (meta.len(), meta.modified().ok()))
}

impl Tap {
    fn open(path: &Path, hash: &ContentHash) -> io::Result<Tap> {
        let file = File::open(path)?;
        let opened = state(&file)?;
        Ok(Tap { file, hash: hash.clone(), opened })
    }
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        let ends = n == 0 && !buffer.is_empty();
        let changed = ends && state(&self.file)? != self.opened;
        self.hash.with(|hashed| {
            hashed.state.write(&buffer[..n]);
            hashed.bytes += n as u64;
            hashed.whole |= ends;
            hashed.changed |= changed;
        });
        Ok(n)
    }
}

/// Stops where far more comes out than went in.
struct Guard {
    unpacked: Bytes,
    packed: ContentHash,
    bytes: u64,
    begun: bool,
}

impl Read for Guard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = match self.unpacked.read(buffer) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                return Err(damaged(error, self.begun));
            }
            other => other?,
        };
        self.begun = true;
        self.bytes += n as u64;
        if self.bytes > RATIO_FREE && self.bytes / MAX_RATIO > self.packed.bytes() {
            return Err(io::Error::other(Bomb));
        }
        Ok(n)
    }
}

fn damaged(error: io::Error, begun: bool) -> io::Error {
    if error.raw_os_error().is_some() {
        // The disk's fault, not that of what is on it.
        return error;
    }
    let reason = match error.kind() {
        io::ErrorKind::UnexpectedEof => "the compressed file is cut short".to_string(),
        _ if begun => format!("the compressed file is damaged: {error}"),
        _ => format!("cannot be unpacked: {error}"),
    };
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[derive(Debug)]
struct Bomb;

impl std::error::Error for Bomb {}

impl fmt::Display for Bomb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a compression bomb: it unpacks to more than {MAX_RATIO} times its size")
    }
}

/// UTF-16 read as UTF-8; what is damaged becomes U+FFFD.
struct Utf16 {
    bytes: Bytes,
    decoder: Decoder,
    raw: Vec<u8>,
    text: io::Cursor<Vec<u8>>,
    ended: bool,
}

impl Read for Utf16 {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = self.text.read(buffer)?;
            if n > 0 || self.ended || buffer.is_empty() {
                return Ok(n);
            }
            self.raw.clear();
            (&mut self.bytes).take(HEAD as u64).read_to_end(&mut self.raw)?;
            self.ended = self.raw.is_empty();
            let most = self.decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(HEAD * 3);
            let mut text = String::with_capacity(most);
            let _ = self.decoder.decode_to_string(&self.raw, &mut text, self.ended);
            self.text = io::Cursor::new(text.into_bytes());
        }
    }
}

/// What an error of reading means for the file.
pub fn io_problem(source: &Source, error: &io::Error) -> Problem {
    let kind = match error.kind() {
        io::ErrorKind::InvalidData => ProblemKind::Malformed,
        _ if error.get_ref().is_some_and(|inner| inner.is::<Bomb>()) => ProblemKind::TooLarge,
        _ => ProblemKind::Unreadable,
    };
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "vanished before it was read".to_string(),
        io::ErrorKind::PermissionDenied => NO_PERMISSION.to_string(),
        _ => error.to_string(),
    };
    Problem { path: display_name(&source.path), place: None, kind, reason }
}

/// What it means that somebody wrote to a file while it was read.
pub fn changed_problem(source: &Source) -> Problem {
    let reason = "changed while it was read; the next run reads it again".to_string();
    let (path, kind) = (display_name(&source.path), ProblemKind::Unreadable);
    Problem { path, place: None, kind, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk that fails behind the first bytes.
    struct Failing(io::Cursor<Vec<u8>>);

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::Error::from_raw_os_error(5)),
                n => Ok(n),
            }
        }
    }

    #[test]
    fn a_disk_that_fails_is_no_damage_of_a_compressed_file() {
        let source = Source::new(&Path::new("a").into(), "a/b.gz".into(), 0, 0);
        let text = "We came late, said Ann Lee, and nobody was surprised.".as_bytes();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        io::Write::write_all(&mut gzip, text).unwrap();
        let packed = [
            (Packing::Gzip, gzip.finish().unwrap()),
            (Packing::Zstd, zstd::encode_all(text, 1).unwrap()),
        ];
        for (packing, mut bytes) in packed {
            bytes.truncate(bytes.len() - 12);
            let unpacked = packing.unpack(Box::new(Failing(io::Cursor::new(bytes)))).unwrap();
            let mut guard =
                Guard { unpacked, packed: ContentHash::default(), bytes: 0, begun: false };
            let error = guard.read_to_end(&mut Vec::new()).unwrap_err();
            let problem = io_problem(&source, &error);
            assert_eq!(problem.kind, ProblemKind::Unreadable, "{problem}");
            assert!(problem.reason.contains("os error 5"), "{problem}");
        }
    }
}
