//! curl's options as data: which there are, which take a value, and what they mean for the request.
//!
//! Names and short forms: `curl --help all` of 7.88, and the manual page of 8.x for what came later.

/// What an option means for the bytes that are sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum OptionEffect {
    /// `-X`
    Method,
    /// `-H`
    Header,
    /// `-d` and related options.
    Data(DataForm),
    /// `--json`
    Json,
    /// `-F`
    Form,
    /// `--form-string`
    FormString,
    /// `-u`
    User,
    /// `--oauth2-bearer`
    Bearer,
    /// `-b`
    Cookie,
    /// `-A`
    Agent,
    /// `-e`
    Referer,
    /// `-G`
    Get,
    /// `-I`
    Head,
    /// `-T`
    Upload,
    /// `-r`
    Range,
    /// `--url`
    Url,
    /// `--url-query`
    UrlQuery,
    /// `--request-target`
    Target,
    /// `--path-as-is`
    PathAsIs,
    /// `-g`
    GlobOff,
    /// `--compressed`
    Compressed,
    /// `--tr-encoding`
    TransferCoding,
    /// `-0`
    Http10,
    /// `--proto-default`
    DefaultScheme,
    /// `--next`
    Next,
    /// `--basic`: what `-u` does anyway.
    Basic,
    /// `--digest` and others that answer a challenge or sign: what they send with the first request is not
    /// known.
    Challenge(&'static str),
    /// `-K`
    Config,
    /// `-z`
    Since,
    /// `-C`
    Resume,
    /// `--form-escape`
    FormEscape,
    /// Not taken over, and the user has to know, because the request or its destination would differ.
    LeftOut(&'static str),
    /// The request's bytes are the same without it.
    Silent,
}

/// The forms of `--data`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum DataForm {
    /// `@` names a file, of which line ends and NUL are dropped.
    Text,
    /// `@` names a file, taken as it is.
    Binary,
    /// `@` is an ordinary character.
    Raw,
    /// The content is encoded for a form.
    UrlEncoded,
}

/// One option.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CurlOption {
    /// Without the dashes.
    pub(crate) long: &'static str,
    /// The letter, where there is one.
    pub(crate) short: Option<char>,
    /// It takes the next word.
    pub(crate) takes_value: bool,
    /// What it means.
    pub(crate) effect: OptionEffect,
}

const fn value(long: &'static str, short: char, effect: OptionEffect) -> CurlOption {
    let short = if short == ' ' { None } else { Some(short) };
    CurlOption { long, short, takes_value: true, effect }
}

const fn flag(long: &'static str, short: char, effect: OptionEffect) -> CurlOption {
    let short = if short == ' ' { None } else { Some(short) };
    CurlOption { long, short, takes_value: false, effect }
}

/// Why credentials are left out.
const AFTER_REFUSAL: &str = "curl sends these credentials only after a 401";

