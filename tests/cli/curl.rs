//! curl commands in and out, against the real curl: what it sends, what wraptap reads, what wraptap writes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use wraptap::interchange::curl::{self, CurlFact, CurlFiles};
use wraptap::interchange::message;
use wraptap::model::exchange::ExchangeId;
use wraptap::model::timestamp::Timestamp;

use crate::byte_server::ByteServer;

/// Reads the files of a folder, as curl does when it runs there.
struct Folder<'a>(&'a Path);

impl CurlFiles for Folder<'_> {
    fn read(&self, name: &str) -> std::io::Result<Vec<u8>> {
        fs::read(self.0.join(name))
    }
}

/// Commands as people write them; `{at}` is the recorder's host and port.
const COMMANDS: &[&str] = &[
    "curl -s http://{at}",
    "curl -s {at}/a/../b/./c?x=../y#fragment",
    "curl -sS -XPOST 'http://{at}/api/v2/x?a=b&c' -H 'Content-Type: application/json' --data-raw '{\"code\":\"7fb3\"}'",
    "curl -s http://{at} --json '{\"a\": \"it'\\''s\"}' --json '[]' -H 'accept: text/plain'",
    "curl -s http://{at} -d a=1 -d '' -d @text.txt --data-binary @binary --data-urlencode 'n=ü &/~' --data-raw '@raw'",
    "curl -s http://{at} --data-urlencode 'plain text' --data-urlencode '=x=' --data-urlencode name@text.txt",
    "curl -s -G http://{at}/p?q -d a=1 --data-urlencode 'b=ü/Z' --url-query 'c=d e'",
    "curl -s 'http://{at}/?x#f' --url-query 'c=d é' --url-query +raw=%2F --url-query n@text.txt",
    "curl -s -I http://{at}/head",
    "curl -s -X OPTIONS --request-target '*' http://{at}/",
    "curl -s http://{at} -A agent -e 'http://from/;auto' -b 'a=b; c' -b d=e -r 0-9 --tr-encoding",
    "curl -s http://{at} --compressed -r 5",
    "curl -s http://{at} -H 'X-A:nospace' -H 'X-B:  two  ' -H 'X-Empty;' -H 'Accept:' -H 'User-Agent:' -H 'Nothing'",
    "curl -s http://{at} -H 'Host: else.where' -H 'user-agent: mine' -H 'X: 1' -H 'X: 2'",
    "curl -s http://{at} -d x -H 'Content-Type:' -H 'Content-Length: 1'",
    "curl -s http://{at} -X POST -H 'Content-Length: 0' -H 'Content-Type: application/json'",
    "curl -s http://{at} -d xyz -H 'Transfer-Encoding: chunked'",
    "curl -s http://{at} -H 'Transfer-Encoding: chunked' -d ''",
    "curl -s http://{at}/dir/ -T text.txt",
    "curl -s http://{at}/dir -T text.txt -X POST -H 'Content-Type: text/plain'",
    "curl -s http://{at} -T empty",
    "curl -s http://{at}/stdin -T - < text.txt",
    "curl -s http://{at} -F a=b -F 'c=@text.txt' -F 'd=<text.txt' -F 'e={\"a\":1};type=application/json' --form-string 'f=@x;y'",
    "curl -s http://{at} -F 'c=@binary;filename=\"a\\\"b.png\"' -H 'Content-Type: multipart/form-data'",
    "curl -s -0 http://{at} -d x",
    "curl -s --globoff 'http://{at}/{a}?b[]=1'",
    "curl -s 'http://{at}/{a,b}?n=[8-10]'",
    "curl -s --path-as-is http://{at}/a/../b",
    "curl -s http://{at}/%7e%zz/ü?é",
    "curl -s http://{at}/one http://{at}/two -d x --next -s http://{at}/three",
    "curl -s http://{at} --data-binary $'a\\tb\\r\\n\\x00c\\xff\\u00fc\\'\\\\'",
    "curl -s http://{at} -d \"a \\\"b\\\" \\$c \\\\ \\d\" \\\n  -H \"X: y\" # a comment\n",
    "curl -s http://{at} -d @- <<'END'\n{\"a\": \"$b\"}\nEND\n",
    "curl -s http://{at} --data-binary @- <<END\n{\"a\": \"\\$b\", \"c\": \"\\\"\"}\nEND\n",
    "curl -s http://{at} --data-binary @- <<< 'here string'",
    "curl -s http://{at} --data-binary @large",
    "curl -s http://{at} --data-binary @huge",
    "curl -s http://{at} --data-binary @huge -H 'Expect:'",
    "curl -s http://{at} -d 'tab\tand \u{7}bell' -H $'X-Odd: \\xe9'",
    "curl -s http://{at} -d \"can't\" -d '$HOME `id` !x'",
    "curl -s --no-compressed --url http://{at}/url -d item[]=1 -d item[]=2",
    // as Postman writes a login: the form's media type in front, and a secret in the body
    "curl -s -L --request POST 'http://{at}/oauth/token' --header 'Content-Type: application/x-www-form-urlencoded' --data-urlencode 'grant_type=client_credentials'",
    "curl -sSLXPATCH -HX-A:1 -d'{\"a\":1}' -Aagent -uu:p -b'c=d' http://{at}",
    "curl -s http://{at} -F 'f=@text.txt,binary;type=a/b' -F 'g=@\"text.txt\";filename=\"\"' -F 'h=x;filename=y.png'",
    "curl -s http://{at} -F 'f=x;headers=\"X-H: 1\"' -F 'g=@text.txt;headers=@lines;headers=\"Content-Type: q/r\"' -F 'h=@binary;encoder=base64'",
    "curl -s http://{at} --form-escape -F 'a\"b=c' -H 'Content-Type: multipart/mixed'",
    "curl -s http://{at} -F a=b -H 'Content-Type:'",
    "curl -s http://{at} -F 'f=@-' < text.txt",
    "curl -s http://{at}/up/ -T '{text.txt,binary}'",
    "curl -s http://{at}/up -T . < text.txt",
    "curl -s http://{at} -z 'Tue, 01 Jan 2019 00:00:00 GMT' -H 'X: 1' -b a=b -e r",
    "curl -s http://{at} -z '-Tue, 01 Jan 2019 00:00:00 +0100'",
    "curl -s http://{at} -C 100",
    "curl -s http://{at} -C 4 -T text.txt",
    "printf 'url = \"http://{at}/c?x=\\\"y\"\nheader: X-A:1\n-d a=b\nsilent\n' | curl -K -",
    "curl -K options",
    "cat <<'END' | curl -s http://{at} --data-binary @- -H 'X: 1'\n{\"a\": \"it's\"}\nEND\n",
    "echo '{\"a\": 1}' | curl -s http://{at} --json @-",
    "printf '%s\\n' a 'b c' | curl -s http://{at} --data-binary @- | cat",
    "cat text.txt | curl -s http://{at} -T -",
    "curl -s http://{at} -d \"$(cat <<'END'\n{\"a\": \"it's )\"}\nEND\n)\" -H 'X: 1'",
    "AT={at}; ID='a b'\nexport BODY=\"{\\\"id\\\": \\\"$ID\\\"}\"\ncurl -s http://$AT/x -d \"$BODY\" -H \"X: ${ID}\"",
    "answer=$(curl -s http://{at}/login -d a=b)\n{ curl -s http://{at}/group; }\nif ! curl -s http://{at}/if; then echo; fi\n",
    "curl -s http://{at}/{a,b}?x={1..2} -d {\"c\":1,http://{at}/d}",
    "HOME=/home/me; curl -s http://{at} -d file=~/x:~ -d @text.txt -H X:~ -H {'X-A: 1',-HX-B:2}",
    "for once in 1; do /usr/bin/env curl -s http://{at}/loop; done",
];

