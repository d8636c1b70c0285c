//! The page is not a way in: on every route there is.

use wraptap::web::routes;

use super::Page;
use crate::traffic::{Recording, wrap_up};

fn recording() -> Recording {
    Recording::of([wrap_up(r#"{"codeId":"x","durationMs":1}"#, 204), wrap_up(r#"{"codeId":null}"#, 400)])
}

/// Every route with its placeholders filled in, and a path that is none.
fn all() -> Vec<(&'static str, String)> {
    let fill = |path: &str| {
        path.replace("{recording}", "0")
            .replace("{id}", "1")
            .replace("{format}", "md")
            .replace("{message}", "request")
            .replace("{form}", "curl")
            .replace("{name}", "page.css")
    };
    let mut all: Vec<_> = routes::all().into_iter().map(|(method, path)| (method, fill(path))).collect();
    assert!(all.len() >= 12 && all.iter().all(|(_, path)| !path.contains('{')), "{all:?}");
    all.push(("GET", "/no/such/page".to_owned()));
    all
}

#[test]
fn without_the_cookie_every_route_refuses() {
    let recording = recording();
    let page = Page::on(&[&recording]);
    let stranger = format!("Cookie: {}=x", page.cookie.split('=').next().unwrap());
    for (method, path) in all() {
        for cookie in ["Cookie: none=1", &stranger] {
            let answer = page.ask(method, &path, &[cookie], "{}");
            assert_eq!(answer.status(), 403, "{method} {path} with {cookie}");
            assert!(answer.body.contains("This page needs its link"), "{}", answer.body);
        }
    }
}

#[test]
fn another_host_origin_or_site_is_refused_on_every_route_though_the_cookie_is_right() {
    let recording = recording();
    let page = Page::on(&[&recording]);
    let port = page.address.rsplit(':').next().unwrap();
    let lines = [
        "Host: example.com".to_owned(),
        format!("Host: rebound.example:{port}"),
        "Host: 127.0.0.1".to_owned(),
        "Origin: http://example.com".to_owned(),
        "Origin: null".to_owned(),
        "Origin: http://127.0.0.1:1".to_owned(),
        "Sec-Fetch-Site: cross-site".to_owned(),
        "Sec-Fetch-Site: same-site".to_owned(),
    ];
    for (method, path) in all() {
        for line in &lines {
            let answer = page.ask(method, &path, &[line], "{}");
            assert_eq!(answer.status(), 403, "{method} {path} with {line}");
            assert!(answer.header("set-cookie").is_none());
        }
    }
    assert!(!page.baselines().exists());
}

#[test]
fn every_answer_forbids_what_a_page_could_be_made_to_do() {
    let recording = recording();
    let page = Page::on(&[&recording]);
    let mut answers = vec![page.ask("GET", "/", &["Cookie: none=1"], "")];
    let routes = all();
    // the stream of events has no end
    for (method, path) in routes.iter().filter(|(_, path)| path != "/events") {
        answers.push(page.ask(method, path, &[], "{}"));
    }
    for answer in answers {
        let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cache-control"), "no-store");
        if header("content-type").starts_with("text/html") && header("content-disposition").is_empty() {
            assert_eq!(
                answer.body.matches("<script").count(),
                answer.body.matches("<script src=\"/").count()
            );
            for word in ["<style", " style=", " onclick=", "javascript:", "http://", "https://"] {
                let shown = answer.body.replace("https://api.mypurecloud.de", "");
                assert!(!shown.contains(word), "{word} in {}", answer.body);
            }
        }
    }
}

#[test]
fn nothing_changes_by_get() {
    let recording = recording();
    let page = Page::on(&[&recording]);
    let before = recording.text();
    for (_, path) in all().iter().filter(|(_, path)| path != "/events") {
        for method in ["GET", "HEAD"] {
            let answer = page.ask(method, path, &[], "");
            let posted = path.ends_with("/baseline") || path == "/link";
            assert_eq!(answer.status() == 405, posted, "{method} {path}: {}", answer.head);
        }
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
        assert_eq!(page.ask(method, "/x/0/1/baseline", &[], "{}").status(), 405, "{method}");
    }
    assert!(!page.baselines().exists());
    assert_eq!(recording.text(), before);
}

#[test]
fn a_post_has_to_be_json_and_say_where_it_comes_from() {
    let recording = recording();
    let page = Page::on(&[&recording]);
    for kind in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx"]
    {
        let answer = page.ask("POST", "/x/0/1/baseline", &[&format!("Content-Type: {kind}")], "{}");
        assert_eq!(answer.status(), 415, "{kind}");
    }
    assert_eq!(page.ask("POST", "/x/0/1/baseline", &["Origin:"], "{}").status(), 403);
    assert_eq!(page.ask("POST", "/x/0/1/baseline", &[], "no json").status(), 400);
    assert!(!page.baselines().exists());
}

#[test]
fn the_link_works_once_and_another_one_can_be_made() {
    let recording = recording();
    let page = Page::on(&[&recording]);
    let used = page.ask("GET", page.token(), &["Cookie: none=1"], "");
    assert_eq!(used.status(), 403);
    assert!(used.body.contains("It works once"), "{}", used.body);
    assert_eq!(page.ask("GET", page.token(), &[], "").status(), 303, "who is in already just goes on");

    let made = page.ask("POST", "/link", &[], "{}");
    let link: serde_json::Value = serde_json::from_str(&made.body).unwrap();
    let target = link["link"].as_str().unwrap().split_once(&page.address).unwrap().1.to_owned();
    assert_eq!(page.ask("HEAD", &target, &["Cookie: none=1"], "").status(), 403, "looking uses nothing up");
    let opened = page.ask("GET", &target, &["Cookie: none=1"], "");
    assert_eq!(opened.status(), 303);
    assert!(opened.header("set-cookie").unwrap().starts_with(&page.cookie));
}

#[test]
fn the_cookie_of_an_earlier_start_is_refused_with_the_way_on() {
    let recording = recording();
    let (earlier, page) = (Page::on(&[&recording]), Page::on(&[&recording]));
    let stale = earlier.cookie.split('=').nth(1).unwrap();
    let name = page.cookie.split('=').next().unwrap();
    let answer = page.ask("GET", "/", &[&format!("Cookie: {name}={stale}")], "");
    assert_eq!(answer.status(), 403);
    assert!(answer.body.contains("Open the newest link in the terminal"), "{}", answer.body);
}
