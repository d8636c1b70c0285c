//! The partners of the elements of an array while they are looked for.

/// The partner of each good element by index, `None` where there is none yet.
pub(super) type Partners = Vec<Option<usize>>;

/// The indices of the candidate's elements that have no partner.
pub(super) fn free_of(count: usize, partners: &Partners) -> Vec<usize> {
    let mut free = vec![true; count];
    for j in partners.iter().flatten() {
        free[*j] = false;
    }
    (0..count).filter(|j| free[*j]).collect()
}
