//! Genesys Cloud as one of the APIs that wraptap knows.

use crate::api::contract::{Api, RefusalCode};
use crate::api::genesys::catalogue;
use crate::api::genesys::region::Region;
use crate::api::genesys::{probe_questions, refusal_codes, sdk};
use crate::model::description::entry::Entry;
use crate::model::exchange::{Headers, Sdk};
use crate::model::operation::Operation;

/// Genesys Cloud, from the published SDK packages and the vendor's documentation.
#[derive(Clone, Copy, Debug)]
pub struct GenesysCloud;

impl Api for GenesysCloud {
    fn name(&self) -> &'static str {
        "Genesys Cloud"
    }

    fn is_own_host(&self, upstream: &str) -> bool {
        Region::of_host(upstream).is_some()
    }

    fn region_of_host(&self, host: &str) -> Option<String> {
        Region::of_host(host).map(|region| format!("{} ({})", region.aws, region.domain))
    }

    fn has_path(&self, path: &str) -> bool {
        catalogue::is_public(path)
    }

    fn own_path<'p>(&self, path: &'p str) -> &'p str {
        catalogue::public_path(path)
    }

    fn is_login(&self, path: &str) -> bool {
        catalogue::is_login(path)
    }

    fn operation_of(&self, method: &str, path: &str) -> Option<Operation> {
        catalogue::operation_of(method, path).map(Entry::operation)
    }

    fn client_method(&self, operation: &Operation) -> Option<&'static str> {
        catalogue::embedded().operation(&operation.method, &operation.template)?.javascript
    }

    fn client_of(&self, headers: &Headers) -> Option<Sdk> {
        sdk::detect(headers)
    }

    fn client_name<'n>(&self, client: &'n str) -> &'n str {
        sdk::spoken(client)
    }

    fn refusal_code(&self, code: &str) -> Option<&'static RefusalCode> {
        refusal_codes::of(code)
    }

    fn is_probed(&self, target: &str) -> bool {
        probe_questions::is_probed(target)
    }

    fn probe_targets(&self, method: &str, target: &str, status: u16) -> Vec<String> {
        probe_questions::probe_targets(method, target, status)
    }

    fn asks_for_token_owner(&self, target: &str) -> bool {
        probe_questions::asks_for_token_owner(target)
    }

    fn is_evidence(&self, method: &str, path: &str) -> bool {
        let read = method.eq_ignore_ascii_case("GET") && path.contains("/conversations/");
        read || path.ends_with("/tokens/me") || path.contains("/wrapupcodes") || self.is_login(path)
    }
}
