//! Made-up traffic of some clients: each exchange is nearly the one before of the same client, and secrets
//! come, go and are echoed wherever they can be.

use crate::model::exchange::*;
use crate::model::passage::*;

/// Secrets that come again and again; the first three overlap where one is echoed behind the other.
const SECRETS: [&str; 12] = [
    "abcdefgh1234",
    "efgh1234wxyz",
    "1234wxyz-abcdefgh1234",
    "tK9-vQ2_xR7.planted~41",
    "pl@nted/s3cr+t&<x>\"y'z",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJlLXBsYW50ZWQ",
    "two lines 1\n\nof a secret 2",
    "application/json",
    "keep-alive",
    "k",
    "aWQ6Y2xpZW50LXNlY3JldC85OQ==",
    "X-Secret-Name-77",
];

/// Numbers that look random and are the same in every run.
pub(super) struct Dice {
    pub(super) state: u64,
    /// One secret of this number was never seen before.
    pub(super) fresh: usize,
}

impl Dice {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % end
    }

    fn secret(&mut self) -> String {
        if self.below(self.fresh) == 0 {
            return format!("fresh-{:x}", self.below(1 << 30));
        }
        SECRETS[self.below(SECRETS.len())].to_owned()
    }

    /// A text of an exchange, that now and then has a secret.
    fn text(&mut self) -> String {
        let secret = self.secret();
        match self.below(16) {
            0 => secret,
            1 => format!("seen: {secret}, and {secret}"),
            2 => format!("a=1&access_token={secret}&b=2"),
            3 => format!("https://host/x?note={}", secret.replace('/', "%2F").replace('1', "%31")),
            4 => format!(r#"{{"client_secret":"{secret}","a":1}}"#),
            5 => format!(r#"{{"n":"\u0041{}"}}"#, secret.replace('e', r"\u0065")),
            6 => "x".repeat(self.below(600)),
            7 => format!("grant_type=x&code={secret}"),
            8 => "https://host/callback?state=1&code=once-only-1".to_owned(),
            9 => "100% sure".to_owned(),
            10 | 11 => format!("{}abcdefgh1234wxyz", "-".repeat(self.below(6))),
            _ => format!("plain {}", self.below(5)),
        }
    }

    fn header(&mut self) -> Header {
        let name = [
            "Host",
            "User-Agent",
            "Accept",
            "X-Note",
            "Referer",
            "Date",
            "X-Plain",
            "Authorization",
            "Cookie",
            "X-Api-Key",
            "Set-Cookie",
            "X-Secret-Name-77",
        ][self.below(12)];
        let secret = self.secret();
        let value = match name {
            "Authorization" => {
                [format!("Bearer {secret}"), format!("Basic {secret}"), secret][self.below(3)].clone()
            }
            "Cookie" => format!("a=b; sid={secret}"),
            "Set-Cookie" => format!("sid={secret}; Path=/"),
            "X-Api-Key" => secret,
            _ => self.text(),
        };
        Header { name: name.into(), value: value.into() }
    }

    fn body(&mut self) -> Body {
        match self.below(12) {
            0 => Body::whole(format!("{}{}", "x".repeat(9000), self.text())),
            1 => Body::default(),
            _ => Body::whole(self.text()),
        }
    }

    fn change(&mut self) -> Change {
        Change {
            side: [Side::Request, Side::Response][self.below(2)],
            what: ["Host", "Authorization", "header order", "X-Secret-Name-77"][self.below(4)].to_owned(),
            from: (self.below(2) == 0).then(|| self.text()),
            to: (self.below(2) == 0).then(|| self.text()),
            why: "routed".to_owned(),
        }
    }

    /// Changes something in an exchange.
    pub(super) fn change_in(&mut self, exchange: &mut Exchange) {
        let dice = self;
        if let Some(response) = &mut exchange.response {
            match dice.below(8) {
                0 => dice.shift(&mut response.headers),
                1 => response.body = dice.body(),
                2 => response.reason = dice.text().into(),
                3 if dice.below(8) == 0 => {
                    response.head = Some(format!("X: y\nX-Api-Key: {}", dice.secret()).into());
                }
                4 if dice.below(4) == 0 => dice.shift(&mut response.trailers),
                _ => {}
            }
        }
        match dice.below(16) {
            0..4 => dice.shift(&mut exchange.request.headers),
            4 | 5 => exchange.request.body = dice.body(),
            6 => {
                let text = dice.text();
                exchange.request.target = match dice.below(4) {
                    0 => "/oauth/token".into(),
                    1 => format!("/x?y={text}").into(),
                    2 => format!("/x?access_token={text}").into(),
                    _ => "/api/v2/x".into(),
                };
            }
            7 => exchange.changed.push(dice.change()),
            8 => exchange.changed.truncate(dice.below(2)),
            9 => {
                let marks = vec![dice.text()];
                exchange.sdk = Some(Sdk { name: "x".into(), version: Some("1".into()), marks });
            }
            10 => exchange.upstream = dice.text(),
            11 => {
                let headers = Headers(vec![dice.header()]);
                exchange.interim = vec![Interim { status: 103, reason: "Early".into(), headers }];
            }
            12 => exchange.interim.clear(),
            13 => exchange.request.body = Body::default(),
            14 => exchange.request.target = "/api/v2/x".into(),
            _ => {
                let message = dice.text();
                exchange.error =
                    (dice.below(2) == 0).then_some(Failure { source: FailureSource::Upstream, message });
            }
        }
    }

    /// Adds, takes away, replaces or swaps headers.
    fn shift(&mut self, headers: &mut Headers) {
        let count = headers.0.len();
        match self.below(5) {
            0 if count > 0 => drop(headers.0.remove(self.below(count))),
            1 if count > 0 => headers.0.swap(self.below(count), 0),
            2 if count < 12 => headers.0.insert(self.below(count + 1), self.header()),
            _ if count > 0 => headers.0[self.below(count)] = self.header(),
            _ => {}
        }
    }
}
