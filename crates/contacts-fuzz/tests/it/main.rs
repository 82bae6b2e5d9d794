//! What the fuzz targets check, over their seeds and over fixed changes of these: nothing new is found
//! so, but nothing that was found comes back either.

use std::fs;
use std::path::Path;

use contacts_fuzz::TARGETS;

/// For each seed.
const CHANGES: usize = 100;
const WORDS: [&[u8]; 14] = [
    b"\n",
    b"\n\n",
    b"\r\n",
    b"\"",
    b"{",
    b"}",
    b",",
    b"'",
    b"\0",
    b"\xFF",
    b"\xEF\xBB\xBF",
    b"18446744073709551615",
    b"-1",
    b"null",
];

fn changed(seed: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..random.usize(1..4) {
        if random.bool() {
            change_bytes(&mut bytes, random);
        } else {
            change_lines(&mut bytes, random);
        }
    }
    bytes
}

fn change_bytes(bytes: &mut Vec<u8>, random: &mut fastrand::Rng) {
    let at = random.usize(..=bytes.len());
    let end = (at + random.usize(..24)).min(bytes.len());
    let word = WORDS[random.usize(..WORDS.len())].iter().copied();
    match random.u8(..5) {
        0 => drop(bytes.drain(at..end)),
        1 => bytes.truncate(at),
        2 => drop(bytes.splice(at..at, bytes[at..end].to_vec())),
        3 => drop(bytes.splice(at..end, word)),
        _ => bytes
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|byte| *byte = random.u8(..)),
    }
}

/// Files of ours go line by line.
fn change_lines(bytes: &mut Vec<u8>, random: &mut fastrand::Rng) {
    let mut lines: Vec<_> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    if lines.is_empty() {
        return;
    }
    let (one, other) = (random.usize(..lines.len()), random.usize(..lines.len()));
    match random.u8(..3) {
        0 => drop(lines.remove(one)),
        1 => lines.insert(other, lines[one]),
        _ => lines.swap(one, other),
    }
    *bytes = lines.concat();
}

#[test]
fn no_change_of_a_seed_breaks_a_promise() {
    for (name, target) in TARGETS {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("seeds")
            .join(name);
        let mut seeds: Vec<_> = fs::read_dir(&seeds)
            .unwrap()
            .map(|seed| seed.unwrap().path())
            .collect();
        seeds.sort();
        assert!(!seeds.is_empty(), "{name}");
        let mut random = fastrand::Rng::with_seed(7);
        for seed in seeds {
            let seed = fs::read(seed).unwrap();
            target(&seed);
            for _ in 0..CHANGES {
                target(&changed(&seed, &mut random));
            }
        }
    }
}
