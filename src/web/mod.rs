//! Floor 5: the page.
