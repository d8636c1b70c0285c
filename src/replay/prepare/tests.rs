use super::*;
use crate::model::exchange::Body;
use crate::model::passage::{Change, Tunnel};
use crate::model::testing::exchange;
use crate::net::destination::Destination;
use crate::replay::credentials::Secret;

fn place(url: &str, chosen_by: ChosenBy) -> Place {
    let (server, base) = Destination::parse(url).unwrap();
    Place { server, base, chosen_by }
}

fn put() -> Exchange {
    let mut put = exchange(1, "PUT", "/api/v2/x?q=1", r#"{"a": 1}"#, 400);
    put.request.headers = Headers::of([
        ("HOST", "127.0.0.1:8080"),
        ("authorization", "Bearer redacted-bearer-0123456789ab"),
        ("Content-Type", "application/json"),
        ("X-B", "1"),
        ("Connection", "keep-alive"),
        ("transfer-encoding", "chunked"),
        ("x-b", "2"),
    ]);
    put
}

fn sent(exchange: &Exchange, bearer: &Bearer, changes: &Changes) -> Result<Outgoing, Vec<Blocker>> {
    prepare(exchange, &place("https://api.mypurecloud.de", ChosenBy::Recording), bearer, changes)
}

fn token() -> Bearer {
    Bearer::Token(Secret::new("fresh"))
}

#[test]
fn all_stays_but_host_credentials_and_framing() {
    let outgoing = sent(&put(), &token(), &Changes::default()).unwrap();
    assert_eq!(
        String::from_utf8(outgoing.head()).unwrap(),
        "PUT /api/v2/x?q=1 HTTP/1.1\r\nHOST: api.mypurecloud.de\r\nauthorization: Bearer fresh\r\n\
         Content-Type: application/json\r\nX-B: 1\r\nContent-Length: 8\r\nx-b: 2\r\n\r\n"
    );
    assert_eq!(&outgoing.body[..], br#"{"a": 1}"#);
}

#[test]
fn without_credentials_a_masked_header_is_a_blocker_that_names_the_way_out() {
    let blockers = sent(&put(), &Bearer::None, &Changes::default()).unwrap_err();
    assert_eq!(blockers, [Blocker::Masked { place: "headers.authorization".into() }]);
    assert!(blockers[0].way_out().unwrap().contains("GENESYSCLOUD_ACCESS_TOKEN"));
    let changes =
        Changes { headers: vec![("Authorization".into(), "Bearer own".into())], ..Changes::default() };
    let outgoing = sent(&put(), &Bearer::None, &changes).unwrap();
    assert_eq!(outgoing.headers.text("authorization"), Some("Bearer own"));
    let local = sent(&put(), &Bearer::AsRecorded, &Changes::default()).unwrap();
    assert!(local.headers.text("authorization").unwrap().ends_with("0123456789ab"));
}

#[test]
fn a_masked_cookie_is_left_out_and_said() {
    let mut put = put();
    put.request
        .headers
        .0
        .push(Header { name: "Cookie".into(), value: "s=redacted-cookie-0123456789ab".into() });
    let outgoing = sent(&put, &token(), &Changes::default()).unwrap();
    assert_eq!(outgoing.headers.text("cookie"), None);
    assert!(outgoing.notes[0].contains("Cookie"), "{:?}", outgoing.notes);
}

#[test]
fn masked_places_are_named_until_they_are_set() {
    let mut put = put();
    put.request.target = "/api?token=redacted-token-0123456789ab".into();
    put.request.body = Body::whole(&br#"{"a":{"secret":"redacted-secret-0123456789ab"}}"#[..]);
    let blockers = sent(&put, &token(), &Changes::default()).unwrap_err();
    let ways: Vec<String> = blockers.iter().map(|blocker| blocker.way_out().unwrap()).collect();
    assert_eq!(ways, ["`--target /path?query`", "`--set /a/secret=…`"]);
    let changes = Changes {
        target: Some("/api?token=1".into()),
        edits: vec![edits::parse_set("/a/secret=x").unwrap()],
        ..Changes::default()
    };
    let outgoing = sent(&put, &token(), &changes).unwrap();
    assert_eq!(&outgoing.body[..], br#"{"a":{"secret":"x"}}"#);
    assert_eq!(outgoing.headers.text("content-length"), Some("20"));
}

#[test]
fn a_cut_or_withheld_body_needs_another_one() {
    let mut put = put();
    put.request.body.cut = true;
    put.request.body.total = 99;
    assert_eq!(sent(&put, &token(), &Changes::default()), Err(vec![Blocker::Cut { recorded: 8, total: 99 }]));
    put.request.body.bytes = Bytes::new();
    assert_eq!(sent(&put, &token(), &Changes::default()), Err(vec![Blocker::Withheld(99)]));
    let changes = Changes { body: Some(Bytes::from_static(b"{}")), ..Changes::default() };
    assert_eq!(&sent(&put, &token(), &changes).unwrap().body[..], b"{}");
}

#[test]
fn logins_logouts_and_tunnels_are_never_sent_again_however_they_are_written() {
    for target in
        ["/oauth/token", "/login/oauth/token?x", "/oauth/%74oken/", "//a/../OAuth/token", "/oauth/./token;x"]
    {
        let mut login = put();
        login.request.target = target.into();
        assert_eq!(sent(&login, &token(), &Changes::default()), Err(vec![Blocker::Login]), "{target}");
    }
    let changes = Changes { target: Some("/oauth/token".into()), ..Changes::default() };
    assert_eq!(sent(&put(), &token(), &changes), Err(vec![Blocker::Login]));
    let mut logout = put();
    (logout.request.method, logout.request.target) = ("DELETE".into(), "/api/v2/tokens/me".into());
    assert_eq!(sent(&logout, &token(), &Changes::default()), Err(vec![Blocker::Logout]));
    let mut tunnel = put();
    tunnel.tunnel = Some(Tunnel::default());
    assert_eq!(sent(&tunnel, &token(), &Changes::default()), Err(vec![Blocker::Tunnel]));
}

#[test]
fn an_absolute_target_decides_nothing_about_where_it_goes() {
    let mut put = put();
    put.request.target = "http://evil.example/api/v2/x?y=http://evil.example".into();
    let outgoing = sent(&put, &token(), &Changes::default()).unwrap();
    assert_eq!(outgoing.target, "/api/v2/x?y=http://evil.example".into());
    assert_eq!(outgoing.headers.text("host"), Some("api.mypurecloud.de"));
}

#[test]
fn what_could_end_a_line_is_not_sent() {
    let places = |change: fn(&mut Request)| {
        let mut put = put();
        change(&mut put.request);
        let blockers = sent(&put, &token(), &Changes::default()).unwrap_err();
        blockers[0].to_string()
    };
    assert!(
        places(|request| request.headers.0[3].value = "1\r\nX-Evil: 1".into()).starts_with("`headers.X-B`")
    );
    assert!(places(|request| request.headers.0[3].name = "X B".into()).starts_with("`headers.X B`"));
    assert!(places(|request| request.target = "/a HTTP/1.1\r\nX: ".into()).starts_with("`target`"));
    assert!(places(|request| request.method = "GET /".into()).starts_with("`method`"));
}

#[test]
fn a_head_of_megabytes_is_not_sent() {
    let mut put = put();
    put.request.headers.0[3].value = "x".repeat(10 << 20).into();
    let blockers = sent(&put, &token(), &Changes::default()).unwrap_err();
    assert!(
        matches!(&blockers[..], [Blocker::Large { place, .. }] if place == "headers.X-B"),
        "{blockers:?}"
    );
}

#[test]
fn the_target_is_the_one_the_upstream_got_and_a_base_of_its_own_stays_with_it() {
    let target = |from: &str, to: &str, url: &str, chosen_by| {
        let mut put = put();
        put.request.target = from.into();
        put.changed = vec![Change {
            side: Side::Request,
            what: "target".into(),
            from: Some(from.into()),
            to: Some(to.into()),
            why: String::new(),
        }];
        prepare(&put, &place(url, chosen_by), &token(), &Changes::default()).unwrap().target
    };
    assert_eq!(target("//api/v2/x", "/api/v2/x", "http://h", ChosenBy::Recording), "/api/v2/x".into());
    assert_eq!(target("//api/v2/x", "/api/v2/x", "http://h/base/", ChosenBy::User), "/base/api/v2/x".into());
    assert_eq!(target("/x", "/base/x", "http://h", ChosenBy::Recording), "/base/x".into());
    assert_eq!(target("/x", "/base/x", "http://other", ChosenBy::User), "/x".into());
}