/// Words as a shell takes them apart, some of them by no means evident.
const WORDS: &[&str] = &[
    r#"{"a":1,"b":2} {"a":1} '{"a":1,"b":2}' {"a":[1,2],"b":{"c":1}} {\"a\":1,\"b\":2} {"a,b",c} "{a,b}""#,
    "{a,b}x{c,d} a{b,{c,d}} a{,}b {} {a} {a,b {a,b}{ {a,b}} {{a,b} {{a},b} {a,b,{}} {,} x{,y} {a,}",
    "a{1..3}b {3..1} {01..3} {1..10..3} {a..e} {a..e..2} {1..} {1..2..} {1...3} {A..c} {-1..1} {-01..1} {1..a}",
    "{+1..3} {1..+3} {a..c..} {0..10..5} {-5..05..5} {10..1..-4} {z..a..9} {1..3..0} {1..2}..{3..4} {é,ü}x {é..ü}",
    r"\{a,b} {a\,b} {'a,b',c} {a,'b c'} {\a,b} {\{,b} {a,\}} {a,b\,c} \{{a,b} {a,b}\} {1..\3} {'1'..3} {a,'',b}",
    "{$(echo a,b),c} {<(x,y),c} {`x,y`,c} ${HOME}{a,b} $'a\\'b{x,y}' {$'a\\'b',c} {\"a,b\"..c} {a..b,c} {{1..2},x} {{}},{a,b}}",
    "{a,{b} {a,b{c} a{b}c{d,e} {\"{\",b} {'}',b} {},{a,b} {a{,b} {a}{b,c} h/{a,b}?x={1,2} X={a,b} {{a,b},{c,{d,e}}}",
    "/~ a=b=~ 'a'=~ a=\"~\" a=~\"x\" ~\"x\" @~/x -da=~ --x=~/x a:~ a=\\~ ~\\x 1a=~ b-c=~ {a,b}=~ a={~:b,c} ~$'x' a=b\\:~",
];

