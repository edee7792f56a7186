//! Git's encoding of bytes that are no text: base 85 over zlib, whole or as a delta. Does no I/O.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use crate::core::{Error, Result};

/// One direction of a binary difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chunk {
    /// The content itself.
    Literal(Vec<u8>),
    /// Instructions that make it from the other side.
    Delta(Vec<u8>),
}

/// A binary difference; what leads back is absent in diffs of old gits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binary {
    /// From before to after.
    pub forward: Chunk,
    /// From after to before.
    pub reverse: Option<Chunk>,
}

/// Tells whether git would call a content binary.
pub fn is_binary(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(8000)].contains(&0)
}

const ALPHABET: &[u8; 85] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/// What each character stands for.
const DIGITS: [Option<u8>; 256] = {
    let (mut digits, mut n) = ([None; 256], 0);
    while n < ALPHABET.len() {
        digits[ALPHABET[n] as usize] = Some(n as u8);
        n += 1;
    }
    digits
};

/// The lines `literal N` or `delta N` with their data, and the empty line that ends them.
fn put(out: &mut Vec<u8>, word: &str, bytes: &[u8]) {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail.
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default();
    out.extend_from_slice(format!("{word} {}\n", bytes.len()).as_bytes());
    for line in packed.chunks(52) {
        let len = line.len() as u8;
        out.push(if len <= 26 { b'A' + len - 1 } else { b'a' + len - 27 });
        for group in line.chunks(4) {
            let mut word = [0; 4];
            word[..group.len()].copy_from_slice(group);
            let mut value = u32::from_be_bytes(word);
            let mut digits = [0; 5];
            for digit in digits.iter_mut().rev() {
                *digit = ALPHABET[(value % 85) as usize];
                value /= 85;
            }
            out.extend_from_slice(&digits);
        }
        out.push(b'\n');
    }
    out.push(b'\n');
}

/// Writes both directions, each in the shorter way.
pub fn write(out: &mut Vec<u8>, old: &[u8], new: &[u8]) {
    out.extend_from_slice(b"GIT binary patch\n");
    for (from, to) in [(old, new), (new, old)] {
        let delta = delta(from, to);
        if !from.is_empty() && delta.len() < to.len() / 2 {
            put(out, "delta", &delta);
        } else {
            put(out, "literal", to);
        }
    }
}

/// Writes a difference turned round.
pub fn write_reversed(out: &mut Vec<u8>, binary: &Binary) {
    out.extend_from_slice(b"GIT binary patch\n");
    for chunk in binary.reverse.iter().chain([&binary.forward]) {
        match chunk {
            Chunk::Literal(bytes) => put(out, "literal", bytes),
            Chunk::Delta(bytes) => put(out, "delta", bytes),
        }
    }
}

