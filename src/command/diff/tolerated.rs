//! What accepted requests of the operation show to be harmless.

use crate::command::args::payload_arg;
use crate::diff::comparison::Comparison;
use crate::diff::tolerated::Tolerated;
use crate::model::exchange::Exchange;

/// Leaves out what accepted requests of the operation teach to be harmless, and says so.
pub(super) fn leave_out(comparison: &mut Comparison, accepted: &[Exchange]) -> Option<String> {
    let bodies: Vec<Vec<u8>> =
        accepted.iter().map(|exchange| payload_arg::decoded_body(&exchange.request)).collect();
    let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
    let places = Tolerated::from_accepted(&bodies).apply(comparison);
    let ids: Vec<String> = accepted.iter().map(|exchange| exchange.id.to_string()).collect();
    (!places.is_empty()).then(|| {
        let places: Vec<String> = places.iter().map(|place| format!("`{place}`")).collect();
        format!(
            "not reported, because accepted requests ({}) differ there as well: {}",
            ids.join(", "),
            places.join(", ")
        )
    })
}