#[test]
fn words_with_braces_and_tildes_are_those_that_bash_makes() {
    for words in WORDS {
        // what bash would run says itself, as it is kept here
        let text = format!("printf '%s\\0' {words}");
        let stand_in = words.replace("$(echo a,b)", "'$(echo a,b)'").replace("`x,y`", "'`x,y`'");
        let stand_in = stand_in.replace("<(x,y)", "'<(x,y)'").replace("${HOME}", "'${HOME}'");
        let output =
            Command::new("bash").args(["-c", &format!("printf '%s\\0' {stand_in}")]).output().unwrap();
        assert!(output.status.success(), "{text}");
        let made: Vec<String> =
            String::from_utf8(output.stdout).unwrap().split_terminator('\0').map(str::to_owned).collect();
        let script = curl::shell::split(&text).unwrap();
        let read: Vec<String> = script.commands[0].words[2..].iter().map(|word| word.text()).collect();
        assert_eq!(read, made, "{text}");
    }
}

#[test]
fn each_tilde_that_bash_would_replace_is_noted_and_the_home_that_the_text_sets_is_put_in() {
    for (text, kept) in [
        ("curl ~/x", vec!["~"]),
        ("curl h -d a=~/x -d a=b:~/y:~z", vec!["~", "~", "~z"]),
        ("curl h -d {~,a}/x", vec!["~"]),
        ("curl h -d @~/x -d '~' -d \"~\" -d \\~ -d a:~ -d a=b=~ -d ~\"x\"", vec![]),
        ("HOME=/h; curl h/ -d a=~/x", vec![]),
        ("B=~/b; curl h -d \"$B\"", vec!["~", "$B"]),
    ] {
        let script = curl::shell::split(text).unwrap();
        let noted: Vec<&str> = script
            .notes
            .iter()
            .filter_map(|note| match &note.fact {
                CurlFact::NotExpanded(letters) => Some(letters.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(noted, kept, "{text}");
    }
    let script = curl::shell::split("HOME=/h; curl h/ -d a=~/x").unwrap();
    assert_eq!(script.commands[1].words[3].bytes, b"a=/h/x");
}

fn folder(authority: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    file("options", format!("# mine\nurl = http://{authority}/k\nuser-agent \"a b\"\nsilent").as_bytes());
    file("text.txt", b"one\r\ntwo\n");
    file("binary", b"a\r\n\0b\xff");
    file("empty", b"");
    file("lines", b"X-L: 1\r\nX-M: two\n");
    file("large", "x\u{fc}".repeat(80_000).as_bytes());
    file("huge", &b"0123456789abcdef".repeat(70_000));
    folder
}

/// Runs a text in bash, with no settings of the user's.
fn run(text: &str, folder: &Path) {
    let script = folder.join("script.sh");
    fs::write(&script, text).unwrap();
    let output = Command::new("bash")
        .arg(&script)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// Makes alike what curl's version, build and chance decide: its agent, its codings, its boundaries.
fn normal(request: &[u8]) -> String {
    let text = request.iter().map(|byte| char::from(*byte)).collect::<String>();
    let mut lines: Vec<String> = Vec::new();
    for line in text.split("\r\n") {
        let line = match line {
            _ if line.starts_with("User-Agent: curl/") => "User-Agent: curl/…".to_owned(),
            _ if line.starts_with("Accept-Encoding: deflate") => "Accept-Encoding: …".to_owned(),
            _ => match line.find("------------------------") {
                Some(at) => {
                    let rest = line[at..].trim_start_matches('-').trim_start_matches(char::is_alphanumeric);
                    format!("{}…{rest}", &line[..at])
                }
                None => line.to_owned(),
            },
        };
        lines.push(line);
    }
    lines.join("\r\n")
}

#[test]
fn what_is_read_from_a_command_is_what_curl_sends_and_the_written_command_sends_it_again() {
    let server = ByteServer::listen();
    let folder = folder(&server.authority());
    for command in COMMANDS {
        let text = command.replace("{at}", &server.authority());
        run(&text, folder.path());
        let sent: Vec<String> = server.taken().iter().map(|request| normal(request)).collect();
        assert!(!sent.is_empty(), "{text}");

        let read = curl::parse(&text, &Folder(folder.path())).unwrap();
        let rebuilt: Vec<String> =
            read.requests.iter().map(|curl| normal(&message::request(&curl.request))).collect();
        assert_eq!(rebuilt, sent, "read from: {text}");

        for (request, sent) in read.requests.into_iter().zip(sent) {
            let exchange = request.into_exchange(ExchangeId::new(1).unwrap(), "run", Timestamp(0));
            let written = curl::write::command(&exchange).unwrap();
            run(&written, folder.path());
            let again: Vec<String> = server.taken().iter().map(|request| normal(request)).collect();
            assert_eq!(again, [sent], "written for: {text}\n{}", &written[..written.len().min(2000)]);
        }
    }
}
