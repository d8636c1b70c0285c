//! The properties of the fuzz targets hold for their seeds, which are what fuzzing and attacks found, and for changes of
//! them. `fuzz/run` looks further, with libFuzzer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

#[path = "../../fuzz/properties.rs"]
mod properties;

/// Changes of each seed; `WRAPTAP_FUZZ_CHANGES` sets another number.
const CHANGES: u64 = 60;

/// A generator of numbers (xorshift64*), so that a failure comes again.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }
}

/// Changes a few places: bytes, repetitions, cuts, and pieces of other seeds.
fn changed(seed: &[u8], others: &[Vec<u8>], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=numbers.below(6) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + 1 + numbers.below(24)).min(bytes.len());
        match numbers.below(6) {
            0 => bytes.insert(at, numbers.below(256) as u8),
            1 => bytes.insert(at, b"\r\n\0\\\"%{}[]:,=;&'$<"[numbers.below(18)]),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let piece = bytes[at..end].repeat(1 + numbers.below(20));
                bytes.splice(at..at, piece);
            }
            4 => {
                let other = &others[numbers.below(others.len())];
                let from = numbers.below(other.len());
                let piece = other[from..(from + 40).min(other.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << numbers.below(8);
                }
            }
        }
        bytes.truncate(16 << 10);
    }
    bytes
}

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(name);
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn what_holds_for_any_bytes_holds_for_the_seeds_and_changes_of_them() {
    let changes =
        std::env::var("WRAPTAP_FUZZ_CHANGES").ok().and_then(|text| text.parse().ok()).unwrap_or(CHANGES);
    let mut failed = Vec::new();
    for (name, property) in properties::ALL {
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "{name} has no seeds");
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let all = seeds.iter().flat_map(|seed| std::iter::repeat_n(seed, 1 + changes as usize).enumerate());
        for (number, seed) in all {
            let bytes = if number == 0 { seed.clone() } else { changed(seed, &seeds, &mut numbers) };
            if catch_unwind(AssertUnwindSafe(|| property(&bytes))).is_err() {
                failed.push(format!("{name}: {:?}", String::from_utf8_lossy(&bytes)));
                break;
            }
        }
    }
    assert_eq!(failed, Vec::<String>::new());
}

#[test]
fn every_property_has_a_target_that_the_script_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let script = std::fs::read_to_string(root.join("run")).unwrap();
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    for (name, _) in properties::ALL {
        assert!(root.join(format!("fuzz_targets/{name}.rs")).exists(), "{name}");
        let is_run = script.split(|c: char| !c.is_ascii_lowercase()).any(|word| word == name);
        assert!(manifest.contains(&format!("name = \"{name}\"")) && is_run, "{name}");
    }
}
