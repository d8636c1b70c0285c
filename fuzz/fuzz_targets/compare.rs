//! Two bodies, one behind the other with a zero byte between: comparing, patching and correcting never panic, a
//! body has no difference from itself, and a corrected body has no error left.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wraptap::diff::{self, fix, patch};
use wraptap::model::finding::Severity;

fuzz_target!(|bytes: &[u8]| {
    let cut = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (good, rest) = bytes.split_at(cut);
    let candidate = rest.get(1..).unwrap_or_default();
    let options = diff::Options::default();
    let comparison = diff::bodies(good, candidate, &options);
    patch::patch(&comparison);
    if let Some(fixed) = fix::fixed(&comparison) {
        let after = diff::bodies(good, fixed.body.as_bytes(), &options);
        assert_eq!(after.count(Severity::Error), 0, "{:?}", after.findings);
    }
    let same = diff::bodies(good, good, &options);
    if same.good.is_json() {
        assert!(same.findings.is_empty(), "{:?}", same.findings);
    }
});
