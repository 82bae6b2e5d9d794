//! Runs the fuzz targets over their seeds and over fixed mutations of these. It finds nothing new, but it
//! detects the return of what the fuzzer found.

use std::fs;
use std::path::Path;

use contacts_fuzz::TARGETS;

/// For each seed.
const MUTATIONS: usize = 100;
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

fn mutated(seed: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..random.usize(1..4) {
        if random.bool() {
            mutate_bytes(&mut bytes, random);
        } else {
            mutate_lines(&mut bytes, random);
        }
    }
    bytes
}

fn mutate_bytes(bytes: &mut Vec<u8>, random: &mut fastrand::Rng) {
    let start = random.usize(..=bytes.len());
    let end = (start + random.usize(..24)).min(bytes.len());
    let word = WORDS[random.usize(..WORDS.len())].iter().copied();
    match random.u8(..5) {
        0 => drop(bytes.drain(start..end)),
        1 => bytes.truncate(start),
        2 => drop(bytes.splice(start..start, bytes[start..end].to_vec())),
        3 => drop(bytes.splice(start..end, word)),
        _ => bytes
            .iter_mut()
            .skip(start)
            .take(1)
            .for_each(|byte| *byte = random.u8(..)),
    }
}

/// Most of our files consist of lines.
fn mutate_lines(bytes: &mut Vec<u8>, random: &mut fastrand::Rng) {
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
fn no_mutation_of_a_seed_violates_a_property() {
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
            for _ in 0..MUTATIONS {
                target(&mutated(&seed, &mut random));
            }
        }
    }
}
