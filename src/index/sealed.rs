//! Small files that are replaced in one step and end in a checksum of theirs: those that say what
//! belongs to the index. The large ones have checksums of the engine's.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use twox_hash::XxHash3_64;

/// What stands between the contents and the digits of their checksum.
const MARK: &[u8] = b"\n# xxh3 ";
const DIGITS: usize = 16;

/// Puts a file in the place of another in one step. It has the permissions of any new file of the
/// user.
pub fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let mut file = File::create(&new)?;
    file.write_all(contents)?;
    file.write_all(MARK)?;
    writeln!(file, "{:0DIGITS$x}", XxHash3_64::oneshot(contents))?;
    file.sync_all()?;
    fs::rename(&new, path)
}

/// The contents of such a file. One without a checksum is taken as it is: what is lost or changed
/// of its end is no JSON any more.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = fs::read(path)?;
    let end = bytes.len().saturating_sub(MARK.len() + DIGITS + 1);
    let Some(digits) = bytes[end..].strip_prefix(MARK) else { return Ok(bytes) };
    let stated = format!("{:0DIGITS$x}\n", XxHash3_64::oneshot(&bytes[..end]));
    if digits != stated.as_bytes() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let reason = format!("the checksum of {name} is wrong");
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    bytes.truncate(end);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_a_bit_and_every_cut_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let contents = br#"{"segments":[1,2],"opstamp":17}"#;
        replace(&path, contents).unwrap();
        assert_eq!(read(&path).unwrap(), contents);
        let whole = fs::read(&path).unwrap();
        let is_json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).is_ok();
        for bit in 0..whole.len() * 8 {
            let mut other = whole.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &other).unwrap();
            assert!(!read(&path).is_ok_and(|bytes| is_json(&bytes)), "bit {bit}");
        }
        for end in 0..whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            let left = read(&path).unwrap();
            // Where only the checksum is gone, nothing is lost.
            assert!(left.trim_ascii() == contents || !is_json(&left), "cut at {end}");
        }
    }
}