/// The options that shape the request.
const SHAPING: &[CurlOption] = &[
    value("request", 'X', OptionEffect::Method),
    value("header", 'H', OptionEffect::Header),
    value("data", 'd', OptionEffect::Data(DataForm::Text)),
    value("data-ascii", ' ', OptionEffect::Data(DataForm::Text)),
    value("data-binary", ' ', OptionEffect::Data(DataForm::Binary)),
    value("data-raw", ' ', OptionEffect::Data(DataForm::Raw)),
    value("data-urlencode", ' ', OptionEffect::Data(DataForm::UrlEncoded)),
    value("json", ' ', OptionEffect::Json),
    value("form", 'F', OptionEffect::Form),
    value("form-string", ' ', OptionEffect::FormString),
    value("user", 'u', OptionEffect::User),
    value("oauth2-bearer", ' ', OptionEffect::Bearer),
    value("cookie", 'b', OptionEffect::Cookie),
    value("user-agent", 'A', OptionEffect::Agent),
    value("referer", 'e', OptionEffect::Referer),
    flag("get", 'G', OptionEffect::Get),
    flag("head", 'I', OptionEffect::Head),
    value("upload-file", 'T', OptionEffect::Upload),
    value("range", 'r', OptionEffect::Range),
    value("url", ' ', OptionEffect::Url),
    value("url-query", ' ', OptionEffect::UrlQuery),
    value("request-target", ' ', OptionEffect::Target),
    flag("path-as-is", ' ', OptionEffect::PathAsIs),
    flag("globoff", 'g', OptionEffect::GlobOff),
    flag("compressed", ' ', OptionEffect::Compressed),
    flag("tr-encoding", ' ', OptionEffect::TransferCoding),
    flag("http1.0", '0', OptionEffect::Http10),
    value("proto-default", ' ', OptionEffect::DefaultScheme),
    flag("next", ':', OptionEffect::Next),
    flag("basic", ' ', OptionEffect::Basic),
    flag("digest", ' ', OptionEffect::Challenge(AFTER_REFUSAL)),
    flag("ntlm", ' ', OptionEffect::Challenge(AFTER_REFUSAL)),
    flag("ntlm-wb", ' ', OptionEffect::Challenge(AFTER_REFUSAL)),
    flag("negotiate", ' ', OptionEffect::Challenge(AFTER_REFUSAL)),
    flag("anyauth", ' ', OptionEffect::Challenge(AFTER_REFUSAL)),
    value("aws-sigv4", ' ', OptionEffect::Challenge("the signature depends on the time of sending")),
    value("config", 'K', OptionEffect::Config),
    flag("netrc", 'n', OptionEffect::LeftOut("credentials from ~/.netrc are not read")),
    value("netrc-file", ' ', OptionEffect::LeftOut("credentials from a netrc file are not read")),
    flag("netrc-optional", ' ', OptionEffect::LeftOut("credentials from ~/.netrc are not read")),
    value("time-cond", 'z', OptionEffect::Since),
    value("etag-compare", ' ', OptionEffect::LeftOut("the file with the ETag is not read")),
    value("continue-at", 'C', OptionEffect::Resume),
    flag("http2", ' ', OptionEffect::LeftOut("the request is read as HTTP/1.1")),
    flag("http2-prior-knowledge", ' ', OptionEffect::LeftOut("the request is read as HTTP/1.1")),
    flag("http3", ' ', OptionEffect::LeftOut("the request is read as HTTP/1.1")),
    flag("http3-only", ' ', OptionEffect::LeftOut("the request is read as HTTP/1.1")),
    value("proxy", 'x', OptionEffect::LeftOut("the request is read as sent without a proxy")),
    value("preproxy", ' ', OptionEffect::LeftOut("the request is read as sent without a proxy")),
    value("proxy1.0", ' ', OptionEffect::LeftOut("the request is read as sent without a proxy")),
    value("socks4", ' ', OptionEffect::LeftOut("the request is read as sent without a proxy")),
    value("socks4a", ' ', OptionEffect::LeftOut("the request is read as sent without a proxy")),
    value("socks5", ' ', OptionEffect::LeftOut("the request is read as sent without a proxy")),
    value("socks5-hostname", ' ', OptionEffect::LeftOut("the request is read as sent without a proxy")),
    flag("use-ascii", 'B', OptionEffect::LeftOut("the conversion of line ends is not taken over")),
    flag("crlf", ' ', OptionEffect::LeftOut("the conversion of line ends is not taken over")),
    flag("form-escape", ' ', OptionEffect::FormEscape),
    flag(
        "haproxy-protocol",
        ' ',
        OptionEffect::LeftOut("the line in front of the request is not taken over"),
    ),
    value(
        "haproxy-clientip",
        ' ',
        OptionEffect::LeftOut("the line in front of the request is not taken over"),
    ),
    value("variable", ' ', OptionEffect::LeftOut("variables are not set or expanded")),
];

/// Options without a value that leave the request as it is.
const SILENT_FLAGS: &str = "\
    append ca-native cert-status compressed-ssh create-dirs disable disable-eprt disable-epsv \
    disallow-username-in-url doh-cert-status doh-insecure dump-ca-embed fail fail-early fail-with-body \
    false-start follow ftp-create-dirs ftp-pasv ftp-pret ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-control help \
    http0.9 http1.1 ignore-content-length include insecure ipv4 ipv6 junk-session-cookies list-only location \
    location-trusted mail-rcpt-allowfails manual metalink mptcp alpn buffer clobber keepalive npn \
    progress-meter sessionid out-null parallel parallel-immediate post301 post302 post303 progress-bar \
    proxy-anyauth proxy-basic proxy-ca-native proxy-digest proxy-http2 proxy-insecure proxy-negotiate \
    proxy-ntlm proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tlsv1 proxytunnel raw \
    remote-header-name remote-name remote-name-all remote-time remove-on-error retry-all-errors \
    retry-connrefused sasl-ir show-error show-headers silent skip-existing socks5-basic socks5-gssapi \
    socks5-gssapi-nec ssl ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-reqd ssl-revoke-best-effort \
    sslv2 sslv3 styled-output suppress-connect-headers tcp-fastopen tcp-nodelay tftp-no-options \
    tls-earlydata tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 trace-ids trace-time verbose version xattr";