fn varint(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A delta that keeps the common beginning and end: where binaries change in one place, that is all there is.
fn delta(from: &[u8], to: &[u8]) -> Vec<u8> {
    let head = from.iter().zip(to).take_while(|(a, b)| a == b).count();
    let tail = from[head..].iter().rev().zip(to[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let mut out = Vec::new();
    varint(&mut out, from.len());
    varint(&mut out, to.len());
    copy(&mut out, 0, head);
    for part in to[head..to.len() - tail].chunks(127) {
        out.push(part.len() as u8);
        out.extend_from_slice(part);
    }
    copy(&mut out, from.len() - tail, tail);
    out
}

/// Copy instructions; one reaches 16 MiB less one byte.
fn copy(out: &mut Vec<u8>, mut at: usize, mut len: usize) {
    while len > 0 {
        let part = len.min(0xFF_FFFF);
        let (mut op, mut bytes) = (0x80, Vec::new());
        for n in 0..4 {
            let byte = (at >> (8 * n)) as u8;
            if byte != 0 {
                op |= 1 << n;
                bytes.push(byte);
            }
        }
        for n in 0..3 {
            let byte = (part >> (8 * n)) as u8;
            if byte != 0 {
                op |= 0x10 << n;
                bytes.push(byte);
            }
        }
        out.push(op);
        out.extend(bytes);
        at += part;
        len -= part;
    }
}

/// A file is not larger than this on any side.
const LIMIT: u64 = 1 << 31;

/// Reads the lines after `GIT binary patch`; gives the difference and how many lines it took.
pub fn read(lines: &[&[u8]]) -> std::result::Result<(Binary, usize), &'static str> {
    let (forward, used) = read_chunk(lines)?.ok_or("neither 'literal' nor 'delta' follows")?;
    let (reverse, more) = match read_chunk(&lines[used..])? {
        Some((chunk, more)) => (Some(chunk), more),
        None => (None, 0),
    };
    Ok((Binary { forward, reverse }, used + more))
}

fn read_chunk(lines: &[&[u8]]) -> std::result::Result<Option<(Chunk, usize)>, &'static str> {
    let head =
        lines.first().map(|line| String::from_utf8_lossy(line.trim_ascii_end()).into_owned()).unwrap_or_default();
    let Some((word, size)) = head.split_once(' ').filter(|(word, _)| ["literal", "delta"].contains(word)) else {
        return Ok(None);
    };
    let size: u64 = size.parse().map_err(|_| "the size is no number")?;
    let (mut packed, mut used) = (Vec::new(), 1);
    for line in &lines[1..] {
        used += 1;
        let line = line.trim_ascii_end();
        let Some((first, digits)) = line.split_first() else { break };
        let len = match first {
            b'A'..=b'Z' => first - b'A' + 1,
            b'a'..=b'z' => first - b'a' + 27,
            _ => return Err("a line does not begin with its length"),
        };
        let mut bytes = Vec::with_capacity(digits.len());
        for group in digits.chunks(5) {
            let digit = |byte: &u8| DIGITS[usize::from(*byte)].map(u64::from);
            let value = group.iter().map(digit).try_fold(0, |value, digit| Some(value * 85 + digit?));
            let value = value.filter(|_| group.len() == 5).ok_or("a line is no base 85")?;
            bytes.extend_from_slice(&u32::try_from(value).map_err(|_| "a line is no base 85")?.to_be_bytes());
        }
        packed.extend_from_slice(bytes.get(..usize::from(len)).ok_or("a line is shorter than it says")?);
    }
    if size > LIMIT {
        return Err("it is larger than two gigabytes");
    }
    let mut bytes = Vec::new();
    ZlibDecoder::new(&*packed).take(size + 1).read_to_end(&mut bytes).map_err(|_| "the data is damaged")?;
    if bytes.len() as u64 != size {
        return Err("the data has another size than it says");
    }
    Ok(Some((if word == "delta" { Chunk::Delta(bytes) } else { Chunk::Literal(bytes) }, used)))
}

/// The content that a chunk gives, made from the other side's where it is a delta.
pub fn apply(path: &str, base: &[u8], chunk: &Chunk) -> Result<Vec<u8>> {
    match chunk {
        Chunk::Literal(bytes) => Ok(bytes.clone()),
        Chunk::Delta(delta) => run(base, delta).ok_or_else(|| {
            Error::new(crate::core::Kind::Conflict, format!("{path}: the binary difference does not fit"))
                .path(path)
                .hint("the file is not the one the patch was made for")
        }),
    }
}

fn run(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = delta.iter().copied();
    let mut number = || {
        let (mut value, mut shift) = (0usize, 0);
        loop {
            let byte = bytes.next()?;
            value |= usize::from(byte & 0x7F).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
    };
    let (from, to) = (number()?, number()?);
    if from != base.len() || to as u64 > LIMIT {
        return None;
    }
    let mut out = Vec::with_capacity(to.min(1 << 24));
    while let Some(op) = bytes.next() {
        if op & 0x80 == 0 {
            let len = usize::from(op);
            let before = out.len();
            out.extend(bytes.by_ref().take(len));
            if len == 0 || out.len() - before != len {
                return None;
            }
            continue;
        }
        let mut part = |mask: u8, count: u8| {
            (0..count)
                .filter(|n| op & (mask << n) != 0)
                .try_fold(0usize, |value, n| Some(value | usize::from(bytes.next()?) << (8 * n)))
        };
        let (at, len) = (part(1, 4)?, part(0x10, 3)?);
        let len = if len == 0 { 0x10000 } else { len };
        out.extend_from_slice(base.get(at..at.checked_add(len)?)?);
        if out.len() > to {
            return None;
        }
    }
    (out.len() == to).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_come_through() {
        let long: Vec<u8> = (0..40_000u32).flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_le_bytes()).collect();
        let mut other = long.clone();
        other.splice(100_000..100_010, [1, 2, 3]);
        let cases: [(&[u8], &[u8]); 6] =
            [(b"", b"\0"), (b"\0a", b""), (b"\0x\0", b"\0y\0"), (&long, &other), (&other, b"\0"), (b"\0", &long)];
        for (old, new) in cases {
            let mut text = Vec::new();
            write(&mut text, old, new);
            let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
            let (binary, used) = read(&lines[1..]).expect("what was written can be read");
            assert_eq!(used, lines.len() - 1);
            assert_eq!(apply("f", old, &binary.forward).ok().as_deref(), Some(new));
            assert_eq!(binary.reverse.and_then(|chunk| apply("f", new, &chunk).ok()).as_deref(), Some(old));
        }
    }

    #[test]
    fn damage_is_no_panic() {
        let mut text = Vec::new();
        write(&mut text, b"\0old", b"\0new");
        for at in 17..text.len() {
            let mut bad = text.clone();
            bad[at] ^= 0x15;
            let lines: Vec<&[u8]> = bad.split_inclusive(|b| *b == b'\n').collect();
            let _ = read(&lines[1..]);
        }
        for delta in [
            &b""[..],
            b"\x04",
            b"\x04\x04\x80",
            b"\x04\x04\x91\xff\xff",
            b"\x04\x04\x05ab",
            b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
        ] {
            assert_eq!(run(b"base", delta), None);
        }
    }
}
