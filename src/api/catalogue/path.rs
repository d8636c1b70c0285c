//! An API's own path in one that was sent: what clients and gateways put in front of it does not count.

/// Returns whether a path is one of the API with this base (`/api/v2`, or nothing), whatever precedes it.
pub fn is_own(base: &str, path: &str) -> bool {
    begin(base, path).is_some()
}

/// Cuts off what precedes the API's base, the query, and a trailing slash.
pub fn own<'p>(base: &str, path: &'p str) -> &'p str {
    let path = path.split('?').next().unwrap_or_default();
    let path = begin(base, path).map_or(path, |at| &path[at..]);
    path.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(path)
}

fn begin(base: &str, path: &str) -> Option<usize> {
    path.match_indices(base).map(|(at, _)| at).find(|at| path[at + base.len()..].starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_front_of_the_base_is_cut_off_and_a_word_that_begins_like_it_is_not_the_base() {
        for path in ["/v1/a", "/v1/a/", "//v1/a?x=/v1/b", "/gw/v1/a"] {
            assert_eq!(own("/v1", path), "/v1/a", "{path}");
        }
        assert!(!is_own("/v1", "/v10/a"));
        assert_eq!(own("/v1", "/v10/v1/a"), "/v1/a");
        assert_eq!(own("", "/a/b/"), "/a/b");
        assert_eq!(own("", "/"), "/");
    }
}
