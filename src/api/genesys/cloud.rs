//! Genesys Cloud as one of the APIs that wraptap knows.

use serde_json::Value;

use crate::api::catalogue::Catalogue;
use crate::api::client::detect::VersionHeader;
use crate::api::client::profile::ClientProfile;
use crate::api::contract::{Api, LoginPath, RefusalCode, Removed, StateRead};
use crate::api::genesys::catalogue;
use crate::api::genesys::region::Region;
use crate::api::genesys::{
    access, checks, clients, foreign_body, forum_body, member_facts, mistakes, probe_questions,
    refusal_codes, rules,
};
use crate::json::document::Document;
use crate::model::case::Case;
use crate::model::description::entry::Entry;
use crate::model::description::member_facts::MemberFacts;
use crate::model::finding::Finding;
use crate::model::remedy::Translation;
use crate::model::rule::{Access, Check, OpenQuestion, Recognizer, Rule};

/// Genesys Cloud, from the published SDK packages and the vendor's documentation.
#[derive(Clone, Copy, Debug)]
pub struct GenesysCloud;

impl Api for GenesysCloud {
    fn name(&self) -> &'static str {
        "Genesys Cloud"
    }

    fn base(&self) -> &str {
        catalogue::BASE
    }

    fn catalogue(&self) -> &Catalogue<'_> {
        catalogue::embedded()
    }

    fn is_own_host(&self, upstream: &str) -> bool {
        Region::of_host(upstream).is_some()
    }

    fn region_of_host(&self, host: &str) -> Option<String> {
        Region::of_host(host).map(|region| format!("{} ({})", region.aws, region.domain))
    }

    fn login<'p>(&self, path: &'p str) -> Option<LoginPath<'p>> {
        catalogue::login(path)
    }

    fn login_address(&self, upstream: &str) -> (String, &'static str) {
        let host = Region::of_host(upstream).map(Region::login_host);
        (host.unwrap_or_else(|| "the region's login host".to_owned()), catalogue::LOGIN)
    }

    fn removed(&self, method: &str, path: &str) -> Option<(Removed, Option<&Entry<'_>>)> {
        catalogue::removed::removed(method, path)
    }

    fn state_read(&self, path: &str) -> Option<StateRead> {
        path.contains("/conversations/").then_some(rules::READ_CONVERSATION)
    }

    fn answer_header(&self) -> Option<&'static str> {
        Some("ININ-Correlation-Id")
    }

    fn clients(&self) -> &'static [ClientProfile] {
        &clients::ALL
    }

    fn version_header(&self) -> Option<VersionHeader> {
        Some(clients::VERSION_HEADER)
    }

    fn usual_operation(&self) -> Option<&Entry<'_>> {
        catalogue::embedded().operation("POST", catalogue::APPLY)
    }

    fn member_facts(&self) -> &'static MemberFacts {
        &member_facts::FACTS
    }

    fn permissions(&self, entry: &Entry<'_>) -> Option<&'static str> {
        access::needed(entry.method, entry.template)
    }

    fn is_logout(&self, method: &str, path: &str) -> bool {
        method.eq_ignore_ascii_case("DELETE") && path.ends_with("/api/v2/tokens/me")
    }

    fn gateway_prefixes(&self) -> &'static [(&'static str, &'static str)] {
        &[("/api", catalogue::BASE), ("/login", "/oauth")]
    }

    fn refusal_code(&self, code: &str) -> Option<&'static RefusalCode> {
        refusal_codes::find(code)
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

    fn rules(&self) -> &'static [Rule] {
        rules::ALL
    }

    fn checks(&self) -> &'static [Check] {
        checks::ALL
    }

    fn recognizers(&self) -> &'static [Recognizer] {
        mistakes::ALL
    }

    fn open_questions(&self, case: &Case<'_>) -> Vec<OpenQuestion> {
        rules::open_questions(case)
    }

    fn ready_state(&self, case: &Case<'_>) -> Option<String> {
        rules::ready_state(case)
    }

    fn access(&self, case: &Case<'_>) -> Access {
        access::read(case)
    }

    fn foreign_body(&self, case: &Case<'_>, body: &Document) -> Option<Finding> {
        foreign_body::find(case, body)
    }

    fn translate(&self, body: &Value) -> Option<Translation> {
        forum_body::translate(body)
    }
}
