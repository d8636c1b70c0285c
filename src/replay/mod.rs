//! Floor 5: sends recorded requests again, answers from recordings, isolates causes.