/// Options with a value that leave the request as it is.
const SILENT_VALUES: &str = "\
    abstract-unix-socket alt-svc cacert capath cert cert-type ciphers connect-timeout connect-to cookie-jar \
    create-file-mode crlfile curves delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url \
    dump-header ech egd-file engine etag-save expect100-timeout ftp-account ftp-alternative-to-user \
    ftp-method ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms hostpubmd5 hostpubsha256 hsts interface \
    ip-tos ipfs-gateway keepalive-cnt keepalive-time key key-type knownhosts krb libcurl limit-rate \
    local-port login-options mail-auth mail-from mail-rcpt max-filesize max-redirs max-time noproxy output \
    output-dir parallel-max parallel-max-host pass pinnedpubkey proto proto-redir proxy-cacert proxy-capath \
    proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass \
    proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword \
    proxy-tlsuser proxy-user pubkey quote random-file rate resolve retry retry-delay retry-max-time \
    sasl-authzid service-name sigalgs socks5-gssapi-service speed-limit speed-time stderr telnet-option \
    tftp-blksize tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config \
    unix-socket upload-flags vlan-priority write-out";

/// The letters of the silent options.
const SILENT_LETTERS: &str = "\
    #=progress-bar 1=tlsv1 2=sslv2 3=sslv3 4=ipv4 6=ipv6 a=append c=cookie-jar D=dump-header E=cert f=fail \
    h=help i=include j=junk-session-cookies J=remote-header-name k=insecure l=list-only L=location \
    m=max-time M=manual N=buffer o=output O=remote-name p=proxytunnel P=ftp-port q=disable Q=quote \
    R=remote-time s=silent S=show-error t=telnet-option U=proxy-user v=verbose V=version w=write-out \
    y=speed-time Y=speed-limit Z=parallel";

/// Returns the option with this letter.
pub(crate) fn by_letter(letter: char) -> Option<CurlOption> {
    let shaping = SHAPING.iter().copied().find(|option| option.short == Some(letter));
    shaping.or_else(|| {
        let (_, long) = silent_letters().find(|(own, _)| *own == letter)?;
        silent(long)
    })
}

/// Returns the option with this long name, which may be cut as long as it stays unique (`--sil`).
pub(crate) fn by_name(name: &str) -> Option<CurlOption> {
    let exact = SHAPING.iter().copied().find(|option| option.long == name).or_else(|| silent(name));
    exact.or_else(|| {
        let mut fitting = names().filter(|long| !name.is_empty() && long.starts_with(name));
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => by_name(only),
            _ => None,
        }
    })
}

fn names() -> impl Iterator<Item = &'static str> {
    let silent = SILENT_FLAGS.split(' ').chain(SILENT_VALUES.split(' '));
    SHAPING.iter().map(|option| option.long).chain(silent)
}

fn silent_letters() -> impl Iterator<Item = (char, &'static str)> {
    SILENT_LETTERS.split(' ').filter_map(|pair| {
        let (letter, long) = pair.split_once('=')?;
        Some((letter.chars().next()?, long))
    })
}

fn silent(long: &str) -> Option<CurlOption> {
    let of = |list: &'static str, takes_value| {
        let long = list.split(' ').find(|own| *own == long)?;
        Some(CurlOption { long, short: None, takes_value, effect: OptionEffect::Silent })
    };
    of(SILENT_FLAGS, false).or_else(|| of(SILENT_VALUES, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_and_no_letter_is_listed_twice() {
        let names: Vec<&str> = names().collect();
        let mut letters: Vec<char> = SHAPING.iter().filter_map(|option| option.short).collect();
        letters.extend(silent_letters().map(|(letter, _)| letter));
        let (mut unique_names, mut unique_letters) = (names.clone(), letters.clone());
        unique_names.sort_unstable();
        unique_names.dedup();
        unique_letters.sort_unstable();
        unique_letters.dedup();
        assert_eq!((unique_names.len(), unique_letters.len()), (names.len(), letters.len()));
    }

    #[test]
    fn every_letter_leads_to_an_option() {
        for (letter, _) in silent_letters() {
            assert!(by_letter(letter).is_some(), "{letter}");
        }
    }

    #[test]
    fn a_long_name_may_be_cut_while_it_is_unique() {
        assert_eq!(by_name("sil").unwrap().long, "silent");
        assert!(by_name("proxy-").is_none());
        assert_eq!(by_name("data").unwrap().effect, OptionEffect::Data(DataForm::Text));
    }
}
